#!/usr/bin/env python3
"""A private PostgreSQL for tests and benches: temporary folder, loopback, free port, not as root.

    scripts/postgres.py [--durable] run -- COMMAND …    with DATABASE_URL set, gone afterwards
    scripts/postgres.py [--durable] start FOLDER         prints DATABASE_URL
    scripts/postgres.py stop FOLDER

Without --durable it does not wait for the disk: right for tests, wrong for anything else.
Debian's package is installed where it is absent and this user may.
"""

from __future__ import annotations

import argparse
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
COMMON = [
    "max_connections=200", "shared_buffers=512MB", "work_mem=32MB", "max_wal_size=4GB",
    "random_page_cost=1.1", "listen_addresses=127.0.0.1", "timezone=UTC", "jit=off",
]  # fmt: skip
OWNER = "linli"


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--durable", action="store_true", help="wait for the disk at each commit")
    parser.add_argument("what", choices=["run", "start", "stop"])
    parser.add_argument("rest", nargs=argparse.REMAINDER)
    asked = parser.parse_args()
    if asked.what == "run":
        return run([part for part in asked.rest if part != "--"], asked.durable)
    folder = Path(asked.rest[0]).absolute()
    if asked.what == "stop":
        stop(folder)
    else:
        print(start(folder, asked.durable))
    return 0


def run(command: list[str], durable: bool) -> int:
    """Run a command beside a cluster that is gone afterwards, whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="linli-postgres-"))
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    try:
        url = start(folder, durable)
        return subprocess.run(
            command, env=os.environ | {"DATABASE_URL": url}, check=False
        ).returncode
    finally:
        stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


def start(folder: Path, durable: bool) -> str:
    """Make and start a cluster in the folder; return its DATABASE_URL."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    data, port = folder / "data", free_port()
    if os.geteuid() == 0:
        os.chown(folder, *unprivileged())
    program(
        "initdb", "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"
    )
    settings = [*COMMON, f"port={port}", f"unix_socket_directories={folder}"]
    settings += [] if durable else FAST
    options = " ".join(f"-c {setting}" for setting in settings)
    program("pg_ctl", "-D", data, "-l", folder / "log", "-w", "-t", "60", "-o", options, "start")
    program("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", OWNER, "linli")
    return f"postgres://{OWNER}@127.0.0.1:{port}/linli"


def stop(folder: Path) -> None:
    """Stop the cluster of a folder, if it runs."""
    if (folder / "data" / "postmaster.pid").exists():
        program("pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop", check=False)


def program(name: str, *arguments: str | Path, check: bool = True) -> None:
    """Run one of PostgreSQL's programs, as somebody else when we are root."""
    command = [str(binaries() / name), *map(str, arguments)]
    identity = {}
    if os.geteuid() == 0:
        user, group = unprivileged()
        identity = {"user": user, "group": group, "extra_groups": []}
    # Not through a pipe: the server would keep it open.
    with tempfile.TemporaryFile("w+") as told:
        done = subprocess.run(  # type: ignore[call-overload]
            command, stdout=told, stderr=subprocess.STDOUT, cwd="/", check=False, **identity
        )
        if done.returncode and check:
            told.seek(0)
            sys.exit(f"{name} failed:\n{told.read()}")


def unprivileged() -> tuple[int, int]:
    """Return the user and group that own the cluster when we are root, which PostgreSQL refuses."""
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    sys.exit("There is no user postgres or nobody to run PostgreSQL as.")


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs, the newest version; install it if need be."""
    found = installed()
    if found is None:
        install()
        found = installed()
    if found is None:
        sys.exit("PostgreSQL is missing: install the package postgresql (15 or newer).")
    return found


def installed() -> Path | None:
    """Return the folder of the newest PostgreSQL there is, or None."""
    folders = [
        path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()
    ]
    if folders:
        return max(folders, key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def install() -> None:
    """Install Debian's package, where this user may."""
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (prefix and not shutil.which("sudo")):
        return
    quiet = {
        "stdout": subprocess.DEVNULL,
        "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
    }
    subprocess.run([*prefix, "apt-get", "update", "-q"], check=False, **quiet)  # type: ignore[call-overload]
    subprocess.run([*prefix, "apt-get", "install", "-y", "-q", "postgresql"], check=False, **quiet)  # type: ignore[call-overload]


def free_port() -> int:
    """Return a port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
