#!/usr/bin/env bash
# Brings the migrations and the compiled models of both databases up to date with the records: update-model.sh NAME adds the migration NAME to both;
# without a name, it only compiles the models.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet tool restore >/dev/null

build() { dotnet build --nologo -v quiet >/dev/null; }

update() {
  local context=$1 folder=$2 namespace=$3
  if [ -n "$name" ]; then
    dotnet ef migrations add "$name" --no-build --context "$context" --output-dir "$folder/Migrations"
    build
  fi
  dotnet ef dbcontext optimize --no-build --context "$context" --output-dir "$folder/Compiled" --namespace "$namespace.Compiled"
}

name=${1:-}
build
update ImageBackupDbContext Persistence ImageBackup.Core.Persistence
update PostgreSqlDbContext Persistence/PostgreSql ImageBackup.Core.Persistence.PostgreSql
