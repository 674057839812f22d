#!/usr/bin/env bash
# Runs the vendors' own clients against the simulators, over TLS, and compares the FortiAuthenticator
# simulator with the framework that FortiAuthenticator's API is built on.
#
#   tests/clients/run.sh [nimble] [foreman] [fortiauthenticator]     only these; all without any
#
# Needs python3 with venv, and PyPI. Prints a line for each check; fails when one fails, or when a
# client takes longer than TIME_LIMIT seconds (one of them repeats refused writes for ever).
set -euo pipefail
cd "$(dirname "$0")/../.."
limit=${TIME_LIMIT:-300}

cargo build --locked --quiet --package appliance-sim
simulator=$PWD/target/debug/appliance-sim
clients=$PWD/tests/clients
work=$(mktemp -d)
pids=()
stop() {
  local pid
  for pid in "${pids[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  pids=()
}
trap 'stop; rm -rf "$work"' EXIT

# Kept between runs, as long as the requirements are the same.
python=$PWD/target/clients-venv/bin/python
if ! cmp -s "$clients/requirements.txt" target/clients-venv/requirements.txt; then
  rm -rf target/clients-venv
  python3 -m venv target/clients-venv
  "$python" -m pip install --quiet --disable-pip-version-check -r "$clients/requirements.txt"
  cp "$clients/requirements.txt" target/clients-venv/
fi

# started PID FILE: the URL that a server prints to its file once it listens.
started() {
  local line
  for _ in $(seq 1800); do
    if line=$(grep -Eo 'https?://[0-9.:]+' "$2" 2>/dev/null | head -n 1) && [ -n "$line" ]; then
      echo "$line"
      return 0
    fi
    kill -0 "$1" 2>/dev/null || break
    sleep 0.1
  done
  echo "nothing listens; it printed:" >&2
  cat "$2"* >&2
  return 1
}

# simulate NAME ARGUMENTS...: starts one and leaves its URL in $url.
simulate() {
  local name=$1
  shift
  "$simulator" "$@" --username admin --password Change-me-91 >"$work/$name" 2>&1 &
  pids+=($!)
  url=$(started $! "$work/$name")
}

failed=0
# check TITLE COMMAND...: runs it under the time limit.
check() {
  echo "== $1"
  shift
  PYTHONDONTWRITEBYTECODE=1 timeout "$limit" "$@" || { echo "FAILED with $?"; failed=1; }
}

nimble() {
  for release in 5.2 6.x; do
    simulate "nimble-$release" --vendor nimble --release "$release" --tls
    check "nimble-sdk, release $release" "$python" "$clients/nimble.py" "$url" admin Change-me-91
  done
}

foreman() {
  for release in 3.12.0 2.5; do
    simulate "foreman-$release" --vendor foreman --release "$release" --tls
    check "apypie, release $release" "$python" "$clients/foreman.py" "$url" admin Change-me-91
  done
}

fortiauthenticator() {
  simulate fortiauthenticator --vendor fortiauthenticator --release classic
  "$python" "$clients/tastypie_server.py" admin Change-me-91 "$work/referee.sqlite" \
    >"$work/referee" 2>"$work/referee.log" &
  pids+=($!)
  local referee
  referee=$(started $! "$work/referee")
  check "FortiAuthenticator and tastypie" \
    "$python" "$clients/fortiauthenticator.py" "$url" "$referee" admin Change-me-91
}

for client in "${@:-nimble foreman fortiauthenticator}"; do
  for name in $client; do
    "$name"
    stop
  done
done
exit "$failed"
