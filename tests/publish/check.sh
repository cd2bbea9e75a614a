#!/usr/bin/env bash
# Publishes the program with the README's command and runs it without .NET, publishes at the root, and packs the libraries and checks the packages.
# Needs a .NET SDK that can fetch the runtime's packages.
set -euo pipefail
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
service=
trap '[ -z "$service" ] || kill "$service" 2>/dev/null || true; rm -rf "$scratch"' EXIT
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)

echo "== publishes with the README's command"
command=$(sed -n 's/^    \(dotnet publish .*\) -o out$/\1/p' README.md)
$command -o "$scratch/out" -v quiet

echo "== runs without .NET"
program="$scratch/out/ImageBackup.Api"
[ "$(env -i "$program" --version)" = "$version" ]
env -i "$program" --urls http://127.0.0.1:0 --ImageBackup:DataDirectory "$scratch/data" >"$scratch/log" & service=$!
for _ in $(seq 120); do
  page=$(sed -n 's/.*Web page: \([^ ]*\).*/\1/p' "$scratch/log")
  [ -z "$page" ] || break
  sleep 0.5
done
env -i "$program" healthcheck --ready --url "${page%/ui/}"
kill "$service"
wait "$service"
service=

echo "== publishes at the root"
dotnet publish -c Release -v quiet

echo "== packs the libraries"
dotnet pack -c Release -v quiet -o "$scratch/packages"
python3 - "$scratch/packages" "$version" <<'END'
import pathlib, re, sys, zipfile
packages, version = pathlib.Path(sys.argv[1]), sys.argv[2]
names = ['ImageBackup.Client', 'ImageBackup.Disks', 'ImageBackup.Ova', 'ImageBackup.Testcontainers']
expected = sorted(f'{name}.{version}.{kind}' for name in names for kind in ('nupkg', 'snupkg'))
assert sorted(path.name for path in packages.iterdir()) == expected, list(packages.iterdir())
for name in names:
    package = zipfile.ZipFile(packages / f'{name}.{version}.nupkg')
    for file in [f'lib/net10.0/{name}.dll', f'lib/net10.0/{name}.xml', 'README.md']:
        package.getinfo(file)
    nuspec = package.read(f'{name}.nuspec').decode()
    for part in ['<license type="expression">Apache-2.0</license>', '<authors>The ImageBackup Authors</authors>', '<readme>README.md</readme>', '<description>']:
        assert part in nuspec, f'{name}: {part} is missing in {nuspec}'
    # The commit is known in a clone only.
    if pathlib.Path('.git').exists():
        assert re.search(r'<repository [^>]*commit="[0-9a-f]{40}"', nuspec), f'{name}: no commit in {nuspec}'
    zipfile.ZipFile(packages / f'{name}.{version}.snupkg').getinfo(f'lib/net10.0/{name}.pdb')
END
echo "== published and packed"
