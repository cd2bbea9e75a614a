#!/usr/bin/env bash
# Exports an image and waits for the end. Needs curl and jq.
#   OS_AUTH_URL=… OS_USERNAME=… OS_PASSWORD=… OS_PROJECT_NAME=… ./export.sh IMAGE NAME
set -euo pipefail
image=$1 name=$2
headers=$(mktemp)
trap 'rm -f "$headers"' EXIT

login=$(jq -n '{auth: {
  identity: {methods: ["password"], password: {user: {name: env.OS_USERNAME, domain: {id: "default"}, password: env.OS_PASSWORD}}},
  scope: {project: {name: env.OS_PROJECT_NAME, domain: {id: "default"}}}}}')
catalog=$(curl -sSf -D "$headers" -H 'Content-Type: application/json' -d "$login" "$OS_AUTH_URL/auth/tokens")
token=$(sed -n 's/^x-subject-token: *\([^\r]*\).*/\1/Ip' "$headers")
endpoint() { jq -r --arg type "$1" '.token.catalog[] | select(.type == $type) | .endpoints[] | select(.interface == "public") | .url' <<<"$catalog"; }
call() { curl -sS --fail-with-body -H "X-Auth-Token: $token" -H 'Content-Type: application/json' "$@"; }
backups=$(endpoint volumev3)/image-backups

id=$(call "$(endpoint image)/v2/images?name=$(jq -rn --arg name "$image" '$name | @uri')" | jq -r '.images[0].id // error("There is no such image.")')
body=$(jq -n --arg id "$id" --arg name "$name" '{"image-backup": {name: $name, src_image_id: $id}}')
started=$(call -d "$body" "$backups/export_image")
task=$(jq -r '."image-backup".task_uri' <<<"$started")

# The stream of events ends with the operation.
call -N -H 'Accept: text/event-stream' "$task" >/dev/null
call "$backups/$(jq -r '."image-backup".backup_id' <<<"$started")" | jq -re '."image-backup" | "\(.ova_name) \(.status) \(.fail_reason // "")"'
