"""Every variable the code reads is explained, and every one explained is read."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "settings.md"
# Not ours: what Django, Debian and the libraries themselves are told.
FOREIGN = {"DJANGO_SETTINGS_MODULE", "PATH", "HOME"}
READS = re.compile(r"^(env\.\w+|os\.environ\.get|os\.getenv|secret_from_environment_or_file)$")


def variables_read(source: str) -> set[str]:
    """Return the names that a module reads from the environment."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        name: ast.expr | None = None
        if isinstance(node, ast.Call) and READS.match(ast.unparse(node.func)) and node.args:
            name = node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            name = node.slice
        elif isinstance(node, ast.Compare) and ast.unparse(node.comparators[0]) == "os.environ":
            name = node.left
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            found.add(name.value)
    return found - FOREIGN


def all_read() -> set[str]:
    paths = (ROOT / "src" / "linli").rglob("*.py")
    return set().union(*(variables_read(path.read_text("utf-8")) for path in paths))


def documented() -> set[str]:
    """The names in the first column of the page's tables."""
    return set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE))


def test_every_variable_read_is_explained() -> None:
    assert all_read() - documented() == set()


def test_every_variable_explained_is_read() -> None:
    assert documented() - all_read() == set()


def test_the_reader_sees_every_way_to_read() -> None:
    source = (
        'env.str("A", ""), os.environ["B"], os.environ.get("C", "x"), "D" in os.environ,'
        ' secret_from_environment_or_file("E", path, True), os.getenv("F")'
    )
    assert variables_read(source) == set("ABCDEF")
