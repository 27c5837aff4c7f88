#!/bin/sh
# Runs once, when PostgreSQL makes its cluster: the role of the services, which owns nothing.
set -eu
psql --quiet --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set=password="$(cat /run/secrets/application_password)" <<'SQL'
CREATE ROLE leadfly_app LOGIN PASSWORD :'password';
SQL
