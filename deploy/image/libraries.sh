#!/bin/sh
# Leaves away, in the folder of installed libraries it is started in, what the services never read:
# pip, sources of compiled code, tests, where telephone numbers lie on a map, and languages that
# deploy/image/languages.txt does not name.
set -eu
languages=$1

find . \( -name tests -o -name __pycache__ \) -type d -prune -exec rm -rf {} +
find . \( -name '*.pyi' -o -name '*.p[xy][dx]' -o -name '*.[ach]' -o -name '*.po' \) -type f -delete
rm -rf ../../../bin/pip* pip pip-* setuptools setuptools-* pkg_resources _distutils_hack distutils-precedence.pth \
  numpy/_core/include numpy/distutils numpy/f2py \
  phonenumbers/geodata phonenumbers/carrierdata phonenumbers/tzdata

cd babel/locale-data
for file in *.dat; do
  grep -qwF "${file%.dat}" "$languages" || rm "$file"
done
