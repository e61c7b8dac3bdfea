"""One matter: facts, timeline, actions; refused ones lose nothing that was typed."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.kernel.files.models import Upload
from linli.kernel.people.contacts import set_contact
from linli.kernel.people.models import ContactReveal
from linli.kernel.procedures.performing import perform
from tests.pictures import picture


def typed(matter, action: str, key: str = "k1", **facts) -> dict:
    given = {"version": matter.version, "key": key, **facts}
    return {f"{action}-{name}": value for name, value in given.items()}


def address(matter, action: str = "") -> str:
    return f"/desk/m/{matter.number}/" + (f"do/{action}/" if action else "")


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_it_works(here, desk, text) -> None:
    matter = here.at_stage("accepted", text="东门路面塌了", doorway=here.doorway.doorway_code)
    page = text(desk("handler").get(address(matter)))
    for words in ("东门路面塌了", here.roads.name, "第一网格", "ll-timeline", 'id="do-reply"'):
        assert words in page


def test_an_action_is_done(here, desk) -> None:
    matter = here.at_stage("accepted")
    sent = typed(matter, "reply", text="三天内修好。")
    answer = desk("handler").post(address(matter, "reply"), sent)
    assert answer["Location"] == address(matter)
    matter.refresh_from_db()
    assert matter.stage == "in_hand"


def test_an_action_without_facts_is_one_button(here, desk) -> None:
    matter = here.at_stage("dispatched")
    client = desk("handler")
    assert 'id="do-accept"' not in client.get(address(matter)).content.decode()
    client.post(address(matter, "accept"), typed(matter, "accept"))
    matter.refresh_from_db()
    assert matter.stage == "accepted"


def test_only_what_is_possible_now_is_offered(here, desk, text) -> None:
    matter = here.at_stage("accepted")
    assert 'id="do-reply"' not in text(desk("dispatcher").get(address(matter)))
    assert 'id="do-dispatch"' in text(desk("dispatcher").get(address(matter)))
    assert 'id="do-dispatch"' not in text(desk("handler").get(address(matter)))


@pytest.mark.parametrize(
    ("facts", "kept"),
    [({"text": ""}, ""), ({"text": "修" * 6000}, "修" * 6000),
     ({"text": "明天修", "promised_on": "gestern"}, "明天修"),
     ({"text": "明天修", "promised_on": "1999-01-01"}, "明天修")],
)  # fmt: skip
def test_wrong_facts_are_told_beside_the_field_and_kept(here, desk, text, facts, kept) -> None:
    matter = here.at_stage("accepted")
    answer = desk("handler").post(address(matter, "reply"), typed(matter, "reply", **facts))
    page = text(answer)
    assert answer.status_code == 422
    assert "ll-field--wrong" in page
    assert kept in page
    matter.refresh_from_db()
    assert matter.stage == "accepted"


def test_what_others_did_meanwhile_is_shown_and_the_text_is_kept(here, desk, text) -> None:
    matter = here.at_stage("accepted")
    sent = typed(matter, "reply", text="这是我写了很久的答复。")
    perform(matter, "note", by=here.dispatcher, facts={"text": "刚打过电话"})
    client = desk("handler")
    answer = client.post(address(matter, "reply"), sent)
    page = text(answer)
    assert answer.status_code == 409
    assert "这是我写了很久的答复。" in page
    assert page.count("刚打过电话") == 2  # meanwhile, and on the timeline
    matter.refresh_from_db()
    again = {**sent, "reply-version": str(matter.version)}
    assert f'value="{matter.version}"' in page
    assert client.post(address(matter, "reply"), again).status_code == 302


def test_two_at_once_one_wins_and_the_other_keeps_the_text(here, desk, text) -> None:
    matter = here.at_stage("accepted")
    sent = typed(matter, "reply", text="第二个人的答复")
    colleague = here.person("dh-colleague", here.roads, "handler")
    perform(matter, "reply", by=colleague, facts={"text": "第一个人的答复"})
    answer = desk("handler").post(address(matter, "reply"), sent)
    assert answer.status_code == 409
    assert "第二个人的答复" in text(answer)
    assert "第一个人的答复" in text(answer)


def test_sent_twice_is_done_once(here, desk) -> None:
    matter = here.at_stage("accepted")
    client, sent = desk("handler"), typed(matter, "note", text="一次")
    for _ in range(2):
        assert client.post(address(matter, "note"), sent).status_code == 302
    assert matter.events.filter(action="note").count() == 1


def test_pictures_sent_twice_are_stored_once_with_the_matter(here, desk) -> None:
    matter = here.at_stage("in_hand")
    client = desk("handler")
    for _ in range(2):
        sent = typed(matter, "solve", text="修好了") | {"solve-after": picture()}
        assert client.post(address(matter, "solve"), sent).status_code == 302
    assert matter.attachments.count() == 1


def test_a_file_that_is_none_is_refused_and_the_text_kept(here, desk, text) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    matter = here.at_stage("in_hand")
    bad = SimpleUploadedFile("x.png", b"<svg onload=alert(1)>", content_type="image/png")
    sent = typed(matter, "solve", text="修好了，这里有照片") | {"solve-after": bad}
    answer = desk("handler").post(address(matter, "solve"), sent)
    assert answer.status_code == 422
    assert "修好了，这里有照片" in text(answer)
    assert not matter.attachments.exists()


def test_files_of_a_form_that_is_wrong_elsewhere_are_kept_too(here, desk, text) -> None:
    matter = here.at_stage("in_hand")
    sent = typed(matter, "solve", text="") | {"solve-after": picture()}
    client = desk("handler")
    page = text(client.post(address(matter, "solve"), sent))
    uuid = str(Upload.objects.get().uuid)
    assert f'name="solve-after_kept" value="{uuid}"' in page
    again = typed(matter, "solve", text="修好了") | {"solve-after_kept": uuid}
    assert client.post(address(matter, "solve"), again).status_code == 302
    assert matter.attachments.count() == 1


def test_files_of_a_refused_submission_need_not_be_sent_again(here, desk, text) -> None:
    matter = here.at_stage("in_hand")
    sent = typed(matter, "solve", text="修好了") | {"solve-after": picture()}
    perform(matter, "note", by=here.dispatcher, facts={"text": "备注"})
    client = desk("handler")
    page = text(client.post(address(matter, "solve"), sent))
    uuid = str(Upload.objects.get().uuid)
    assert f'name="solve-after_kept" value="{uuid}"' in page
    matter.refresh_from_db()
    again = typed(matter, "solve", "k2", text="修好了") | {"solve-after_kept": uuid}
    assert client.post(address(matter, "solve"), again).status_code == 302
    assert matter.attachments.get().upload.uuid.hex == uuid.replace("-", "")


def test_the_wrong_stage_says_so_and_gives_the_text_back(here, desk, text) -> None:
    matter = here.at_stage("closed")
    sent = typed(matter, "reply", text="太晚的答复")
    answer = desk("handler").post(address(matter, "reply"), sent)
    assert answer.status_code == 409
    assert "太晚的答复" in text(answer)


def test_the_wrong_role_is_refused(here, desk) -> None:
    matter = here.at_stage("accepted")
    sent = typed(matter, "reply", text="我不是承办单位")
    assert desk("dispatcher").post(address(matter, "reply"), sent).status_code == 403
    matter.refresh_from_db()
    assert matter.stage == "accepted"


@pytest.mark.parametrize("action", ["nonsense", "clock_ran_out"])
def test_no_such_action(here, desk, action) -> None:
    matter = here.at_stage("accepted")
    assert desk("handler").post(address(matter, action), {}).status_code == 404


@pytest.mark.parametrize("number", ["DH-2026-999999", "nonsense", "x" * 300])
def test_no_such_matter(here, desk, number) -> None:
    assert desk("handler").get(f"/desk/m/{number}/").status_code == 404


def test_anothers_matter_is_not_there(here, elsewhere, desk) -> None:
    matter = here.report(text="东湖的事").matter
    assert desk("handler").get(address(matter)).status_code == 404
    assert desk("secretary", elsewhere).get(address(matter)).status_code == 404


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_version_that_makes_no_sense_changes_nothing(here, desk, version) -> None:
    matter = here.at_stage("accepted")
    sent = typed(matter, "note", text="备注") | {"note-version": version}
    answer = desk("handler").post(address(matter, "note"), sent)
    assert answer.status_code in (409, 422)
    assert not matter.events.filter(action="note").exists()


def test_scripts_in_words_stay_words(here, desk, text) -> None:
    matter = here.report(text="<script>alert(1)</script>").matter
    assert "<script>alert" not in text(desk("dispatcher").get(address(matter)))


def test_what_ends_a_matter_asks_first(here, desk, text) -> None:
    matter = here.at_stage("accepted")
    page = text(desk("dispatcher").get(address(matter)))
    closing = page[page.index('id="do-close"') :]
    assert "<strong>" in closing[: closing.index("<form")]
    assert "ll-button--danger" in closing


def test_queries_do_not_grow_with_the_timeline(here, desk) -> None:
    matter, client, counts = here.at_stage("in_hand"), desk("handler"), []
    for _ in range(2):
        for n in range(5):
            perform(matter, "note", by=here.handler, facts={"text": f"第{n}条"})
        with CaptureQueriesContext(connection) as counted:
            client.get(address(matter))
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] <= 30


# --- contact data ---------------------------------------------------------------------------
@pytest.fixture
def known(here):
    """A matter in hand whose reporter left a number."""
    set_contact(here.resident, "phone", "13955550137")
    return here.at_stage("accepted")


def test_contact_is_masked_until_a_reason_is_given(here, known, desk, text) -> None:
    client = desk("handler")
    assert "13955550137" not in text(client.get(address(known)))
    sent = {"kind": "phone", "reason": "约上门时间"}
    page = text(client.post(f"{address(known)}contact/", sent))
    assert "13955550137" in page
    look = ContactReveal.objects.get()
    assert (look.revealed_to, look.reason) == (here.handler, "约上门时间")
    assert "13955550137" not in text(client.get(address(known)))


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"kind": "phone", "reason": ""}, 422),
        ({"kind": "phone", "reason": "\x00\x00\x00\x00\x00"}, 422),
        ({"kind": "phone", "reason": "长" * 301}, 422),
        ({"kind": "nonsense", "reason": "约上门时间"}, 422),
        ({"kind": "email", "reason": "约上门时间"}, 404),
        ({}, 422),
    ],
)
def test_without_a_good_reason_nothing_is_shown(here, known, desk, text, sent, status) -> None:
    answer = desk("handler").post(f"{address(known)}contact/", sent)
    assert answer.status_code == status
    assert "13955550137" not in text(answer)
    assert not ContactReveal.objects.exists()


def test_the_reason_typed_is_kept(here, known, desk, text) -> None:
    sent = {"kind": "nonsense", "reason": "约上门时间"}
    page = text(desk("handler").post(f"{address(known)}contact/", sent))
    assert 'value="约上门时间"' in page


@pytest.mark.parametrize("role", ["supervisor", "grid_worker"])
def test_who_lacks_the_power_sees_no_button(here, known, desk, role) -> None:
    sent = {"kind": "phone", "reason": "约上门时间"}
    answer = desk(role).post(f"{address(known)}contact/", sent)
    assert answer.status_code in (403, 404)


def test_the_organisation_complained_of_never_learns_who(here, desk, text) -> None:
    set_contact(here.resident, "phone", "13955550137")
    matter = here.report(by=here.resident).matter
    to = str(here.property_company.uuid)
    perform(matter, "dispatch", by=here.dispatcher, facts={"to": to, "complained_of": to})
    client = desk("other_handler")
    page = text(client.get(address(matter)))
    assert "0137" not in page
    sent = {"kind": "phone", "reason": "想知道是谁"}
    assert client.post(f"{address(matter)}contact/", sent).status_code == 403
