#!/bin/sh
# wal.sh FOLDER: keep the write-ahead log of a running PostgreSQL in FOLDER/wal, as it is written.
#
# It ends when the connection does, or the disk is full, and is to be started again then (Compose:
# restart, systemd: Restart=always). Until it is back the server keeps the log itself, by a
# replication slot. Where the server names it in synchronous_standby_names, a commit waits until
# it is on this disk, too. The server is named by libpq's variables (PGHOST, PGUSER, PGPASSFILE …)
# or PGPASSWORD_FILE.
set -eu
folder=${1:?usage: wal.sh FOLDER}
slot=leadfly_wal
fail() { echo "wal.sh: $*" >&2; exit 1; }
if [ -n "${PGPASSWORD_FILE:-}" ]; then
  PGPASSWORD=$(cat "$PGPASSWORD_FILE") && export PGPASSWORD
fi
umask 077

[ "$(psql -XAtq -d postgres -c 'SELECT pg_is_in_recovery()')" = f ] ||
  fail "the server is being restored, and has no log of its own yet"
identity=$(psql -XAtq -F ' ' -d "dbname=postgres replication=true" -c IDENTIFY_SYSTEM) ||
  fail "the server cannot be asked who it is"
system=${identity%% *}
rest=${identity#* }
timeline=$(printf '%08X' "${rest%% *}")

# Each life of a database has a log of its own: a restore begins a new timeline.
log=$folder/wal/$timeline
mkdir -p "$log" || fail "$log cannot be made"
[ -s "$folder/system" ] || echo "$system" > "$folder/system" || fail "$folder cannot be written"
[ "$(cat "$folder/system")" = "$system" ] ||
  fail "$folder holds backups of another database; give this one a folder of its own"

pg_receivewal --no-password --slot="$slot" --create-slot --if-not-exists ||
  fail "the replication slot $slot cannot be made"
PGAPPNAME=$slot exec pg_receivewal --no-password --directory="$log" --slot="$slot" \
  --synchronous --status-interval=1 --no-loop
