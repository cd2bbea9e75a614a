#!/usr/bin/env bash
# Starts docker-compose.yml unchanged, runs the README's examples against it, restarts the service during an export, reads the object with another client, and
# takes everything down and up again. Needs a Docker engine (DOCKER_HOST) and docker compose; MINIO_IMAGE, MINIO_CLIENT_IMAGE and others work as in
# docker-compose.yml. Only the images stay.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/container/common.sh
export IMAGEBACKUP_PORT=${PORT:-9542}
url=http://localhost:$IMAGEBACKUP_PORT
project=$url/v3/40a58846608e4e908c43b547d4dfb58c

docker compose version >/dev/null 2>&1 && program="docker compose" || program=docker-compose
compose() { $program --project-name "imagebackup-compose-$$" --file docker-compose.yml --file tests/container/compose.emulator.yml "$@"; }
trap 'set +e; compose logs --tail 50 >&2; compose down --volumes --timeout 5; rm -rf "$scratch"' EXIT

start() {
  compose up --detach
  service=$(compose ps --quiet imagebackup)
  wait_until_healthy "$service"
}

# Reads the archive from the store with another S3 client.
stored() { compose run --rm -T bucket cat store/cos-default/restarted_2.ova | sha256sum | cut --delimiter ' ' --fields 1; }

backup() { curl --silent --fail "$project/image-backups/2" | jq --raw-output ".\"image-backup\".$1"; }

echo "== starts and becomes healthy"
start
check_confinement "$service"

echo "== runs the examples of the README"
run_readme "$url" imagebackup:local

echo "== finishes an export after a restart"
curl --silent --fail "$url/emulator/faults" --json '{"fault": {"task": "backup_vol_*", "at": 0.5, "action": "stall"}}'
curl --silent --fail "$project/image-backups/export_image" \
  --json '{"image-backup": {"name": "restarted", "src_image_id": "9c219888-1ab0-429e-9282-7cbc6957c839", "upload_to_cos": true, "compression": "Fast"}}'
for _ in $(seq 100); do [ "$(backup progress)" -gt 0 ] && break; sleep 0.1; done
[ "$(backup status)" = creating_backup ]
SECONDS=0
compose restart --timeout 30 imagebackup
[ "$SECONDS" -lt 25 ] # else it was killed in the end
wait_until_healthy "$service"
for _ in $(seq 300); do [ "$(backup status)" = uploaded ] && break; sleep 0.1; done
[ "$(backup status)" = uploaded ]

echo "== another client finds the archive in the store"
digest=$(backup ova_sha256)
[ "$(stored)" = "$digest" ]

echo "== keeps the data after down and up"
compose down
start
[ "$(backup status)" = uploaded ]
[ "$(backup ova_sha256)" = "$digest" ]
[ "$(stored)" = "$digest" ]

trap 'set +e; compose down --volumes --timeout 5; rm -rf "$scratch"' EXIT
