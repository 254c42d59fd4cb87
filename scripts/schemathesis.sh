#!/usr/bin/env bash
# Fuzzes the whole API: a demo shop on a free port, an owner's session, requests drawn from the OpenAPI document by
# schemathesis. Fails on any 5xx and on any answer that differs from the document. Further arguments go to schemathesis.
#   scripts/schemathesis.sh --max-examples 200 --include-path-regex alerts
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${SHELFIQ_BINARY:-${CARGO_TARGET_DIR:-$HOME/.cache/shelfiq/target}/debug/shelfiq}
venv=${XDG_CACHE_HOME:-$HOME/.cache}/shelfiq/schemathesis-venv
version=4.32.5
[ "$("$venv/bin/pip" list --format freeze 2>/dev/null | grep '^schemathesis=')" = "schemathesis==$version" ] || {
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet "schemathesis==$version"
}

folder=$(mktemp -d)
server=
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
# The limit of calls is tested elsewhere; here it would hide everything behind it.
SHELFIQ_RATE_LIMIT_PER_MINUTE=10000000 \
  "$binary" demo --port 0 --data-dir "$folder/data" --ready-file "$folder/ready" >"$folder/log" 2>&1 &
server=$!
until [ -s "$folder/ready" ]; do
  kill -0 "$server" 2>/dev/null || { cat "$folder/log" >&2; echo "schemathesis: the server did not start" >&2; exit 1; }
  sleep 0.2
done
. "$folder/ready"

field() { python3 -c "import json, sys; print(json.load(sys.stdin)$1)"; }
# Things that exist, so that calls get past the look-up; the ids of other kinds are drawn.
token=$(curl --silent --fail --json "{\"email\": \"$SHELFIQ_EMAIL\", \"password\": \"$SHELFIQ_PASSWORD\"}" \
  "$SHELFIQ_URL/api/v1/auth/sign-in" | field '["access_token"]')
first() { # path field
  curl --silent --fail --header "Authorization: Bearer $token" "$SHELFIQ_URL/api/v1/$1?limit=1" | field "['items'][0]['$2']"
}
# Signs in as the owner, and again whenever the access token is about to end.
cat >"$folder/schemathesis.toml" <<TOML
[auth.dynamic.openapi.bearer]
path = "/api/v1/auth/sign-in"
payload = { email = "$SHELFIQ_EMAIL", password = "$SHELFIQ_PASSWORD" }
extract_selector = "/access_token"

[[operations]]
include-path-regex = "/products/[{]"
parameters = { sku = "$(first products sku)" }

[[operations]]
include-path-regex = "/alerts/[{]"
parameters = { id = "$(first alerts id)" }

[[operations]]
include-path-regex = "/recommendations/[{]"
parameters = { id = "$(first recommendations id)" }
TOML
status=0
cd "$folder" # schemathesis keeps notes where it runs
"$venv/bin/schemathesis" --config-file schemathesis.toml run "$SHELFIQ_URL/api/openapi.json" \
  --url "$SHELFIQ_URL" --phases examples,coverage,fuzzing --max-examples 50 --continue-on-failure --seed 1 \
  --checks not_a_server_error,response_schema_conformance,content_type_conformance,status_code_conformance \
  --suppress-health-check all --generation-database none --request-timeout 120 --workers 2 "$@" || status=$?
if [ $status != 0 ]; then
  grep -iE 'error|panic' log | tail -n 40 >&2 || true
fi
exit $status
