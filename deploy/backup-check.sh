#!/bin/sh
# backup-check.sh FOLDER [HOURS]: returns 1 and says why unless the newest base backup is younger
# than HOURS (26) and wal.sh keeps the log. For a monitor, and the container's health.
set -eu
folder=${1:?usage: backup-check.sh FOLDER [HOURS]}
hours=${2:-26}
fail() { echo "backup-check.sh: $*" >&2; exit 1; }
if [ -n "${PGPASSWORD_FILE:-}" ]; then
  PGPASSWORD=$(cat "$PGPASSWORD_FILE") && export PGPASSWORD
fi
newest=$(ls "$folder/base" 2> /dev/null | sort | tail -n 1)
[ -n "$newest" ] || fail "there is no base backup in $folder"
oldest_allowed=$(date -u -d "$hours hours ago" +%Y-%m-%dT%H%M%SZ)
expr "$newest" '>' "$oldest_allowed" > /dev/null ||
  fail "the newest base backup, $newest, is older than $hours hours"
state=$(psql -XAtq -d postgres -c "
  SELECT CASE WHEN wal_status = 'lost' THEN 'the server has dropped log that was never kept'
              WHEN NOT active THEN 'wal.sh does not run' ELSE 'well' END
  FROM pg_replication_slots WHERE slot_name = 'leadfly_wal'") || fail "the server does not answer"
[ "$state" = well ] || fail "${state:-wal.sh has never run}"
echo "the newest base backup is $newest, and the log is kept"
