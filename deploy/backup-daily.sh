#!/bin/sh
# backup-daily.sh FOLDER [KEEP]: a base backup a day, for ever. One that failed is tried again after
# ten minutes; meanwhile backup-check.sh says that the last one grows old.
set -eu
folder=${1:?usage: backup-daily.sh FOLDER [KEEP]}
here=$(dirname "$0")
trap 'exit 0' INT TERM
while :; do
  newest=$(ls "$folder/base" 2> /dev/null | sort | tail -n 1)
  due=$(date -u -d "24 hours ago" +%Y-%m-%dT%H%M%SZ)
  expr "${newest:-0}" '>' "$due" > /dev/null || sh "$here/backup.sh" "$@" || true
  sleep 600 &
  wait $!
done
