"""The reference page of the commands, written from their own help."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand
from django.utils.translation import override

if TYPE_CHECKING:
    from collections.abc import Iterator

INTRODUCTION = """\
# Commands

Generated from the code by `linli docs`; do not edit. `linli COMMAND --help` says the same in the
language of the terminal (`LANG`). Besides these, `linli help` lists the commands of Django.

Exit codes: 0 done, 1 refused (the sentence says why), 2 called wrongly, 130 interrupted.
"""


def commands_markdown() -> str:
    """Return the reference page of Linli's own commands, in English, ending in one newline."""
    with override("en"):
        parts = [INTRODUCTION]
        for name, application in sorted(get_commands().items()):
            if str(application).startswith("linli."):
                parts.extend(_command(name, load_command_class(str(application), name)))
    return "\n".join(parts).rstrip() + "\n"


def _command(name: str, command: BaseCommand) -> Iterator[str]:
    parser = command.create_parser("linli", name)
    yield f"## `linli {name}`\n"
    yield f"{parser.description}.\n"
    subcommands = _subcommands(parser)
    if not subcommands:
        yield from _options(parser)
    for sub, inner in subcommands.items():
        yield f"### `linli {name} {sub}{_arguments(inner)}`\n"
        yield f"{_sentence(inner.description or '')}.\n"
        yield from _options(inner)


def _subcommands(parser: Any) -> dict[str, Any]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _own(parser: Any) -> list[argparse.Action]:
    """Return a parser's arguments without those every command of Django has."""
    shared = {action.dest for action in BaseCommand().create_parser("linli", "x")._actions}
    return [
        action
        for action in parser._actions
        if action.dest not in shared and action.help != argparse.SUPPRESS
    ]


def _arguments(parser: Any) -> str:
    found = ""
    for action in _own(parser):
        if not action.option_strings:
            word = action.metavar or action.dest.upper()
            optional, several = action.nargs in ("?", "*"), action.nargs in ("*", "+")
            word = f"{word} …" if several else str(word)
            found += f" [{word}]" if optional else f" {word}"
    return found


def _options(parser: Any) -> Iterator[str]:
    rows = [_option(action) for action in _own(parser)]
    if rows:
        yield "| argument | meaning |\n|---|---|"
        yield "\n".join(rows) + "\n"


def _option(action: argparse.Action) -> str:
    name = ", ".join(action.option_strings) or str(action.metavar or action.dest.upper())
    if action.option_strings and action.nargs != 0:
        choices = "\\|".join(map(str, action.choices)) if action.choices else ""
        name += f" {choices or action.metavar or action.dest.upper()}"
    told = (action.help or "") % {"default": action.default, "prog": "linli"}
    must = " (needed)" if action.required and action.option_strings else ""
    return f"| `{name}` | {_sentence(told)}{must} |"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
