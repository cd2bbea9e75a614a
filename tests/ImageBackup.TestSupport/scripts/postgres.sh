#!/bin/bash
# Runs PostgreSQL in a directory, on a socket there, until standard input closes: postgres.sh DIRECTORY [SETTING=VALUE...]
# The server refuses to run as root, so root runs it as "nobody". Nothing is flushed: the data does not outlive the test.
# Lines on standard input: "stop" ends the server at once, as a crash does; "start" starts it again. Each is answered with "ready".
set -eu
directory=$1
shift
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
settings=(-c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=500 -c shared_buffers=64MB)
for setting in "$@"; do settings+=(-c "$setting"); done
run=()
if [ "$(id -u)" = 0 ]; then
  run=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  chown 65534:65534 "$directory"
fi

start() {
  "${run[@]}" "$bin/postgres" -D "$directory/data" -k "$directory" "${settings[@]}" >>postgres.log 2>&1 &
  server=$!
  for _ in $(seq 300); do
    if "$bin/pg_isready" -q -h "$directory"; then
      echo ready
      return
    fi
    kill -0 $server 2>/dev/null || break
    sleep 0.1
  done

  cat postgres.log >&2
  exit 1
}

cd "$directory"
"${run[@]}" "$bin/initdb" -D "$directory/data" -U imagebackup -A trust -E UTF8 --locale=C.UTF-8 --no-sync >initdb.log 2>&1 || { cat initdb.log >&2; exit 1; }
trap 'kill -INT $server 2>/dev/null; wait $server' EXIT
start
while read -r command; do
  case $command in
    stop) kill -QUIT $server; wait $server || true; echo ready ;;
    start) start ;;
  esac
done
