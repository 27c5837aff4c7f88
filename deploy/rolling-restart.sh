#!/bin/sh
# Puts new containers in the place of the old ones, one after another, while the others work on:
#   docker compose build && deploy/rolling-restart.sh [SERVICE …]     (all: web stream worker)
# A new one is well before an old one is asked to stop, which ends what it has begun. The database
# is brought up to the new version first; the old one must be able to work with it.
# COMPOSE is the command to use, `docker compose` unless set; so is DOCKER.
set -eu
compose() { ${COMPOSE:-docker compose} "$@"; }
docker() { command ${DOCKER:-docker} "$@"; }

[ $# -gt 0 ] || set -- web stream worker
compose run --rm --no-deps -T migrate
for service in "$@"; do
  old=$(compose ps --quiet "$service")
  count=$(echo "$old" | wc -w)
  for container in $old; do
    compose up --detach --no-deps --no-build --no-recreate --wait --scale "$service=$((count + 1))" "$service"
    docker stop "$container" >/dev/null
    docker rm "$container" >/dev/null
    echo "$service: $(echo "$container" | cut -c 1-12) has made room"
  done
done
