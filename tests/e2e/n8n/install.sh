#!/usr/bin/env bash
# Brings the real n8n, with a Node.js of its own, into a cache outside the tree:
# 3 to 11 minutes and 2.4 GB, once. A second run finds it and does nothing.
# Afterwards CACHE/bin holds the commands `n8n` and `node`.
set -euo pipefail

NODE=24.21.0
NPM=11.19.1
N8N=2.41.1
TRIES=4
UNFETCHED='npm could not fetch the packages, see above; run this again to go on where it stopped'

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${LEADFLY_N8N_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/leadfly/n8n}
case "$(uname -m)" in
  x86_64) platform=linux-x64 ;;
  aarch64 | arm64) platform=linux-arm64 ;;
  *) platform=unknown ;;
esac
node_home=$cache/node/node_modules/node-$platform

say() { printf '%s\n' "n8n: $*" >&2; }
die() { say "$*"; exit 1; }

# Installs Debian packages where that is possible, else says which ones to install.
need() {
  local why=$1; shift
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing $* ($why) …"
    retry apt-get -qq update && retry apt-get -qq install -y --no-install-recommends "$@" >/dev/null
  else
    die "$why: please install $*, for example with: sudo apt-get install $*"
  fi
}

retry() {
  local try
  for ((try = 1; ; try++)); do
    "$@" && return
    [ "$try" -lt "$TRIES" ] || return 1
    say "try $try of $TRIES failed; again in $((try * 10)) s …"
    sleep $((try * 10))
  done
}

# Says every half minute that something is still going on, while the command runs.
watched() {
  local what=$1 begun=$SECONDS status=0 ticker; shift
  say "$what …"
  (exec 9>&-; while sleep 30; do say "… $what: $((SECONDS - begun)) s, $(du -sh "$cache" 2>/dev/null | cut -f1)"; done) &
  ticker=$!
  "$@" || status=$?
  kill "$ticker" 2>/dev/null && wait "$ticker" 2>/dev/null || true
  return "$status"
}

# The caller's own npm settings must not lead the build to another Node.js.
npm_quietly() {
  npm_config_nodedir=$node_home npm_config_audit=false npm_config_fund=false \
    npm_config_update_notifier=false npm_config_fetch_retries=5 npm_config_loglevel=error npm "$@"
}

compile() {
  retry npm_quietly --prefix "$cache/app" rebuild sqlite3 --foreground-scripts >"$cache/sqlite3.log" 2>&1
}

installed() {
  [ -f "$cache/app/.complete" ] && [ "$("$cache/bin/n8n" --version 2>/dev/null)" = "$N8N" ]
}

install() {
  command -v npm >/dev/null || need 'npm fetches Node.js and n8n' nodejs npm
  { command -v g++ && command -v make && command -v python3; } >/dev/null ||
    need "n8n's SQLite is compiled here" g++ make python3
  mkdir -p "$cache/node" "$cache/app"
  rm -f "$cache/app/.complete"
  [ -f "$cache/node/package.json" ] || echo '{"private": true}' >"$cache/node/package.json"
  watched "1 of 3: Node.js $NODE" retry npm_quietly --prefix "$cache/node" install \
    --ignore-scripts --no-package-lock "node-$platform@$NODE" "npm@$NPM" ||
    die "$UNFETCHED"
  PATH=$node_home/bin:$cache/node/node_modules/.bin:$PATH
  cp "$here/package.json" "$here/package-lock.json" "$cache/app/"
  watched "2 of 3: n8n $N8N (some 2,100 packages, about 10 minutes)" retry npm_quietly \
    --prefix "$cache/app" install --legacy-peer-deps --ignore-scripts ||
    die "$UNFETCHED"
  watched '3 of 3: compiling SQLite for it' compile ||
    die "SQLite did not compile: see $cache/sqlite3.log"
  mkdir -p "$cache/bin"
  ln -sf "$node_home/bin/node" "$cache/bin/node"
  printf '#!/bin/sh\nPATH="%s:$PATH" exec "%s" "%s" "$@"\n' "$node_home/bin" "$node_home/bin/node" \
    "$cache/app/node_modules/n8n/bin/n8n" >"$cache/bin/n8n"
  chmod +x "$cache/bin/n8n"
  touch "$cache/app/.complete"
  installed || die "the installed program does not answer that it is $N8N; delete $cache and try again"
}

[ "$platform" != unknown ] || die "no Node.js package for $(uname -m)"
mkdir -p "$cache"
exec 9>"$cache/.lock"
flock --nonblock 9 || { say 'another install is under way; waiting for it …'; flock 9; }
if installed; then say "$N8N is installed in $cache"; else install; say "$N8N is ready after $SECONDS s"; fi
