#!/bin/sh
# Prints a small Debian as a tar archive: what `docker import` makes an image of. It asks the mirror
# that this machine's apt asks, and trusts whom this machine trusts.
set -eu
suite=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
debootstrap --variant=minbase --include=ca-certificates "$suite" "$folder/root" "${mirror%/}" >&2
[ ! -s /etc/ssl/certs/ca-certificates.crt ] ||
  cp /etc/ssl/certs/ca-certificates.crt "$folder/root/etc/ssl/certs/ca-certificates.crt"
apt-config dump | grep -E '^Acquire::(Check|https?::Proxy)' > "$folder/root/etc/apt/apt.conf.d/99-as-here" || true
cd "$folder/root"
rm -rf var/cache/apt/* var/lib/apt/lists/* var/log/* \
  usr/share/doc/* usr/share/man/* usr/share/info/* usr/share/locale/*
tar -c .
