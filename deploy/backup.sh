#!/bin/sh
# Back up database and uploads into a new folder below FOLDER; keep the newest ones.
#
#     deploy/backup.sh FOLDER
#
# Reads from the environment:
#   BACKUP_DATABASE_URL  PostgreSQL itself, not PgBouncer; DATABASE_URL when absent;
#                        SQLite in LINLI_DATA when both are
#   LINLI_DATA           where uploads lie (./var)
#   BACKUP_KEEP          how many backups to keep (14)
#
# The keys are not in the backup: who finds it can read no personal value. Keep LINLI_MASTER_KEY
# somewhere else; without it names and telephone numbers are lost.
set -eu
umask 077

folder=${1:?"usage: $0 FOLDER"}
data=${LINLI_DATA:-var}
url=${BACKUP_DATABASE_URL:-${DATABASE_URL:-sqlite:///$data/linli.sqlite3}}
new=$folder/linli-$(date -u +%Y%m%dT%H%M%SZ)
unfinished=$new.unfinished

mkdir -p "$folder"
previous=$(find "$folder" -mindepth 1 -maxdepth 1 -type d -name 'linli-*Z' | sort | tail -n 1)
previous=${previous:-/nonexistent}
mkdir -p "$unfinished/uploads"
trap 'rm -rf "$unfinished"' EXIT

# The database first: every upload it names is on disk by then.
case $url in
postgres*) pg_dump --format=custom --no-owner --no-privileges --file="$unfinished/database.dump" "$url" ;;
sqlite:*)
    python3 - "${url#sqlite:///}" "$unfinished/database.sqlite3" <<'PYTHON'
import sqlite3
import sys

source = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
with sqlite3.connect(sys.argv[2]) as copy:
    source.backup(copy)
PYTHON
    ;;
*) echo "Unknown kind of database: ${url%%:*}" >&2 && exit 1 ;;
esac

# An upload never changes: one that the last backup holds is linked, not copied.
if [ -d "$data/uploads" ]; then
    (cd "$data/uploads" && find . -type f ! -name 'tmp*') | while read -r file; do
        mkdir -p "$unfinished/uploads/$(dirname "$file")"
        ln "$previous/uploads/$file" "$unfinished/uploads/$file" 2>/dev/null ||
            cp -p "$data/uploads/$file" "$unfinished/uploads/$file"
    done
fi

(cd "$unfinished" && find . -type f ! -name SHA256SUMS -exec sha256sum {} + >SHA256SUMS)
mv "$unfinished" "$new"
touch "$data/last-backup" # `linli check --deploy` looks at its age

find "$folder" -mindepth 1 -maxdepth 1 -type d -name 'linli-*Z' | sort -r |
    tail -n +"$((${BACKUP_KEEP:-14} + 1))" | while read -r old; do rm -rf "$old"; done
echo "$new"
