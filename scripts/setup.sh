#!/usr/bin/env bash
# Installs what a fresh Debian machine with Rust and Node still lacks. Says what it does; does nothing twice.
#   setup.sh build   what `make demo` needs
#   setup.sh test    the same and what `make test` needs (a browser, a database server)
set -euo pipefail
cd "$(dirname "$0")/.."
wanted=${1:-build}

need() { command -v "$1" >/dev/null 2>&1; }
packages=()
need cc || packages+=(build-essential)
need pkg-config || packages+=(pkg-config)
if [ "$wanted" = test ]; then
  need chromium || packages+=(chromium)
  need python3 || packages+=(python3)
  python3 -c 'import ensurepip' >/dev/null 2>&1 || packages+=(python3-venv)
  need psql || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || packages+=(postgresql)
fi
if [ ${#packages[@]} -gt 0 ]; then
  echo "setup: installing ${packages[*]}"
  as_root=; [ "$(id -u)" = 0 ] || as_root=sudo
  $as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi

need cargo || { echo "setup: Rust 1.95 is missing: see https://rustup.rs" >&2; exit 1; }
need node || { echo "setup: Node 20 is missing: see https://nodejs.org" >&2; exit 1; }

stamp=web/node_modules/.package-lock.sha256
if ! sha256sum --check --status "$stamp" 2>/dev/null; then
  echo "setup: installing web packages"
  (cd web && npm ci --no-audit --no-fund --loglevel=error)
  sha256sum web/package-lock.json >"$stamp"
fi
