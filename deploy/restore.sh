#!/bin/sh
# Restore what backup.sh made, into an empty database and an empty LINLI_DATA.
#
#     deploy/restore.sh FOLDER/linli-20261124T020000Z
#
# Reads BACKUP_DATABASE_URL, DATABASE_URL and LINLI_DATA as backup.sh does. Refuses to write over
# anything that is there.
set -eu
umask 027

backup=${1:?"usage: $0 BACKUP"}
data=${LINLI_DATA:-var}
url=${BACKUP_DATABASE_URL:-${DATABASE_URL:-sqlite:///$data/linli.sqlite3}}

echo "Checking the backup …"
(cd "$backup" && sha256sum --check --quiet SHA256SUMS)
if [ -e "$data/uploads" ] && [ -n "$(ls -A "$data/uploads")" ]; then
    echo "There are uploads in $data already; restore into an empty folder." >&2 && exit 1
fi

case $url in
postgres*)
    tables=$(psql --no-psqlrc -tAc \
        "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'" "$url")
    if [ "$tables" != 0 ]; then
        echo "The database has $tables tables already; restore into an empty one." >&2 && exit 1
    fi
    echo "Restoring the database …"
    pg_restore --exit-on-error --single-transaction --no-owner --no-privileges \
        --dbname="$url" "$backup/database.dump"
    psql --no-psqlrc -qc ANALYZE "$url"
    ;;
sqlite:*)
    file=${url#sqlite:///}
    if [ -e "$file" ]; then
        echo "There is a database already: $file" >&2 && exit 1
    fi
    mkdir -p "$(dirname "$file")"
    cp "$backup/database.sqlite3" "$file"
    ;;
*) echo "Unknown kind of database: ${url%%:*}" >&2 && exit 1 ;;
esac

mkdir -p "$data/uploads"
cp -a "$backup/uploads/." "$data/uploads/"
echo "Restored. Now run: linli check --deploy"
