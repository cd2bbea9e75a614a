#!/usr/bin/env bash
# Builds the image (or takes IMAGE), runs it as compose does, waits for its own health check, and walks the README against it.
# Needs a Docker engine (DOCKER_HOST) that has or can fetch the base images. Leaves nothing behind but the image.
set -euo pipefail
cd "$(dirname "$0")/../.."
image=${IMAGE:-imagebackup:check}
port=${PORT:-9541}
name=imagebackup-check-$$

[ -n "${IMAGE:-}" ] || docker build --tag "$image" .
trap 'docker rm --force --volumes "$name" >/dev/null' EXIT

echo "== without authentication it must refuse to listen"
code=0
docker run --name "$name" --read-only --tmpfs /tmp --cap-drop ALL "$image" >/dev/null || code=$?
[ "$code" = 2 ] || { echo "exit code $code, not 2" >&2; exit 1; }
docker rm --force --volumes "$name" >/dev/null

docker run --detach --name "$name" --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
  --publish "127.0.0.1:$port:9000" --env ImageBackup__Auth__AllowAnonymousRemote=true "$image" >/dev/null
for _ in $(seq 60); do
  health=$(docker inspect --format '{{.State.Health.Status}}' "$name")
  [ "$health" = healthy ] && break
  sleep 1
done
echo "== health: $health"
[ "$health" = healthy ]

echo "== user, and the compressor in use"
[ "$(docker exec "$name" id -u)" = 1654 ]
docker exec "$name" dotnet /app/ImageBackup.Api.dll healthcheck --ready | grep '"deflate_engine":"isa-l"'

echo "== the README's walk"
python3 tests/docs/walk.py README.md --url "http://127.0.0.1:$port"
