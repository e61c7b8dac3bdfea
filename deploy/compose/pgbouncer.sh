#!/bin/sh
# PgBouncer with the settings of deploy/systemd/pgbouncer.ini, listening to the other containers.
set -eu
umask 077
folder=$(mktemp -d)
printf '"linli" "%s"\n' "$POSTGRES_PASSWORD" >"$folder/users"
sed -e 's/^linli = .*/linli = host=postgres port=5432 dbname=linli/' \
    -e 's/^listen_addr = .*/listen_addr = */' \
    -e "s|^auth_file = .*|auth_file = $folder/users|" \
    /etc/linli/pgbouncer.ini >"$folder/pgbouncer.ini"
exec pgbouncer "$folder/pgbouncer.ini"
