#!/bin/sh
# restore.sh FOLDER DATA [UNTIL]: make DATA, which must be empty, the database as it was at UNTIL
# (any time that `date -d` reads, UTC unless it says otherwise), or at the end of the log.
#
# Nothing in FOLDER is changed. Backup and log are checked first; where the log has a gap, or is
# damaged, it says where and stops. ACCEPT_LOSS=yes restores up to there. Start PostgreSQL on DATA
# afterwards, as the user who runs this; docs/deploy.md says what comes next.
set -eu
folder=$(cd "${1:?usage: restore.sh FOLDER DATA [UNTIL]}" && pwd)
data=${2:?usage: restore.sh FOLDER DATA [UNTIL]}
until=${3:-}
fail() { echo "restore.sh: $*" >&2; exit 1; }
umask 077
# PostgreSQL hands its path to a shell.
case $folder in *[!A-Za-z0-9/._-]*) fail "$folder: only letters, digits, / . _ and - in its path" ;; esac
[ -z "$(ls -A "$data" 2> /dev/null)" ] || fail "$data is not empty: move it aside first"
moment() { TZ=UTC0 date -d "$1" "+$2" 2> /dev/null; }

# The newest base backup that was complete by then. After a year the ledger of erasures forgets.
limit=9
[ -z "$until" ] || limit=$(moment "$until" %Y-%m-%dT%H%M%SZ) || fail "$until is no time"
name=$(ls "$folder/base" 2> /dev/null | sort | awk -v limit="$limit" '$0 "" <= limit ""' | tail -n 1)
[ -n "$name" ] || fail "there is no base backup${until:+ from before $until} in $folder"
expr "$name" '>' "$(moment '365 days ago' %Y-%m-%dT%H%M%SZ)" > /dev/null ||
  fail "base/$name is more than a year old: who was erased since is no longer known"
base=$folder/base/$name
pg_verifybackup --quiet "$base" || fail "base/$name is damaged; move it away to use an older one"

# The log has to go on, segment by segment, from where the backup begins.
first=$(sed -n 's/^START WAL LOCATION: .* (file \([0-9A-F]*\))$/\1/p' "$base/backup_label")
begin=$(sed -n 's/^START WAL LOCATION: \([0-9A-F/]*\) .*/\1/p' "$base/backup_label")
timeline=$(echo "$first" | cut -c 1-8)
log=$folder/wal/$timeline
size=$(wc -c < "$base/pg_wal/$first")
[ -d "$log" ] || fail "there is no log in $log: only what base/$name holds itself could be restored"
look=$(mktemp -d)
trap 'rm -rf "$look"' EXIT
trap 'exit 1' HUP INT TERM
problem=''
want=$first
for file in $(ls "$log" | grep -E '^[0-9A-F]{24}(\.partial)?$' | awk -v first="$first" '$0 "" >= first ""'); do
  segment=${file%.partial}
  [ ! -e "$look/$segment" ] || continue # whole, and in part beside it
  if [ "$segment" != "$want" ]; then
    problem="the log has a gap: $want is missing in $log"
    break
  fi
  if [ "$(wc -c < "$log/$file")" -ne "$size" ]; then
    problem="$log/$file is cut off"
    break
  fi
  ln -s "$log/$file" "$look/$segment"
  last=$segment
  # The next name: two halves of 8 digits, the lower one counting segments of 4 GB.
  high=$(echo "$segment" | cut -c 9-16)
  low=$((0x$(echo "$segment" | cut -c 17-24) + 1))
  if [ "$low" -ge $((0x100000000 / size)) ]; then low=0 high=$(printf '%08X' $((0x$high + 1))); fi
  want=$(printf '%s%s%08X' "$timeline" "$high" "$low")
done
[ -n "${last:-}" ] || fail "${problem:-the log in $log ends before base/$name begins}"

# Every record is read, and its checksum compared. A sound log ends in its last segment.
pg_waldump --path="$look" --timeline=$((0x$timeline)) --start="$begin" --rmgr=Transaction \
  > "$look/commits" 2> "$look/end" || true
where=$(tail -n 1 "$look/end")
broken=$(echo "$where" | grep -oE 'segment [0-9A-F]{24}' | cut -d ' ' -f 2)
at=$(echo "$where" | grep -oE '[0-9A-F]+/[0-9A-F]+' | tail -n 1)
case $where in
  *'could not find file'* | '') broken=$last ;; # to the end of a whole segment
  *'error in WAL record'*)
    offset=$((0x${at#*/}))
    : "${broken:=$(printf '%s%08X%08X' "$timeline" $((0x${at%/*})) $((offset / size)))}"
    if [ "$broken" != "$last" ]; then
      problem="$log/$broken is damaged"
    elif [ "$((offset / size))" -eq "$((0x$(echo "$last" | cut -c 17-24)))" ]; then
      # After the end there is nothing, or a part of one record. More than that was written once.
      offset=$((offset % size))
      length=$(od -An -tu4 -j "$offset" -N 4 "$look/$last" | tr -d ' ')
      pages=$(((offset + length) / 8192 - offset / 8192)) # each with a header in between
      after=$((offset + length + 24 * pages + 9))
      [ "$after" -ge "$size" ] || [ "$(tail -c "+$after" "$look/$last" | tr -d '\0' | wc -c)" -eq 0 ] ||
        problem="$log/$broken is damaged at $at"
    fi
    ;;
  *) fail "the log cannot be read: $where" ;;
esac
committed=$(sed -n 's/.*COMMIT \([0-9-]* [0-9:.]*\) .*/\1/p' "$look/commits" | tail -n 1)
if [ -n "$problem" ]; then
  [ "${ACCEPT_LOSS:-}" = yes ] || fail "$problem. What was committed after" \
    "${committed:-base/$name} cannot be restored. ACCEPT_LOSS=yes restores what came before"
  echo "restore.sh: $problem" >&2
fi
if [ -n "$until" ]; then
  target=$(moment "$until" '%Y-%m-%d %H:%M:%S.%6N')
  expr "$target" '<' "${committed:-0}" > /dev/null || fail "the log ends before $until" \
    "(its last commit was at ${committed:-none} UTC): leave the time out to restore all of it"
fi

mkdir -p "$data" && cp -R "$base/." "$data" || fail "the backup cannot be copied to $data"
chmod 700 "$data"
# What an earlier restore was asked for came along with the backup.
sed -i '/^restore_command\|^recovery_target/d' "$data/postgresql.auto.conf"
{
  echo "restore_command = 'for f in \"$folder\"/wal/*/%f \"$folder\"/wal/$timeline/%f.partial; do [ ! -f \"\$f\" ] || exec cp \"\$f\" \"%p\"; done; exit 1'"
  echo "recovery_target_timeline = 'current'"
  echo "recovery_target_action = 'promote'"
  [ -z "$until" ] || echo "recovery_target_time = '$target+00'"
} >> "$data/postgresql.auto.conf"
touch "$data/recovery.signal"
sync
echo "$data is base/$name with the log up to ${until:-its end}; the last commit there is at ${committed:-none} UTC"
echo "start PostgreSQL on it, then: leadfly migrate; leadfly reapply-erasures; backup.sh"
