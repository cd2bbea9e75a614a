#!/bin/bash
# Runs a real Keystone on 127.0.0.1:$1 in the foreground, with the user admin / adminpass in the project admin. All files are in the directory $2.
# Does not change /etc. Ends with all its processes when its standard input ends.
set -eu
port=$1 root=$2
mkdir -p "$root/fernet" "$root/credential"
chmod 700 "$root/fernet" "$root/credential"
cat > "$root/keystone.conf" <<CONF
[DEFAULT]
log_file = $root/keystone.log
use_stderr = false
public_endpoint = http://127.0.0.1:$port/
[database]
connection = sqlite:///$root/keystone.db
[token]
provider = fernet
[fernet_tokens]
key_repository = $root/fernet/
[fernet_receipts]
key_repository = $root/fernet/
[credential]
key_repository = $root/credential/
[cache]
# The cache is in memory, so one process only: another process would still accept a revoked token.
enabled = true
backend = dogpile.cache.memory
CONF
me=$(id -un) group=$(id -gn) url=http://127.0.0.1:$port/v3/
manage="keystone-manage --config-file $root/keystone.conf"
$manage fernet_setup --keystone-user "$me" --keystone-group "$group" & keys=$!
$manage credential_setup --keystone-user "$me" --keystone-group "$group" & more=$!
$manage db_sync
# With a rollback journal, parallel requests fail with "database is locked".
sqlite3 "$root/keystone.db" 'PRAGMA journal_mode=WAL;' > "$root/sqlite.log"
wait $keys
wait $more
$manage bootstrap --bootstrap-password adminpass --bootstrap-region-id RegionOne \
  --bootstrap-admin-url "$url" --bootstrap-internal-url "$url" --bootstrap-public-url "$url"
cd "$root"
export OS_KEYSTONE_CONFIG_FILES=$root/keystone.conf
uwsgi --plugins python3 --http-socket "127.0.0.1:$port" --wsgi-file /usr/bin/keystone-wsgi-public --master --processes 1 --lazy-apps \
  --enable-threads --add-header "Connection: close" --die-on-term --no-orphans --need-app --buffer-size 65535 \
  > "$root/uwsgi.log" 2>&1 < /dev/null &
server=$!
trap 'kill $server 2>/dev/null; wait $server' EXIT
# An open connection avoids that every request rebuilds the write-ahead log. It closes when the input ends.
python3 -c "import sqlite3, sys; keep = sqlite3.connect('$root/keystone.db'); keep.execute('select 1 from project').fetchall(); sys.stdin.read()"
