#!/bin/bash
# A single-node OpenStack Swift with s3api on loopback, for as long as standard input stays open.
# usage: swift.sh ROOT PROXY_PORT OBJECT_PORT CONTAINER_PORT ACCOUNT_PORT MEMCACHED_PORT
# needs: apt-get install -y --no-install-recommends swift-proxy swift-account swift-container swift-object liberasurecode1 memcached
# S3: SWIFT_ACCESS_KEY (account:user; test:tester), SWIFT_SECRET_KEY (testing), region us-east-1, path style, on SWIFT_ADDRESS (127.0.0.1).
# Prints "ready" when it answers.
set -eu
root=$1 proxy=$2 object=$3 container=$4 account=$5 cache=$6
key=${SWIFT_ACCESS_KEY:-test:tester} secret=${SWIFT_SECRET_KEY:-testing} address=${SWIFT_ADDRESS:-127.0.0.1}
export PATH=$PATH:/usr/sbin:/sbin
mkdir -p "$root"/{etc,log,data/d1}
pids=()
stop() { kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; }
trap stop EXIT

storage_server() { # name port
  cat > "$root/etc/$1.conf" <<X
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $2
workers = 1
user = $(id -un)
swift_dir = $root/etc
devices = $root/data
mount_check = false
disable_fallocate = true
log_level = WARNING
[pipeline:main]
pipeline = healthcheck $1-server
[app:$1-server]
use = egg:swift#$1
[filter:healthcheck]
use = egg:swift#healthcheck
[$1-replicator]
[$1-updater]
[$1-auditor]
X
  swift-ring-builder "$root/etc/$1.builder" create 4 1 0
  swift-ring-builder "$root/etc/$1.builder" add "r1z1-127.0.0.1:$2/d1" 1
  swift-ring-builder "$root/etc/$1.builder" rebalance
}
storage_server object "$object" >"$root/log/rings.log"
storage_server container "$container" >>"$root/log/rings.log"
storage_server account "$account" >>"$root/log/rings.log"

cat > "$root/etc/proxy.conf" <<X
[DEFAULT]
bind_ip = $address
bind_port = $proxy
workers = 1
user = $(id -un)
swift_dir = $root/etc
log_level = WARNING
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache listing_formats bulk s3api tempauth copy slo dlo versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
# a busy machine is no broken disk: without these a few slow answers shut the only storage node out for a minute
error_suppression_limit = 1000000
conn_timeout = 10
node_timeout = 60
account_autocreate = true
allow_account_management = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:$cache
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
allow_multipart_uploads = true
location = us-east-1
check_bucket_owner = false
max_upload_part_num = 10000
[filter:tempauth]
use = egg:swift#tempauth
user_${key/:/_} = $secret .admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
max_manifest_segments = 10000
[filter:dlo]
use = egg:swift#dlo
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true
[filter:symlink]
use = egg:swift#symlink
X

memcached -u nobody -l 127.0.0.1 -p "$cache" -m 32 -I 2m >"$root/log/memcached.log" 2>&1 & pids+=($!)
for name in account container object; do
  "swift-$name-server" "$root/etc/$name.conf" -v >"$root/log/$name.log" 2>&1 & pids+=($!)
done
swift-proxy-server "$root/etc/proxy.conf" -v >"$root/log/proxy.log" 2>&1 & pids+=($!)

for _ in $(seq 300); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$proxy") 2>/dev/null; then
    echo ready
    # Ends with whoever holds the other end of the pipe, even by a crash.
    cat >/dev/null
    exit 0
  fi
  for pid in "${pids[@]}"; do kill -0 "$pid" 2>/dev/null || { cat "$root"/log/*.log >&2; exit 1; }; done
  sleep 0.1
done
cat "$root"/log/*.log >&2
exit 1
