"""`linli docs`: pages that follow from the code, and a check that they do."""

from __future__ import annotations

import os

import pytest


def test_it_writes_the_pages_and_then_they_are_up_to_date(linli, tmp_path) -> None:
    done = linli("docs", "--folder", tmp_path)
    assert done.code == 0
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "analysts-views.md", "commands.md", "packs.md", "procedures.md",
    ]  # fmt: skip
    assert linli("docs", "--folder", tmp_path, "--check").code == 0
    assert linli("docs", "--folder", tmp_path).out == ""


def test_the_pages_of_the_project_are_up_to_date(linli) -> None:
    assert linli("docs", "--check").err == ""


def test_a_page_out_of_date_is_told_and_left_alone(linli, tmp_path) -> None:
    linli("docs", "--folder", tmp_path)
    (tmp_path / "packs.md").write_text("old", encoding="utf-8")
    (tmp_path / "commands.md").unlink()
    done = linli("docs", "--folder", tmp_path, "--check")
    assert (done.code, done.err) == (1, "Out of date, run “linli docs”: commands.md, packs.md.\n")
    assert (tmp_path / "packs.md").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_are_the_same_in_every_language(linli, tmp_path, language) -> None:
    from django.utils.translation import override

    from linli.surfaces.cli.management.commands.docs import PAGES

    with override(language):
        written = {name: page() for name, page in PAGES.items()}
    assert "bring in requests" in written["commands.md"].lower()
    assert all(text.endswith("\n") and not text.endswith("\n\n") for text in written.values())


def test_every_command_says_what_it_does_in_the_language_of_the_terminal() -> None:
    from django.core.management import get_commands, load_command_class
    from django.utils.translation import override

    for name, application in get_commands().items():
        if not str(application).startswith("linli."):
            continue
        told = {}
        for language in ("zh-hans", "en"):
            with override(language):
                told[language] = (
                    load_command_class(application, name).create_parser("linli", name).description
                )
        assert told["en"].isascii(), name
        assert not told["zh-hans"].isascii(), name


def test_every_command_and_every_setting_is_in_them(linli) -> None:
    from linli.kernel.packs.schema import PackContent
    from linli.surfaces.cli.management.commands.docs import PAGES

    commands, packs = PAGES["commands.md"](), PAGES["packs.md"]()
    for name in ("pack check", "import requests", "token revoke", "rebuild search"):
        assert f"### `linli {name}" in commands
    assert all(f"| `{name}` |" in packs for name in PackContent.model_fields)


def test_a_folder_that_is_not_there_is_told(linli, tmp_path) -> None:
    assert "There is no folder" in linli("docs", "--folder", tmp_path / "no").err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_page_that_may_not_be_written_is_told(linli, tmp_path) -> None:
    (tmp_path / "packs.md").write_text("old", encoding="utf-8")
    (tmp_path / "packs.md").chmod(0o400)
    assert "Permission denied" in linli("docs", "--folder", tmp_path).err
