#!/usr/bin/env bash
# Sees to a Docker engine, Compose 2 and debootstrap for `make compose-test`: what is there is used, what
# is missing is installed where that is possible (Debian, as root), and else named.
set -euo pipefail

cache=${XDG_CACHE_HOME:-$HOME/.cache}/leadfly/compose
newer=trixie # the first Debian with Compose 2; its package is one static program

say() { printf '%s\n' "compose: $*" >&2; }

if docker compose version >/dev/null 2>&1 && docker info >/dev/null 2>&1; then exit 0; fi
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
  { say 'there is no Docker engine: install docker and its compose plugin'; exit 0; }

missing=()
[ -x /usr/sbin/dockerd ] || missing+=(docker.io)
command -v iptables >/dev/null || missing+=(iptables)
command -v debootstrap >/dev/null || missing+=(debootstrap)
if [ ${#missing[@]} -gt 0 ]; then
  say "installing ${missing[*]} …"
  apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
    apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null ||
    { say "could not install ${missing[*]}"; exit 0; }
fi

if ! docker compose version >/dev/null 2>&1 && [ ! -x "$cache/docker-compose" ]; then
  say 'fetching Compose 2 …'
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  mkdir -p "$folder/lists" "$folder/cache/archives/partial" "$cache"
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $newer main" > "$folder/list"
  newer_apt() {
    apt-get -qq -o Dir::Etc::sourcelist="$folder/list" -o Dir::Etc::sourceparts=/dev/null \
      -o Dir::State::lists="$folder/lists" -o Dir::Cache="$folder/cache" -o APT::Sandbox::User=root "$@"
  }
  cd "$folder"
  newer_apt update && newer_apt download docker-compose && dpkg-deb -x docker-compose_*.deb unpacked &&
    install unpacked/usr/libexec/docker/cli-plugins/docker-compose "$cache/docker-compose" ||
    say 'could not fetch Compose 2'
fi
