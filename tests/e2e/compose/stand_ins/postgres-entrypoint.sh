#!/bin/sh
# As much of the official image's entry point as docker-compose.yml relies on: a cluster is made in
# an empty folder, with the password from a file, and the scripts for it are run once.
set -eu

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  chown postgres:postgres "$PGDATA" /var/run/postgresql
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi
chmod 0700 "$PGDATA" 2>/dev/null || true

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  [ -s "${POSTGRES_PASSWORD_FILE:-}" ] || {
    echo "Error: Database is uninitialized and superuser password is not specified." >&2
    exit 1
  }
  # shellcheck disable=SC2086
  initdb --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" ${POSTGRES_INITDB_ARGS:-}
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
  PGUSER=$POSTGRES_USER pg_ctl -w -o "-c listen_addresses=''" start
  [ "$POSTGRES_DB" = postgres ] ||
    psql --quiet --no-psqlrc --username="$POSTGRES_USER" --dbname=postgres \
      --set=db="$POSTGRES_DB" --command='SELECT 1' >/dev/null &&
    createdb --username="$POSTGRES_USER" "$POSTGRES_DB"
  for script in /docker-entrypoint-initdb.d/*.sh; do [ ! -x "$script" ] || "$script"; done
  pg_ctl -m fast -w stop
fi
exec "$@" -c listen_addresses='*'
