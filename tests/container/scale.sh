#!/usr/bin/env bash
# Starts docker-compose.scale.yml unchanged, and walks it through nginx: a log-in, exports on two nodes, a worker that is killed in the middle of an export while a
# client follows its events, and the list of services. Needs a Docker engine (DOCKER_HOST) and docker compose; POSTGRES_IMAGE, NGINX_IMAGE and others work as in
# docker-compose.scale.yml. Only the images stay.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/container/common.sh
export IMAGEBACKUP_PORT=${PORT:-9543}
url=http://localhost:$IMAGEBACKUP_PORT
project=$url/v3/40a58846608e4e908c43b547d4dfb58c
image=9c219888-1ab0-429e-9282-7cbc6957c839

docker compose version >/dev/null 2>&1 && program="docker compose" || program=docker-compose
compose() { $program --project-name "imagebackup-scale-$$" --file docker-compose.scale.yml --file tests/container/compose.scale.emulator.yml "$@"; }
trap 'set +e; compose logs --tail 50 >&2; compose down --volumes --timeout 5; rm -rf "$scratch"' EXIT

api() { curl --silent --show-error --fail --header "X-Auth-Token: $token" "$@"; }
backup() { api "$project/image-backups/$1" | jq --raw-output '."image-backup".status'; }
services() { api "$project/os-services" | jq --raw-output '.services[] | "\(.binary) \(.host) \(.status) \(.state)"'; }

# Waits until a command prints a text.
until_says() { # TEXT COMMAND...
  local text=$1 said=
  shift
  for _ in $(seq 300); do
    said=$("$@")
    [ "$said" = "$text" ] && return
    sleep 0.1
  done
  echo "$*: $said instead of $text" >&2
  return 1
}

# A worker has no published port.
worker() { docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$(compose ps --quiet "$1")"; }

# Exports the demo image to a node, and prints the task_uri.
export_to() { # NODE UPLOAD
  api "$project/image-backups/export_image" --json "{\"image-backup\": {\"name\": \"on-$1\", \"src_image_id\": \"$image\", \"backup_host\": \"$1\", \"upload_to_cos\": $2}}" \
    | jq --raw-output '."image-backup".task_uri'
}

echo "== starts, and all processes become healthy"
compose up --detach
for process in api-1 api-2 worker-a-1 worker-a-2 worker-b-1; do wait_until_healthy "$(compose ps --quiet $process)"; done
check_confinement "$(compose ps --quiet worker-b-1)"

echo "== logs in at one process, and uses the token at the other"
token=$(curl --silent --fail --output /dev/null --dump-header - "$url/identity/v3/auth/tokens" --json '{"auth": {
  "identity": {"methods": ["password"], "password": {"user": {"name": "admin", "domain": {"name": "Default"}, "password": "imagebackup-admin"}}},
  "scope": {"project": {"name": "ibm-default", "domain": {"name": "Default"}}}}}' | tr --delete '\r' | awk 'tolower($1) == "x-subject-token:" { print $2 }')
for _ in 1 2 3 4; do api "$url/v2/images/$image" | jq --exit-status '.name == "demo-aix"' >/dev/null; done
for node in node-a node-b; do
  api --output /dev/null "$project/backup-nodes" --json "{\"backup_nodes\": {\"registration\": {\"access_ip\": \"$node\", \"display_name\": \"$node\", \"backup_node_id\": \"$node\"}}}"
done

echo "== exports on both nodes, and uploads"
export_to node-a false >/dev/null
export_to node-b true >/dev/null
until_says available backup 1
until_says uploaded backup 2

echo "== an export goes on at the other worker of its node when its worker is killed"
for name in worker-a-1 worker-a-2; do
  api --output /dev/null "http://$(worker $name):9000/emulator/faults" --json '{"fault": {"task": "backup_vol_*", "at": 0.5, "action": "stall"}}'
done
task=$(export_to node-a true)
api --no-buffer --header 'Accept: text/event-stream' "$task" >"$scratch/events" & events=$!
struck() { for name in worker-a-1 worker-a-2; do api "http://$(worker $name):9000/emulator/faults" | jq --raw-output "select(.faults[0].left == 0) | \"$name\""; done; }
for _ in $(seq 100); do killed=$(struck); [ -n "$killed" ] && break; sleep 0.1; done
other=$([ "$killed" = worker-a-1 ] && echo worker-a-2 || echo worker-a-1)
api --output /dev/null --request DELETE "http://$(worker $other):9000/emulator/faults"
docker kill --signal KILL "$(compose ps --quiet "$killed")" >/dev/null
until_says uploaded backup 3
wait "$events"
tail -3 "$scratch/events" | grep --quiet '"ExportFlow":"SUCCESS"'

echo "== the list of services shows who is down"
until_says "cinder-backup worker-a-1 enabled $([ "$killed" = worker-a-1 ] && echo down || echo up)
cinder-backup worker-a-2 enabled $([ "$killed" = worker-a-2 ] && echo down || echo up)
cinder-backup worker-b-1 enabled up
imagebackup-api api-1 enabled up
imagebackup-api api-2 enabled up" services

trap 'set +e; compose down --volumes --timeout 5; rm -rf "$scratch"' EXIT
