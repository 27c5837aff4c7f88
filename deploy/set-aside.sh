#!/bin/sh
# set-aside.sh DATA ASIDE: move what is in DATA to ASIDE, which must be empty, before a restore.
set -eu
data=${1:?usage: set-aside.sh DATA ASIDE}
aside=${2:?usage: set-aside.sh DATA ASIDE}
fail() { echo "set-aside.sh: $*" >&2; exit 1; }
[ -z "$(ls -A "$aside" 2> /dev/null)" ] || fail "$aside is not empty: keep it elsewhere first"
cp -a "$data/." "$aside" && sync || fail "$data cannot be copied; it is as it was"
find "$data" -mindepth 1 -delete
echo "what was in $data is in $aside"
