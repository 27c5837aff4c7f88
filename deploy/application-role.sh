#!/bin/sh
# Runs once, when PostgreSQL makes its cluster: a login for each role that a process works as. None
# owns anything or is a member of another; migrations/0010_roles.sql says what each may do.
set -eu
psql --quiet --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set=application="$(cat /run/secrets/application_password)" \
  --set=worker="$(cat /run/secrets/worker_password)" \
  --set=eraser="$(cat /run/secrets/eraser_password)" <<'SQL'
CREATE ROLE leadfly_app LOGIN PASSWORD :'application';
CREATE ROLE leadfly_worker LOGIN PASSWORD :'worker';
CREATE ROLE leadfly_eraser LOGIN PASSWORD :'eraser';
SQL
