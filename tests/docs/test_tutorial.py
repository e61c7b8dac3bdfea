"""The tutorial, word for word: its commands run, its files are taken, its way leads to the end."""

from __future__ import annotations

import re
import shlex
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from linli.kernel.access.tokens import verify
from linli.kernel.matters.models import Matter
from linli.kernel.organisations.models import Community, Organisation
from linli.kernel.people.models import Person
from linli.kernel.places.models import Address, Area
from linli.kernel.procedures.performing import perform

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/tutorial/your-neighbourhood-in-15-minutes.md").read_text("utf-8")
# These do not come back; `tests/surfaces/cli` starts them.
RUN_ON = {"linli serve", "linli worker"}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    """Every command of linli, in the order of the text."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    inline = re.findall(r"`(linli [^`]+)`", TEXT)
    found = [line for line in lines if line.startswith("linli ")] + inline
    return [command for command in found if command not in RUN_ON]


def table(heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, without marks."""
    part = TEXT.split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in row] for row in rows[2:]]


@pytest.fixture
def run(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command of the text in a folder with the files of the text; return what it says."""
    (tmp_path / "grids.geojson").write_text(blocks("json")[0], "utf-8")
    (tmp_path / "addresses.csv").write_text(blocks("csv")[0], "utf-8")
    monkeypatch.chdir(tmp_path)

    def run_one(command: str) -> str:
        told = StringIO()
        call_command(*shlex.split(command)[1:], stdout=told, stderr=StringIO())
        return told.getvalue()

    return run_one


def make_organisations_and_people(admin: Person) -> None:
    """Fill in the forms of the workbench as the tables say."""
    client = Client()
    client.force_login(admin)
    top = Organisation.objects.get(code="top")
    kinds = {"desk": "desk", "roads": "department", "grid-1": "grid"}
    for name, _kind, code, _why in table("5. Organisations"):
        facts = {"below-name": name, "below-kind": kinds[code], "below-code": code}
        answer = client.post(f"/desk/organisations/{top.uuid}/below/", facts)
        assert answer.status_code == 302, answer.content.decode()
    for username, shown, organisation, role in table("6. People"):
        facts = {
            "username": username,
            "display_name": shown,
            "organisation": str(Organisation.objects.get(name=organisation).uuid),
            "role": role.split()[0].lower(),
        }
        assert client.post("/desk/people/new/", facts).status_code in (200, 302)
        assert Person.objects.filter(username=username).exists()


def test_every_step_leads_to_the_next(run: Any, settings: Any) -> None:
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    early = [
        command for command in commands() if not command.startswith(("linli import", "linli token"))
    ]
    late = [command for command in commands() if command not in early]
    for command in early:
        run(command)
    community = Community.objects.get(code="east-lake")
    make_organisations_and_people(Person.objects.get(username="admin"))
    told = {command: run(command) for command in late}
    assert Area.objects.filter(community=community).count() == 2
    assert Address.objects.filter(community=community).count() == 3
    (token,) = [text.split()[-1] for name, text in told.items() if name.startswith("linli token")]
    assert verify(token)
    walk_through_the_report()


def walk_through_the_report() -> None:
    """Report without an account, handle it as the two accounts, rate it by the secret link."""
    (text,) = re.findall("「(东湖路1号2栋门口.*?)」", TEXT)
    resident = Client()
    page = resident.get("/report/")
    key = re.search(r'name="key" value="([^"]+)"', page.content.decode())
    facts = {"text": text, "address": "东湖路1号2栋1单元", "key": key.group(1) if key else ""}
    answer = resident.post("/report/", facts)
    assert answer.status_code == 302
    link = answer["Location"].removesuffix("received/")
    matter = Matter.objects.get()
    assert re.fullmatch(r"DH-\d{4}-000001", matter.number)
    assert str(matter.area) == "第一网格"
    desk, unit = (Person.objects.get(username=name) for name in ("li.na", "zhao.gang"))
    roads = Organisation.objects.get(code="roads")
    tomorrow = timezone.localdate() + timedelta(days=1)
    for by, action, given in (
        (desk, "triage", {"category": "streetlight", "public_title": "2栋门口路灯不亮"}),
        (desk, "dispatch", {"to": str(roads.uuid)}),
        (unit, "accept", {}),
        (unit, "reply", {"text": "明天上门更换。", "promised_on": tomorrow.isoformat()}),
        (unit, "solve", {"text": "已经更换。"}),
    ):
        perform(matter, action, by=Person.objects.get(pk=by.pk), facts=given)
    assert "明天上门更换。" in resident.get(link).content.decode()
    rating = {"rate-contacted": "true", "rate-solved": "true", "rate-satisfaction": "5"}
    assert resident.post(f"{link}do/rate/", rating).status_code == 302
    matter.refresh_from_db()
    assert matter.stage == "closed"
    public = Client().get("/board/?c=east-lake").content.decode()
    assert "2栋门口路灯不亮" in public
    assert "李娜" not in public
