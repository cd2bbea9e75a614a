#!/usr/bin/env bash
# engine.sh COMMAND...: runs a command with its own Docker engine, stops the engine, and removes the engine's network settings.
# For machines without an engine, such as the gate. It refuses to run beside another engine, which uses the same bridge and rules. Runs as root; needs docker.io and iptables.
set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin
if grep --quiet --no-messages --line-regexp dockerd /proc/[0-9]*/comm; then
  echo "A Docker engine runs here already. Stop it first (systemctl stop docker.socket docker), or use it: tests/container/check.sh, tests/container/compose.sh" >&2
  exit 1
fi
root=$(mktemp -d /tmp/engine-XXXXXX)
forwards=$(cat /proc/sys/net/ipv4/ip_forward)
policy=$(iptables -S FORWARD | grep '^-P')
# The classic builder, because BuildKit is another program. ENGINE_OF_ITS_OWN tells scripts that the engine and its images are removed.
export DOCKER_HOST=unix://$root/docker.sock DOCKER_BUILDKIT=0 ENGINE_OF_ITS_OWN=yes

# The engine ends even if this script is killed.
setpriv --pdeathsig TERM setsid dockerd --host "$DOCKER_HOST" --data-root "$root/data" --exec-root "$root/exec" --pidfile "$root/pid" \
  --exec-opt native.cgroupdriver=cgroupfs --log-level warn >"$root/log" 2>&1 </dev/null &
engine=$!
stop() {
  set +e # the rest goes too where one of it fails
  docker ps --all --quiet | xargs --no-run-if-empty docker rm --force --volumes >/dev/null
  docker network prune --force >/dev/null
  kill "$engine" && wait "$engine"
  ip link show docker0 >/dev/null 2>&1 && ip link delete docker0
  for family in iptables ip6tables; do
    $family-save 2>/dev/null | grep --ignore-case --invert-match docker | $family-restore
  done
  iptables $policy
  echo "$forwards" >/proc/sys/net/ipv4/ip_forward
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
