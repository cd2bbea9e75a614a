#!/usr/bin/env bash
# Builds substitutes for the base images of the Dockerfiles, for machines that reach no image registry: Debian from its packages, and .NET from this
# machine's SDK. They have the names of the real images, so that the Dockerfiles are built unchanged. (Microsoft's images use Ubuntu; what the Dockerfiles
# use is the same: apt, libisal2, the user 1654.) Existing images are kept.
# Runs as root within engine.sh; needs mmdebstrap and a .NET SDK.
set -euo pipefail
[ -n "${ENGINE_OF_ITS_OWN:-}" ] || { echo "$0 runs only within engine.sh. In another engine, its images would replace the real ones." >&2; exit 1; }
debian=debian:bookworm-slim
runtime=mcr.microsoft.com/dotnet/aspnet:10.0
sdk=mcr.microsoft.com/dotnet/sdk:10.0
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

there() { docker image inspect "$1" >/dev/null 2>&1; }

# Builds the Dockerfile on standard input. The context has directories of this machine's .NET.
build() { # TAG DIRECTORY...
  local tag=$1
  shift
  cat >"$scratch/Dockerfile"
  tar --create --directory "$scratch" Dockerfile --directory "$dotnet" "$@" | docker build --quiet --tag "$tag" - >/dev/null
}

# As in other images, without documentation and caches of apt. With this machine's certificates, because a proxy before its packages may have its own.
there $debian || mmdebstrap --quiet --variant=minbase --include=ca-certificates,libssl3,libstdc++6,tzdata,zlib1g \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  --aptopt='Dir::Cache::pkgcache ""' --aptopt='Dir::Cache::srcpkgcache ""' --aptopt='DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb"; }' \
  --customize-hook='copy-in /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs' \
  bookworm - | docker import - $debian >/dev/null

there $runtime || build $runtime dotnet host shared <<END
FROM $debian
COPY dotnet /usr/share/dotnet/
COPY host /usr/share/dotnet/host
COPY shared /usr/share/dotnet/shared
RUN ln -s /usr/share/dotnet/dotnet /usr/bin/dotnet && useradd --uid 1654 --user-group --create-home app
ENV APP_UID=1654 ASPNETCORE_HTTP_PORTS=8080 DOTNET_RUNNING_IN_CONTAINER=true
END

# With this machine's mode of NuGet: where revocation lists cannot be fetched, each package waits for them in vain.
there $sdk || build $sdk packs sdk sdk-manifests templates <<END
FROM $runtime
COPY packs /usr/share/dotnet/packs
COPY sdk /usr/share/dotnet/sdk
COPY sdk-manifests /usr/share/dotnet/sdk-manifests
COPY templates /usr/share/dotnet/templates
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 NUGET_CERT_REVOCATION_MODE=${NUGET_CERT_REVOCATION_MODE:-online}
END
