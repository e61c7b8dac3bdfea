"""Everything held about a person, in one ZIP, for that person alone."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from linli.kernel.access.models import AuditEntry
from linli.kernel.access.tokens import issue
from linli.kernel.files.storing import store_upload
from linli.kernel.people.contacts import reveal_contact, set_contact
from linli.kernel.people.own_data import all_about, export, section, sections
from linli.kernel.procedures.performing import perform
from tests.kernel.people.conftest import signed_in
from tests.pictures import picture


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def much(here):
    """A resident of whom something of everything is held."""
    set_contact(here.resident, "phone", "13800005678")
    upload = store_upload(here.community, picture(), by=here.resident)
    facts = {"text": "路灯坏了。", "address": "5栋302", "pictures": [str(upload.uuid)]}
    matter = here.report(by=here.resident, **facts).matter
    perform(matter, "triage", by=here.dispatcher, facts={"category": "pothole"})
    perform(matter, "note", by=here.dispatcher, facts={"text": "staff only"})
    reveal_contact(here.resident, "phone", by=here.handler, reason="约时间", matter=matter)
    issue(here.resident, here.community, "my program", None)
    return matter


def unpacked(content: bytes) -> tuple[dict, list[str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        assert pack.testzip() is None
        return json.loads(pack.read("data.json")), pack.namelist()


def test_it_works(here, much) -> None:
    client = signed_in(here.resident)
    assert client.get("/me/export/").status_code == 200

    answer = client.post("/me/export/")

    told, names = unpacked(answer.getvalue())
    assert told["person"]["username"] == here.resident.username
    assert told["contacts"][0]["value"] == "13800005678"
    assert told["who_saw_my_contacts"][0]["reason"] == "约时间"
    (matter,) = told["matters"]
    assert (matter["number"], matter["text"]) == (much.number, "路灯坏了。")
    assert {"text", "address"} <= {row["field"] for row in told["what_i_wrote"]}
    assert told["api_tokens"][0]["name"] == "my program"
    assert any(name.startswith("files/") for name in names)
    assert any(row["action"] == "people.signed_in" for row in told["audit_log"])
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith("attachment")


def test_nothing_that_is_for_staff_or_a_secret(here, much) -> None:
    text = json.dumps(all_about(here.resident), default=str)

    assert "staff only" not in text
    for secret in ("password", "digest", "pbkdf2", "md5$"):
        assert secret not in text


def test_nothing_of_anybody_else(here, much) -> None:
    set_contact(here.stranger, "phone", "13911112222")

    told, _ = unpacked(export(here.stranger).read())
    mine, _ = unpacked(export(here.resident).read())

    assert told["matters"] == told["what_i_wrote"] == told["files"] == []
    assert "13911112222" not in json.dumps(mine)


def test_it_is_noted(here) -> None:
    signed_in(here.resident).post("/me/export/")

    entry = AuditEntry.objects.get(action="people.exported")
    assert (entry.actor, entry.community) == (here.resident, here.community)


def test_it_asks_once_more_who_one_is(here) -> None:
    client = signed_in(here.resident, again=False)

    assert client.post("/me/export/")["Location"].startswith("/accounts/reauthenticate/")
    assert not AuditEntry.objects.filter(action="people.exported").exists()


def test_a_file_that_is_gone_does_not_stop_it(here, much, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "elsewhere"

    told, names = unpacked(export(here.resident).read())

    assert names == ["data.json"]
    assert len(told["files"]) == 1


def test_who_is_held_nothing_of(here) -> None:
    told, names = unpacked(export(here.stranger).read())

    assert set(told) == {"written_at", *sections}
    assert names == ["data.json"]


def test_a_room_adds_a_section_under_a_name_of_its_own() -> None:
    @section("for this test")
    def _read(person):
        return [1]

    try:
        with pytest.raises(ValueError, match="for this test"):
            section("for this test")(_read)
    finally:
        del sections["for this test"]
