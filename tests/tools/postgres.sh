#!/usr/bin/env bash
# The throw-away PostgreSQL of `./dev postgres`, whose --help explains the options. First argument: the caller's folder.
set -euo pipefail

cd -- "$1" && shift
fail() {
  printf 'postgres: %s\n' "$2" >&2
  exit "$1"
}

directory='' port='' command=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --dir) directory=$(realpath -m -- "${2:?--dir needs a folder}") && shift 2 ;;
    --port) port=${2:?--port needs a number} && shift 2 ;;
    --for) shift && command=("$@") && break ;;
    *) fail 2 "unknown option '$1'" ;;
  esac
done

binaries=/usr/lib/postgresql/15/bin
[[ -x $binaries/postgres ]] || fail 3 "no PostgreSQL 15 in $binaries: ./dev install postgres"

# The server refuses to run as root.
as_server=()
if [[ $(id -u) -eq 0 ]]; then as_server=(runuser -u postgres --); fi

keep=yes
if [[ -z $directory ]]; then
  keep=no
  directory=$(mktemp -d /var/tmp/assay-postgres.XXXXXXXX)
fi
mkdir -p -- "$directory"
if [[ $(id -u) -eq 0 ]]; then chown postgres: -- "$directory"; fi
data=$directory/data log=$directory/server.log

server_pid() { "${as_server[@]}" head -n 1 "$data/postmaster.pid" 2>/dev/null || true; }

# Ends the server by the pid that it wrote itself; fast shutdown, no client is waited for.
end() {
  trap - EXIT INT TERM HUP
  local pid
  pid=$(server_pid)
  if [[ -n $pid ]] && kill -INT "$pid" 2>/dev/null; then
    for _ in {1..100}; do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -QUIT "$pid" 2>/dev/null || true
  fi
  if [[ $keep == no ]]; then rm -rf -- "$directory"; fi
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [[ ! -f $data/PG_VERSION ]]; then
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  (umask 077 && printf '%s\n' "$password" >"$directory/password")
  if [[ $(id -u) -eq 0 ]]; then chown postgres: -- "$directory/password"; fi
  "${as_server[@]}" "$binaries/initdb" -D "$data" -U assay --pwfile="$directory/password" -A scram-sha-256 \
    -E UTF8 --no-locale --no-sync >"$directory/initdb.log" 2>&1 ||
    { cat "$directory/initdb.log" >&2 && fail 3 'initdb failed'; }
fi
password=$(cat "$directory/password")

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# start PORT: the free port may be gone by now, so the caller tries again with another.
start() {
  "${as_server[@]}" "$binaries/pg_ctl" -D "$data" -l "$log" -s -w -t 30 -o "-c listen_addresses=127.0.0.1 -c port=$1 \
    -c unix_socket_directories='' -c fsync=on -c max_connections=50" start >&2
}
wanted_port=$port
for attempt in 1 2 3; do
  port=${wanted_port:-$(free_port)}
  if start "$port"; then break; fi
  # Processes of a server that was killed may take a moment to leave its shared memory.
  sleep 1
  [[ $attempt -lt 3 ]] || { tail -n 5 "$log" >&2 && fail 3 "PostgreSQL did not start on port $port"; }
done
pid=$(server_pid)

PGPASSWORD=$password psql -h 127.0.0.1 -p "$port" -U assay -d postgres -v ON_ERROR_STOP=1 -qAt \
  -c "SELECT 1 FROM pg_database WHERE datname = 'assay'" | grep -q 1 ||
  PGPASSWORD=$password "$binaries/createdb" -h 127.0.0.1 -p "$port" -U assay assay

url="postgresql://assay:$password@127.0.0.1:$port/assay"
if [[ ${#command[@]} -gt 0 ]]; then
  export ASSAY_POSTGRES_URL=$url
  status=0
  "${command[@]}" || status=$?
  exit "$status"
fi
printf '%s\n' "$url"
printf 'PostgreSQL 15, pid %s, data in %s; Ctrl-C ends it\n' "$pid" "$data" >&2
while kill -0 "$pid" 2>/dev/null; do
  sleep 0.5 &
  wait $! || true
done
fail 3 "the server ended by itself; see $log"
