#!/usr/bin/env bash
# Builds the image (or uses IMAGE), runs it as compose does, waits until it is healthy, runs the README's examples against it, and stops it.
# Needs a Docker engine (DOCKER_HOST) that has or can fetch the base images. Only the image stays.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/container/common.sh
image=${IMAGE:-imagebackup:check}
port=${PORT:-9541}
name=imagebackup-check-$$

trap 'set +e; docker rm --force "$name" >/dev/null 2>&1; docker volume rm "$name" >/dev/null 2>&1; rm -rf "$scratch"' EXIT
[ -n "${IMAGE:-}" ] || docker build --tag "$image" .

echo "== refuses to listen without authentication"
code=0
timeout 60 docker run --name "$name" --read-only --tmpfs /tmp --cap-drop ALL "$image" >/dev/null 2>"$scratch/refusal" || code=$?
[ "$code" = 2 ] && grep AllowAnonymousRemote "$scratch/refusal" || { echo "exit code $code" >&2; cat "$scratch/refusal" >&2; exit 1; }
docker rm --force --volumes "$name" >/dev/null

echo "== becomes healthy with the README's command and without capabilities"
options=$(sed -n 's/^    docker run \(.*\) imagebackup$/\1/p' README.md | sed "s/:9000:9000/:$port:9000/; s/-v imagebackup:/-v $name:/")
[ -n "$options" ]
docker run --detach --name "$name" --cap-drop ALL --security-opt no-new-privileges --health-interval 2s $options "$image" >/dev/null
wait_until_healthy "$name"
check_confinement "$name"

echo "== the compressor in use"
docker exec "$name" dotnet /app/ImageBackup.Api.dll healthcheck --ready | grep '"deflate_engine":"isa-l"'

echo "== runs the README's examples with the program in the image"
run_readme "http://127.0.0.1:$port" "$image"

echo "== stops cleanly"
docker stop --time 20 "$name" >/dev/null
[ "$(docker inspect --format '{{.State.ExitCode}}' "$name")" = 0 ]

echo "== $(docker image inspect --format '{{.Size}}' "$image" | numfmt --to=iec) in total; layers of the service:"
docker history --format '{{.Size}}\t{{.CreatedBy}}' "$image" | grep -v '^0B' | head -2
