#!/bin/sh
# Makes the login that backups are made with: it may copy the whole database, and changes nothing in
# it. Runs once, when PostgreSQL makes its cluster, and at any time again.
set -eu
psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set=password="$(cat /run/secrets/backup_password)" <<'SQL'
SELECT 'CREATE ROLE leadfly_backup'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'leadfly_backup') \gexec
ALTER ROLE leadfly_backup LOGIN REPLICATION PASSWORD :'password';
SQL
line="host replication leadfly_backup all scram-sha-256"
grep -qxF "$line" "$PGDATA/pg_hba.conf" || echo "$line" >> "$PGDATA/pg_hba.conf"
psql --quiet --no-psqlrc --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --command='SELECT pg_reload_conf()' > /dev/null
