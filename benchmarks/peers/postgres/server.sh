#!/bin/sh
# Starts a tuned PostgreSQL on loopback with a new database: server.sh start|stop DATADIR [PORT]
# Run it as a user other than root, as server.py does. BIN is the folder of the server's programs.
set -eu
action=$1 data=$2 port=${3:-54329}
bin=${BIN:-$(ls -d /usr/lib/postgresql/*/bin | tail -1)}
case $action in
start)
    "$bin/initdb" -D "$data" -U bench --locale=C --encoding=UTF8 --auth=trust >/dev/null
    cat >>"$data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
shared_buffers = 4GB
work_mem = 512MB
hash_mem_multiplier = 2
temp_buffers = 512MB
maintenance_work_mem = 1GB
effective_cache_size = 12GB
max_wal_size = 16GB
wal_level = minimal
max_wal_senders = 0
synchronous_commit = off
random_page_cost = 1.1
jit = off
CONF
    "$bin/pg_ctl" -D "$data" -l "$data/server.log" -w start
    ;;
stop) "$bin/pg_ctl" -D "$data" -m fast -w stop ;;
*) echo "usage: server.sh start|stop DATADIR [PORT]" >&2 && exit 2 ;;
esac
