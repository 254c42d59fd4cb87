#!/usr/bin/env bash
# Measures the release binary beside its peers. Without names every benchmark runs.
#   benches/run.sh [--full] [imports forecasts endpoints anomalies outliers elasticities prices boosting]
set -euo pipefail
cd "$(dirname "$0")"
export SHELFIQ_BINARY=${SHELFIQ_BINARY:-${CARGO_TARGET_DIR:-$HOME/.cache/shelfiq/target}/release/shelfiq}
[ -x "$SHELFIQ_BINARY" ] || { echo "bench: there is no $SHELFIQ_BINARY: run make release" >&2; exit 1; }
venv=${XDG_CACHE_HOME:-$HOME/.cache}/shelfiq/bench-venv
cmp --silent requirements.txt "$venv/requirements.txt" || {
  echo "bench: installing the peers into $venv"
  python3.11 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --requirement requirements.txt
  cp requirements.txt "$venv/"
}

flags=() names=()
for word in "$@"; do case $word in --*) flags+=("$word") ;; *) names+=("$word") ;; esac; done
[ ${#names[@]} -gt 0 ] || names=(imports forecasts endpoints anomalies outliers elasticities prices boosting)
for name in "${names[@]}"; do
  # What no command runs by itself is measured by an example: the trees, and the outliers of a table in memory.
  case $name in
    boosting) cargo build --quiet --release --package shelfiq-boost --example boosting ;;
    outliers) cargo build --quiet --release --package shelfiq-anomaly --example outliers ;;
    endpoints) command -v wrk >/dev/null || echo "bench: calls a second are not measured: there is no wrk (apt-get install wrk)" >&2 ;;
  esac
  "$venv/bin/python" "$name.py" "${flags[@]}"
done
