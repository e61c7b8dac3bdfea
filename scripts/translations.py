#!/usr/bin/env python3
"""Check that no message lacks its Chinese, or bring the catalogues up to date.

    scripts/translations.py [FOLDER …]            exit status 1 where a message lacks its Chinese
                                                  or two catalogues say it differently
    scripts/translations.py --update [FOLDER …]   write new messages into the catalogues

Both need gettext; without folders they go through every application.

Each application keeps its own ``locale`` folder; settings' messages live with the web surface.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "linli"
LANGUAGE = "zh_Hans"
PO = Path("locale") / LANGUAGE / "LC_MESSAGES" / "django.po"
# One header for all: dates and names that change with each run would only make conflicts.
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: Linli\\n"
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""
OPTIONS = ["-l", LANGUAGE, "--no-wrap", "--add-location", "file", "--no-obsolete", "-v", "0"]


def applications() -> list[Path]:
    """Return the folder of every application, the innermost deciding whose a file is."""
    return sorted(path.parent for path in SOURCE.rglob("apps.py"))


def make_messages(folder: Path, nested: list[Path]) -> None:
    """Let Django collect the messages of one application, without those of nested ones."""
    ignored = [part for inner in nested for part in ("-i", f"{inner.relative_to(folder)}/*")]
    command = [sys.executable, "-P", "-m", "django", "makemessages", *OPTIONS, *ignored]
    (folder / "locale").mkdir(exist_ok=True)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{folder}: {done.stderr}")
    if (folder / PO).is_file():
        _, _, messages = (folder / PO).read_text(encoding="utf-8").partition("\n\n")
        messages = messages.replace('\nmsgstr[1] ""', "")  # Chinese has one form
        (folder / PO).write_text(f"{HEADER}\n{messages}", encoding="utf-8")


def nested_in(folder: Path) -> list[Path]:
    """Return the applications inside an application."""
    return [path for path in applications() if path != folder and folder in path.parents]


def catalogue(folder: Path) -> Catalog:
    """Return an application's catalogue, empty where there is none."""
    path = folder / PO
    if not path.is_file():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def gaps(folder: Path) -> list[str]:
    """Return the messages of an application that have no translation, by collecting them anew."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / folder.name
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("locale", "__pycache__"))
        make_messages(copy, [copy / inner.relative_to(folder) for inner in nested_in(folder)])
        wanted = [(one.id, one.context) for one in catalogue(copy) if one.id]
    known = catalogue(folder)
    return [str(one) for one, context in wanted if not translated(known, one, context)]


def translated(known: Catalog, wanted: object, context: str | None = None) -> bool:
    """Whether a catalogue has a whole, certain translation."""
    message = known.get(wanted, context)  # type: ignore[arg-type]
    if message is None or message.fuzzy:
        return False
    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(texts)


def contradictions() -> list[str]:
    """Return the messages that two catalogues say differently: Django would show either."""
    said: dict[str, dict[str, str]] = {}
    for folder in applications():
        for message in catalogue(folder):
            if message.id and message.string:
                key = f"{message.context or ''} {message.id!r}"
                said.setdefault(key, {})[str(message.string)] = folder.name
    return [f"{key}: {texts}" for key, texts in sorted(said.items()) if len(texts) > 1]


def main() -> int:
    """Check or update."""
    if not shutil.which("xgettext"):
        sys.exit("gettext is missing: install the package gettext.")
    missing = 0
    named = [Path(one).resolve() for one in sys.argv[1:] if not one.startswith("-")]
    for folder in applications():
        if named and folder not in named:
            continue
        if "--update" in sys.argv[1:]:
            make_messages(folder, nested_in(folder))
            continue
        for text in gaps(folder):
            missing += 1
            print(f"{folder.relative_to(ROOT)}: not translated: {text!r}")
    for text in contradictions():
        missing += 1
        print(f"said in two ways: {text}")
    if "--update" not in sys.argv[1:]:
        told = (
            f"{missing} messages lack a translation." if missing else "Translations have no gaps."
        )
        print(told)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
