#!/usr/bin/env bash
# Runs all checks without a running engine and without an image registry: engine.sh tests/container/gate.sh. Build the solution first.
set -euo pipefail
cd "$(dirname "$0")/../.."
tests/container/base-images.sh

docker build --quiet --tag imagebackup:local .
IMAGE=imagebackup:local tests/container/check.sh

# Ryuk, which removes the containers of killed tests, is an image of a registry. This engine is removed with its containers. Debian's engine has an older API.
TESTCONTAINERS_RYUK_DISABLED=true DOCKER_API_VERSION=$(docker version --format '{{.Server.APIVersion}}') \
  dotnet run --no-build --project tests/ImageBackup.Testcontainers.Check -- imagebackup:local

store() { tar --create tests/container/store tests/ImageBackup.TestSupport/scripts | docker build --quiet --file tests/container/store/Dockerfile "$@" -; }
store --target client --tag imagebackup-store-client
store --tag imagebackup-store
export MINIO_IMAGE=imagebackup-store MINIO_CLIENT_IMAGE=imagebackup-store-client MINIO_ROOT_USER=test:tester MINIO_ROOT_PASSWORD=testing
tests/container/compose.sh

servers() { tar --create tests/container/scale | docker build --quiet --file tests/container/scale/Dockerfile "$@" -; }
servers --target nginx --tag imagebackup-nginx
servers --target postgres --tag imagebackup-postgres
NGINX_IMAGE=imagebackup-nginx POSTGRES_IMAGE=imagebackup-postgres tests/container/scale.sh
