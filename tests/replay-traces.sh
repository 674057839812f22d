#!/usr/bin/env bash
# Starts `scim-bridge demo --no-traffic` and replays the traces of a folder (with its replay.py)
# against it. Prints the replay's own summary; fails if a step failed.
set -euo pipefail
traces=$(cd "${1:?usage: replay-traces.sh FOLDER}" && pwd)
cd "$(dirname "$0")/.."
cargo build --locked --quiet
ready=$(mktemp)
./target/debug/scim-bridge demo --no-traffic --output json >"$ready" 2>"$ready.log" &
demo=$!
trap 'kill "$demo" 2>/dev/null; wait "$demo" 2>/dev/null; rm -f "$ready" "$ready.log"' EXIT
for _ in $(seq 300); do
  [ -s "$ready" ] && break
  kill -0 "$demo" 2>/dev/null || { cat "$ready.log" >&2; exit 1; }
  sleep 0.1
done
read -r BASE_URL TOKEN < <(python3 -c '
import json, sys
scim = json.load(open(sys.argv[1]))["scim"]
print(scim["base_url"], scim["token"])' "$ready")
export BASE_URL TOKEN
python3 "$traces/replay.py" "$traces"
