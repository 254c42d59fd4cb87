#!/usr/bin/env bash
# Browser tests: starts the real binary with a demo shop in a fresh data directory and drives it with Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${SHELFIQ_BINARY:-${CARGO_TARGET_DIR:-$HOME/.cache/shelfiq/target}/debug/shelfiq}
folder=$(mktemp -d)
server=
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT

"$binary" demo --port 0 --data-dir "$folder/data" --ready-file "$folder/ready" >"$folder/log" 2>&1 &
server=$!
for _ in $(seq 600); do
  [ -s "$folder/ready" ] && break
  kill -0 "$server" 2>/dev/null || { cat "$folder/log" >&2; echo "e2e: the server did not start" >&2; exit 1; }
  sleep 0.2
done
[ -s "$folder/ready" ] || { cat "$folder/log" >&2; echo "e2e: the server was not ready in two minutes" >&2; exit 1; }
# The ready file holds SHELFIQ_URL, SHELFIQ_EMAIL and SHELFIQ_PASSWORD as shell assignments.
set -a; . "$folder/ready"; set +a
if ! (cd web && npm run --silent e2e); then
  tail -n 50 "$folder/log" >&2
  exit 1
fi
