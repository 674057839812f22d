#!/usr/bin/env bash
# Runs the SCIM suites of others, each against a bridge of its own, and prints their last lines.
#
#   tests/run-suites.sh FOLDER        FOLDER holds one runner NAME.sh for each suite; a runner takes
#                                     BASE_URL and TOKEN, writes $OUT/$LABEL/NAME.txt and ends with
#                                     "NAME: N passed, M failed"
#   SUITES="okta-spec ms-postman" tests/run-suites.sh FOLDER     only these
#
# Fails when a suite has a failure that `accepted` below does not name.
set -euo pipefail
suites=$(cd "${1:?usage: run-suites.sh FOLDER}" && pwd)
cd "$(dirname "$0")/.."

# Lines of a report (as an extended regular expression) that may fail; docs/conformance.md says of
# each which sentence of the RFC speaks against it. There is none at present.
accepted() {
  case "$1" in
    *) return 1 ;;
  esac
}

# Settings of the directory that a suite needs; without any it gets the defaults.
settings() {
  case "$1" in
    # Four of its checks want 204 after a PATCH; RFC 7644 §3.5.2 allows 200 and 204.
    ms-postman) echo 'patch_answer = "no_content"' ;;
  esac
}

cargo build --locked --quiet
bridge=$PWD/target/debug/scim-bridge
work=$(mktemp -d)
pid=
stop() {
  [ -z "$pid" ] || { kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; }
  pid=
}
trap 'stop; rm -rf "$work"' EXIT

# await FILE TEST...: until the test holds; fails when the bridge has ended.
await() {
  local log=$1
  shift
  for _ in $(seq 600); do
    "$@" && return 0
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  cat "$log" >&2
  return 1
}

# A bridge with the simulators and the default settings.
start_demo() {
  "$bridge" demo --no-traffic --output json >"$work/ready" 2>"$work/log" &
  pid=$!
  await "$work/log" test -s "$work/ready"
  read -r BASE_URL TOKEN < <(python3 -c '
import json, sys
scim = json.load(open(sys.argv[1]))["scim"]
print(scim["base_url"], scim["token"])' "$work/ready")
}

# A bridge without appliances whose directory has the settings given.
start_serve() {
  rm -f "$work"/bridge.* "$work/log"
  "$bridge" token new --output json >"$work/token"
  read -r TOKEN digest < <(python3 -c '
import json, sys
token = json.load(open(sys.argv[1]))
print(token["token"], token["sha256"])' "$work/token")
  cat >"$work/bridge.toml" <<TOML
[scim]
listen = "127.0.0.1:0"
[ops]
listen = "127.0.0.1:0"
[store]
path = "bridge.db"
[log]
format = "json"
[directory.default]
$1
[[directory.default.token]]
name = "suite"
sha256 = "$digest"
TOML
  chmod 600 "$work/bridge.toml"
  "$bridge" serve --config "$work/bridge.toml" >/dev/null 2>"$work/log" &
  pid=$!
  await "$work/log" grep -q '"scim":"' "$work/log"
  BASE_URL=http://$(grep -o '"scim":"[^"]*"' "$work/log" | head -n 1 | cut -d '"' -f 4)/scim/v2
}

# Whether every failure in a suite's report is an accepted one.
only_accepted() {
  local report=$1 pattern
  pattern=$(accepted "$2") || return 1
  ! grep -E '^(FAIL|DEVIATION|ERROR|CRITICAL) ' "$report" | grep -vqE "$pattern"
}

failed=0
for runner in "$suites"/*.sh; do
  name=$(basename "$runner" .sh)
  case "$name" in lib | run-all) continue ;; esac
  [ -z "${SUITES:-}" ] || [[ " $SUITES " == *" $name "* ]] || continue
  wanted=$(settings "$name")
  if [ -n "$wanted" ]; then start_serve "$wanted"; else : >"$work/ready" && start_demo; fi
  export BASE_URL TOKEN OUT="$work/results" LABEL=suite
  if ! "$runner"; then
    report="$work/results/suite/$name.txt"
    if only_accepted "$report" "$name"; then
      echo "  $name: all of these failures are accepted"
    else
      grep -E '^ *(FAIL|DEVIATION|ERROR|CRITICAL|ISSUE)' "$report" >&2 || tail -n 20 "$report" >&2 || true
      failed=1
    fi
  fi
  stop
done
exit "$failed"
