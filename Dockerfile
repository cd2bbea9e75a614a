# Two stages: the SDK publishes; the image has the runtime and the native compressors.
#   docker build -t imagebackup .
#   docker run --read-only --tmpfs /tmp -p 127.0.0.1:9000:9000 -v imagebackup:/data -e ImageBackup__Auth__AllowAnonymousRemote=true imagebackup
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# The project files first, so that packages are restored again only if these change.
COPY Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/ImageBackup.Disks/ImageBackup.Disks.csproj src/ImageBackup.Disks/
COPY src/ImageBackup.Ova/ImageBackup.Ova.csproj src/ImageBackup.Ova/
COPY src/ImageBackup.Client/ImageBackup.Client.csproj src/ImageBackup.Client/
COPY src/ImageBackup.Core/ImageBackup.Core.csproj src/ImageBackup.Core/
COPY src/ImageBackup.Identity/ImageBackup.Identity.csproj src/ImageBackup.Identity/
COPY src/ImageBackup.Api/ImageBackup.Api.csproj src/ImageBackup.Api/
RUN dotnet restore src/ImageBackup.Api --use-current-runtime

COPY src/ src/
RUN dotnet publish src/ImageBackup.Api --no-restore --use-current-runtime --self-contained false --configuration Release --output /app -p:UseAppHost=false -p:SatelliteResourceLanguages=en \
 && mkdir /data

FROM mcr.microsoft.com/dotnet/aspnet:10.0
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libisal2 \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /app /app
COPY --from=build --chown=1654:1654 /data /data

# 1654 is the user `app` of the base image. The service writes only to /data; the rest may be read-only.
USER 1654
WORKDIR /data
VOLUME /data
EXPOSE 9000

# Without authentication, the service refuses to listen beyond loopback. Set Auth:Mode to Embedded or Keystone, or set AllowAnonymousRemote.
ENV ASPNETCORE_URLS=http://+:9000 \
    ASPNETCORE_HTTP_PORTS= \
    DOTNET_EnableDiagnostics=0 \
    ImageBackup__DataDirectory=/data
HEALTHCHECK --interval=10s --timeout=6s --start-period=20s --retries=3 CMD ["dotnet", "/app/ImageBackup.Api.dll", "healthcheck"]
ENTRYPOINT ["dotnet", "/app/ImageBackup.Api.dll"]
