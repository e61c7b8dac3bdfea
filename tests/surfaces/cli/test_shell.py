"""As the shell sees it: exit codes, the terminal's language, what a kill leaves behind."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import time

import pytest

from tests.surfaces.cli.conftest import ROOT


def test_it_ends_with_zero(installed) -> None:
    done = installed.run("community", "list", "--json")
    assert (done.code, done.err) == (0, "")
    assert [one["code"] for one in json.loads(done.out)] == ["el"]


def test_a_refusal_ends_with_one_and_a_sentence(installed) -> None:
    done = installed.run("pack", "adopt", "nowhere", "cn-community")
    assert (done.code, done.out) == (1, "")
    assert done.err == "There is no community “nowhere”. Known are: el.\n"


@pytest.mark.parametrize("arguments", [["pack"], ["pack", "chek"], ["import", "requests", "x.csv"]])
def test_a_wrong_call_ends_with_two(installed, arguments) -> None:
    done = installed.run(*arguments)
    assert done.code == 2
    assert done.err.startswith("usage: ")


def test_it_speaks_chinese_where_the_terminal_does(installed) -> None:
    done = installed.run("pack", "adopt", "nowhere", "cn-community", LC_ALL="zh_CN.UTF-8")
    assert done.err == "没有代码为“nowhere”的社区。已有：el。\n"


def test_help_is_in_chinese_too(installed) -> None:
    done = installed.run("pack", "--help", LC_ALL="zh_CN.UTF-8")
    assert "检查" in done.out


def test_without_tables_it_says_what_to_do(tmp_path, installed) -> None:
    done = installed.run("community", "list", LINLI_DATA=str(tmp_path))
    assert done.code == 1
    assert "Was “linli migrate” run?" in done.err


def test_killed_in_the_middle_it_is_taken_up_again(installed, tmp_path) -> None:
    rows = 3_000
    table, mapping = tmp_path / "t.csv", tmp_path / "m.yaml"
    lines = [f"{number},路灯坏了第{number}盏。,2024-03-04" for number in range(rows)]
    table.write_text("\n".join(["id,text,time", *lines]), encoding="utf-8")
    mapping.write_text("source: old\ncolumns: {id: id, text: text, time: time}\n", encoding="utf-8")
    call = ("import", "requests", table, "--map", mapping, "--json")
    running = subprocess.Popen(
        installed.command(*call), env=installed.environment(), cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    before = _wait_for_rows(installed, 100)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert 100 <= before < rows
    lines[:] = lines[:600]  # the rest would only take longer
    table.write_text("\n".join(["id,text,time", *lines]), encoding="utf-8")
    done = installed.run(*call)
    report = json.loads(done.out)
    assert (done.code, report["refused"]) == (0, [])
    assert report["requests"] + report["known"] == 600
    assert report["known"] >= 100
    matters = _count(installed, "SELECT count(*) FROM matters_matter")
    assert _count(installed, "SELECT count(DISTINCT number) FROM matters_matter") == matters
    assert _count(installed, "SELECT count(DISTINCT key) FROM procedures_performed") == matters
    assert installed.run("rebuild", "indicators", "--check").code == 0


def _wait_for_rows(installed, wanted: int) -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if (found := _count(installed, "SELECT count(*) FROM matters_matter")) >= wanted:
            return found
        time.sleep(0.05)
    raise AssertionError("nothing was written in a minute")


def _count(installed, query: str) -> int:
    with sqlite3.connect(installed.data / "linli.sqlite3") as database:
        return int(database.execute(query).fetchone()[0])
