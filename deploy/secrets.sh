#!/bin/sh
# Writes the secrets that docker-compose.yml reads; what is there already stays as it is.
set -eu
umask 077
mkdir -p secrets
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
keep() { [ -s "secrets/$1" ] || printf '%s' "$2" > "secrets/$1"; }

keep postgres_password "$(random)"
keep application_password "$(random)"
keep worker_password "$(random)"
keep eraser_password "$(random)"
keep backup_password "$(random)"
keep leadfly_secret_key "$(random)"
keep n8n_encryption_key "$(random)"
keep migrations_database_url \
  "postgresql://leadfly:$(cat secrets/postgres_password)@postgres/leadfly"
keep database_url \
  "postgresql://leadfly_app:$(cat secrets/application_password)@postgres/leadfly"
keep worker_database_url \
  "postgresql://leadfly_worker:$(cat secrets/worker_password)@postgres/leadfly"
keep eraser_database_url \
  "postgresql://leadfly_eraser:$(cat secrets/eraser_password)@postgres/leadfly"
# Containers read them under other user ids than yours; the folder stays yours alone.
chmod 0444 secrets/*
echo "secrets/ is ready; back up secrets/leadfly_secret_key apart from the database"
