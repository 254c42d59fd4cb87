#!/usr/bin/env bash
# Builds the web app into web/dist; the binary embeds that folder.
set -euo pipefail
cd "$(dirname "$0")/../web"
npm run --silent build
touch dist/index.html
