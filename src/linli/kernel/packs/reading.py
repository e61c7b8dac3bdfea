"""Reading a pack's YAML into plain values that remember their lines.

A subset of YAML 1.2 is read: mappings, lists, texts, numbers, true, false and null. Nothing is
guessed: 08:30 and 2026-10-01 and no are texts, and tags are refused. Anchors and aliases work,
within limits: a file of a kilobyte can stand for a terabyte otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml
from django.utils.translation import gettext as _

from linli.kernel.packs.problems import PackInvalid, Problem

if TYPE_CHECKING:
    from pathlib import Path

Path_ = tuple[str | int, ...]

LARGEST_FILE = 1024 * 1024  # bytes
MOST_VALUES = 50_000  # in a file, aliases followed
DEEPEST = 30
_PLAIN_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map")}
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}")


@dataclass
class Source:
    """A pack as read: its values, and for each path the file and line where it stands."""

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[Path_, tuple[str, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place_of(self, path: Path_) -> tuple[str, int]:
        """Return file and line of a setting, or of the nearest one around it."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return self.lines.get((), ("pack.yaml", 1))

    def problem(self, path: Path_, sentence: str) -> Problem:
        """Return a problem with a setting at its place."""
        file, line = self.place_of(path)
        return Problem(file, line, dotted(path), sentence)


def dotted(path: Path_) -> str:
    """Return a path as people write it: ``roles.handler.may[0]``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f"{'.' if text else ''}{part}"
    return text


def read_source(folder: Path) -> Source:
    """Read ``pack.yaml`` and the files beside it, each a section named like the file.

    Raises PackInvalid where a file is not YAML at all; lesser problems are kept in the result.
    """
    source = Source()
    main = folder / "pack.yaml"
    if not main.is_file():
        raise PackInvalid([Problem("pack.yaml", 1, "", _("The pack has no file pack.yaml."))])
    source.lines[()] = ("pack.yaml", 1)
    top = _Reader(source, main, ()).read()
    if isinstance(top, dict):
        source.values.update(top)
    else:
        source.problems.append(Problem("pack.yaml", 1, "", _("The file must hold settings.")))
    for path in sorted(folder.glob("*.yaml")):
        if path != main:
            _read_section(source, path)
    return source


def read_settings(file: Path) -> Source:
    """Read one file of settings that is no pack, such as the map of an import.

    Raises PackInvalid where it is not there or no YAML; lesser problems are kept in the result.
    """
    source = Source()
    source.lines[()] = (file.name, 1)
    if not file.is_file():
        raise PackInvalid([Problem(file.name, 1, "", _("There is no such file."))])
    values = _Reader(source, file, ()).read()
    if isinstance(values, dict):
        source.values.update(values)
    else:
        source.problems.append(Problem(file.name, 1, "", _("The file must hold settings.")))
    return source


def _read_section(source: Source, path: Path) -> None:
    if path.stem in source.values:
        sentence = _("This section stands in pack.yaml already.")
        source.problems.append(Problem(path.name, 1, path.stem, sentence))
        return
    source.lines[(path.stem,)] = (path.name, 1)
    source.values[path.stem] = _Reader(source, path, (path.stem,)).read()


class _Reader:
    """Reads one file; ``base`` is the path of the section it holds."""

    def __init__(self, source: Source, file: Path, base: Path_) -> None:
        self.source, self.file, self.base, self.count = source, file, base, 0

    def read(self) -> Any:
        text = self._text()
        try:
            node = yaml.compose(text, Loader=yaml.BaseLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            reason = error.problem or error.context or ""
            sentence = _("This is not YAML: %(reason)s.") % {"reason": reason}
            raise self._broken(mark.line + 1 if mark else 1, sentence) from None
        except yaml.YAMLError:
            sentence = _("This is not YAML: it has characters that YAML forbids.")
            raise self._broken(1, sentence) from None
        except RecursionError:
            raise self._broken(1, _("The settings are nested too deeply.")) from None
        return {} if node is None else self._value(node, self.base, 0)

    def _text(self) -> str:
        if self.file.stat().st_size > LARGEST_FILE:
            raise self._broken(1, _("The file is larger than a pack's file may be (1 MB)."))
        content = self.file.read_bytes()
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            raise self._broken(line, _("The file is not UTF-8.")) from None

    def _broken(self, line: int, sentence: str) -> PackInvalid:
        found = Problem(self.file.name, line, dotted(self.base), sentence)
        return PackInvalid([*self.source.problems, found])

    def _value(self, node: yaml.Node, path: Path_, depth: int) -> Any:
        self.count += 1
        line = node.start_mark.line + 1
        if self.count > MOST_VALUES:
            raise self._broken(line, _("The file stands for too many settings."))
        if depth > DEEPEST:
            raise self._broken(line, _("The settings are nested too deeply."))
        self.source.lines.setdefault(path, (self.file.name, line))
        if node.tag not in _PLAIN_TAGS:
            self._note(line, path, _("Tags (%(tag)s) are not allowed.") % {"tag": node.tag})
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, depth)
        if isinstance(node, yaml.SequenceNode):
            return [
                self._value(item, (*path, number), depth + 1)
                for number, item in enumerate(node.value)
            ]
        unquoted = isinstance(node, yaml.ScalarNode) and node.style is None
        return plain(node.value) if unquoted else node.value

    def _mapping(self, node: yaml.MappingNode, path: Path_, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self._note(line, path, _("A key must be a plain word."))
                continue
            name = str(key.value)
            if name in found:
                self._note(line, (*path, name), _("This key stands here twice."))
                continue
            self.source.lines[(*path, name)] = (self.file.name, line)
            found[name] = self._value(value, (*path, name), depth + 1)
        return found

    def _note(self, line: int, path: Path_, sentence: str) -> None:
        self.source.problems.append(Problem(self.file.name, line, dotted(path), sentence))


def plain(text: str) -> Any:
    """Return what an unquoted text stands for: true, false, null, a number, else itself."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text
