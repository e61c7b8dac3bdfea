"""`linli pack`."""

from __future__ import annotations

import json
import shutil

import pytest
from django.conf import settings

from linli.kernel.packs.loading import load_pack

PACKS = settings.ROOT / "packs"


@pytest.fixture
def broken(tmp_path):
    folder = tmp_path / "open311-city"
    shutil.copytree(PACKS / "open311-city", folder)
    path = folder / "clocks.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("escalates", "escalate"), "utf-8")
    return folder


def test_it_checks_every_pack(linli) -> None:
    done = linli("pack", "check")
    assert (done.code, done.err) == (0, "")
    assert done.out == "cn-community: in order.\nopen311-city: in order.\n"


def test_a_mistake_is_told_with_file_and_line(linli, broken) -> None:
    done = linli("pack", "check", "cn-community", broken)
    assert done.code == 1
    assert done.out == "cn-community: in order.\n"
    assert f"{broken}/clocks.yaml:26: clocks.ask.escalate: This key is not known." in done.err
    assert done.err.endswith("Packs with mistakes: 1.\n")


def test_a_folder_that_is_not_there_is_told(linli) -> None:
    done = linli("pack", "check", "nowhere")
    assert (done.code, done.err) == (
        1, "There is no pack “nowhere”. Known are: cn-community, open311-city.\n",
    )  # fmt: skip


def test_packs_are_listed(linli) -> None:
    assert "open311-city" in linli("pack", "list").out
    names = [one["name"] for one in json.loads(linli("pack", "list", "--json").out)]
    assert names == ["cn-community", "open311-city"]


def test_a_pack_is_shown(linli) -> None:
    shown = linli("pack", "show", "open311-city").out
    assert "clocks (13): triage, accept, reply, solve, ask, report_in, duty, review," in shown
    shown = json.loads(linli("pack", "show", "open311-city", "--json").out)
    assert shown["casework"]["reopen_days"] == 21


def test_nothing_differs_from_itself(linli, here) -> None:
    assert linli("pack", "diff", "dh").out == "Nothing would change.\n"


def test_what_differs_is_named(linli, here) -> None:
    out = linli("pack", "diff", "dh", "open311-city").out
    assert "~ casework.reopen_days\n    30\n    21\n" in out
    assert "- roles.branch_secretary\n" in out


def test_a_pack_in_use_is_not_replaced_by_one_that_lacks_something(linli, here) -> None:
    done = linli("pack", "adopt", "dh", "open311-city")
    assert done.code == 1
    assert "organisation_kinds" in done.err
    here.community.refresh_from_db()
    assert here.community.pack.name == "cn-community"


def test_unless_it_is_meant(linli, here) -> None:
    done = linli("pack", "adopt", "dh", "open311-city", "--even-if-missing")
    assert done.code == 0
    here.community.refresh_from_db()
    assert here.community.pack == load_pack("open311-city")


def test_adopting_twice_changes_nothing(linli, here) -> None:
    before = here.community.pack
    assert linli("pack", "adopt", "dh", "cn-community").code == 0
    here.community.refresh_from_db()
    assert here.community.pack == before


@pytest.mark.parametrize("what", ["diff", "adopt"])
def test_an_unknown_community_is_told(linli, here, what) -> None:
    done = linli("pack", what, "xx", "cn-community")
    assert (done.code, done.err) == (1, "There is no community “xx”. Known are: dh.\n")
