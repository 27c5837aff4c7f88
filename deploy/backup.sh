#!/bin/sh
# backup.sh FOLDER [KEEP]: a base backup into FOLDER/base, verified; the KEEP newest (7) stay, and
# the log that they need. With wal.sh's log a database is restored from it to any moment since.
#
# A folder of FOLDER/base is named by the moment it was complete, in UTC. Says what went wrong and
# returns 1 if there is no new backup, or none that the log continues.
set -eu
folder=${1:?usage: backup.sh FOLDER [KEEP]}
keep=${2:-7}
slot=leadfly_wal
wait_seconds=${WAIT_SECONDS:-60}
fail() { echo "backup.sh: $*" >&2; exit 1; }
case $keep in '' | 0* | *[!0-9]*) fail "KEEP must be a number from 1 on" ;; esac
if [ -n "${PGPASSWORD_FILE:-}" ]; then
  PGPASSWORD=$(cat "$PGPASSWORD_FILE") && export PGPASSWORD
fi
umask 077
ask() { psql -XAtq -d postgres -c "$1"; }

mkdir -p "$folder/base" || fail "$folder/base cannot be made"
system=$(ask "SELECT system_identifier FROM pg_control_system()") || fail "the server does not answer"
[ -s "$folder/system" ] || echo "$system" > "$folder/system" || fail "$folder cannot be written"
[ "$(cat "$folder/system")" = "$system" ] ||
  fail "$folder holds backups of another database; give this one a folder of its own"

# One at a time: the daily one, and one that somebody asks for.
exec 9> "$folder/.lock" && flock --wait 3600 9 || fail "another backup is under way"
# What an interrupted backup left.
rm -rf "$folder"/base/.new.*
new=$folder/base/.new.$$
trap 'rm -rf "$new"' EXIT
trap 'exit 1' HUP INT TERM
pg_basebackup --no-password --pgdata="$new" --format=plain --wal-method=stream --checkpoint=fast \
  --label=leadfly || fail "no backup was made; those that are there are as they were"
pg_verifybackup --quiet "$new" || fail "the backup is damaged and was not kept"
name=$(date -u +%Y-%m-%dT%H%M%SZ)
mv "$new" "$folder/base/$name" && sync "$folder/base" || fail "the backup cannot be put in its place"
trap - EXIT

# The oldest go, each out of sight first, so that half a backup is none.
ls "$folder/base" | sort -r | tail -n "+$((keep + 1))" | while read -r old; do
  mv "$folder/base/$old" "$folder/base/.new.$old"
  rm -rf "$folder/base/.new.$old"
done

# The log from before the oldest backup goes.
oldest=$folder/base/$(ls "$folder/base" | sort | head -n 1)
first=$(sed -n 's/^START WAL LOCATION: .* (file \([0-9A-F]*\))$/\1/p' "$oldest/backup_label")
timeline=$(echo "$first" | cut -c 1-8)
for log in "$folder"/wal/*; do
  if [ -d "$log" ] && expr "${log##*/}" '<' "$timeline" > /dev/null; then rm -rf "$log"; fi
done
[ ! -d "$folder/wal/$timeline" ] || pg_archivecleanup "$folder/wal/$timeline" "$first" ||
  fail "the old log cannot be deleted"

# A backup that no log continues loses what comes after it.
end=$(sed -n 's/.*"End-LSN": "\([0-9A-F/]*\)".*/\1/p' "$folder/base/$name/backup_manifest" | tail -n 1)
while :; do
  kept=$(ask "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '$slot'
              AND active AND restart_lsn >= '$end'") || fail "the server does not answer"
  [ "$kept" = 0 ] || break
  wait_seconds=$((wait_seconds - 1))
  [ "$wait_seconds" -gt 0 ] || fail "base/$name was made, but wal.sh does not keep the log after it"
  sleep 1
done
echo "base/$name is complete, and the log continues it"
