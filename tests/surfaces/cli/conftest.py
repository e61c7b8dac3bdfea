"""Running commands: in this process, and as the shell runs them."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.translation import override

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Done:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


@pytest.fixture
def linli():
    """Run a command within the test's transaction, in English; a refusal is its last error."""

    def run(*arguments: object) -> Done:
        out, err = io.StringIO(), io.StringIO()
        code = 0
        with override("en"):
            try:
                call_command(*map(str, arguments), stdout=out, stderr=err)
            except CommandError as error:
                err.write(f"{error}\n")
                code = error.returncode
        return Done(code, out.getvalue(), err.getvalue())

    return run


@dataclass(frozen=True)
class Installation:
    """A database of its own, reached only by commands that the shell runs."""

    data: Path

    def command(self, *arguments: object) -> list[str]:
        """Return what the shell runs."""
        code = "from linli.surfaces.cli.main import main; main()"
        return [sys.executable, "-c", code, *map(str, arguments)]

    def environment(self, **more: str) -> dict[str, str]:
        """Return the variables it is run with."""
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return kept | {"LINLI_DATA": str(self.data), "LC_ALL": "C.UTF-8"} | more

    def run(self, *arguments: object, **environment: str) -> Done:
        """Run a command to its end."""
        done = subprocess.run(
            self.command(*arguments), env=self.environment(**environment), cwd=ROOT,
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def installed(tmp_path_factory) -> Installation:
    """An installation with one community, on SQLite."""
    made = Installation(tmp_path_factory.mktemp("installation"))
    assert made.run("migrate", "-v", "0").code == 0
    done = made.run("community", "create", "el", "--name", "East Lake", "--prefix", "EL")
    assert done.code == 0, done.err
    return made
