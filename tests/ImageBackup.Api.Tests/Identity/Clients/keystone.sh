#!/bin/bash
# A real Keystone on 127.0.0.1:$1 that keeps everything below the directory $2, in the foreground: one user admin / adminpass, project admin.
# Nothing in /etc is touched. It ends, with all it started, when its standard input does.
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
# In the process, so there may be one process only, or a revoked token lives on in another's memory.
enabled = true
backend = dogpile.cache.memory
CONF
me=$(id -un) group=$(id -gn) url=http://127.0.0.1:$port/v3/
manage="keystone-manage --config-file $root/keystone.conf"
$manage fernet_setup --keystone-user "$me" --keystone-group "$group" & keys=$!
$manage credential_setup --keystone-user "$me" --keystone-group "$group" & more=$!
$manage db_sync
# With a rollback journal, requests at the same time fail with "database is locked".
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
# An open connection keeps the write-ahead log from being rebuilt on every request. It goes when the input ends.
python3 -c "import sqlite3, sys; keep = sqlite3.connect('$root/keystone.db'); keep.execute('select 1 from project').fetchall(); sys.stdin.read()"
