# Sourced by check.sh and compose.sh, whose traps remove the directory.
scratch=$(mktemp -d)

# Waits until a container is healthy.
wait_until_healthy() { # CONTAINER
  local health=
  for _ in $(seq 60); do
    health=$(docker inspect --format '{{.State.Health.Status}}' "$1")
    [ "$health" = healthy ] && return
    sleep 1
  done
  docker logs "$1" >&2
  echo "health of $1: $health" >&2
  return 1
}

# Only the data directory is writable, and the user is not root.
check_confinement() { # CONTAINER
  [ "$(docker exec "$1" id --user)" = 1654 ]
  if docker exec --user 0 "$1" touch /app/written 2>/dev/null; then return 1; fi
  docker exec "$1" sh -c 'touch /data/written && rm /data/written'
}

# Runs the README's examples. Their `imagebackup` is the program in the image.
run_readme() { # URL IMAGE
  mkdir "$scratch/programs"
  cat >"$scratch/programs/imagebackup" <<END
#!/bin/sh
exec docker run --rm -v "\$PWD:\$PWD" -w "\$PWD" -u "\$(id -u)" --read-only --tmpfs /tmp --network none $2 "\$@"
END
  chmod +x "$scratch/programs/imagebackup"
  PATH=$scratch/programs:$PATH python3 tests/docs/run_examples.py README.md --url "$1"
}
