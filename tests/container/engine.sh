#!/usr/bin/env bash
# Runs a command with a Docker engine of its own, which ends with it and leaves nothing: engine.sh COMMAND...
# For the gate, where no engine runs. As root; needs docker.io and iptables.
set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin
root=$(mktemp -d /tmp/engine-XXXXXX)
# The classic builder: the other one is a program of its own.
export DOCKER_HOST=unix://$root/docker.sock DOCKER_BUILDKIT=0

setsid dockerd --host "$DOCKER_HOST" --data-root "$root/data" --exec-root "$root/exec" --pidfile "$root/pid" \
  --exec-opt native.cgroupdriver=cgroupfs --log-level warn >"$root/log" 2>&1 </dev/null &
engine=$!
stop() {
  docker ps --all --quiet | xargs --no-run-if-empty docker rm --force --volumes >/dev/null || true
  docker network prune --force >/dev/null || true
  kill "$engine" && wait "$engine" || true
  rm -rf "$root"
}
trap stop EXIT

for _ in $(seq 300); do
  docker version >/dev/null 2>&1 && break
  kill -0 "$engine" 2>/dev/null || break
  sleep 0.1
done
docker version >/dev/null 2>&1 || { cat "$root/log" >&2; exit 1; }
"$@"
