#!/usr/bin/env bash
# Every check and every test, fastest first; prints what each part took. Stops at the first failing part.
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$HOME/.cache/shelfiq/target}
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never} CARGO_INCREMENTAL=${CARGO_INCREMENTAL:-1}
times=()

part() { # name command…
  local name=$1 began=$SECONDS; shift
  printf '\n== %s\n' "$name"
  if ! "$@"; then
    printf '\nfailed: %s\n' "$name" >&2
    exit 1
  fi
  times+=("$(printf '%-22s %4d s' "$name" $((SECONDS - began)))")
}

part setup         scripts/setup.sh test
part tidy          cargo xtask tidy
part format        cargo fmt --all --check
part "web lint"    npm --prefix web run --silent lint
part "web unit"    npm --prefix web run --silent test
part "web build"   make --no-print-directory web
part "cargo build" cargo build --workspace --all-targets
part "cargo test"  cargo test --workspace
part browser       scripts/e2e.sh
part clippy        cargo clippy --workspace --all-targets -- -D warnings

printf '\n== times\n'; printf '%s\n' "${times[@]}"
printf 'whole run              %4d s\n' "$SECONDS"
