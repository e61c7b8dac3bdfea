"""The letter of reply: who makes it, what stands on it, what is kept of it."""

from __future__ import annotations

from io import BytesIO

import docx
import pypdf
import pytest
from django.test import Client

from linli.kernel.access.models import AuditEntry
from linli.kernel.papers import pdf
from linli.kernel.people.contacts import set_contact
from linli.kernel.people.models import ContactReveal
from linli.kernel.procedures.performing import perform

REPLY = "一周内修好。"


@pytest.fixture
def matter(here):
    set_contact(here.resident, "name", "张三")
    set_contact(here.resident, "phone", "13812345678")
    set_contact(here.resident, "address", "东湖路1号2栋301")
    return here.at_stage("in_hand", text="路灯坏了，晚上看不见路。")


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(matter) -> str:
    return f"/desk/m/{matter.number}/letter/"


def text_of(answer) -> str:
    """The words of a Word file, tables too."""
    file = docx.Document(BytesIO(answer.content))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in file.paragraphs] + cells)


def test_it_works(here, matter) -> None:
    answer = signed_in(here.handler).post(address(matter), {"format": "word"})
    assert answer.status_code == 200
    assert f'filename="{matter.number}-letter.docx"' in answer["Content-Disposition"]
    text = text_of(answer)
    for part in (matter.number, "路灯坏了，晚上看不见路。", REPLY, "市政所", "东湖社区"):
        assert part in text
    assert "张三" not in text
    assert "138" not in text
    made = AuditEntry.objects.get(action="paper.made")
    assert (made.subject, made.actor) == (matter.number, here.handler)
    assert made.details["contact"] == []


def test_the_page_shows_the_letter_and_the_matter_leads_there(here, matter) -> None:
    client = signed_in(here.handler)
    assert address(matter) in client.get(f"/desk/m/{matter.number}/").content.decode()
    page = client.get(address(matter)).content.decode()
    assert REPLY in page
    assert "关于您反映事项的答复函" in page


def test_the_pdf_says_the_same(here, matter) -> None:
    if pdf.why_no_pdf():
        pytest.skip("no PDF here")
    answer = signed_in(here.dispatcher).post(address(matter), {"format": "pdf"})
    assert answer["Content-Type"] == "application/pdf"
    said = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.content)).pages)
    assert REPLY in said


def test_without_pdf_it_offers_word_and_print(here, matter, monkeypatch) -> None:
    monkeypatch.setattr("linli.surfaces.web.papers.letters.why_no_pdf", lambda: "pango")
    client = signed_in(here.handler)
    page = client.get(address(matter)).content.decode()
    assert 'value="pdf"' not in page
    answer = client.post(address(matter), {"format": "pdf"})
    assert answer.status_code == 503
    assert "Word" in answer.content.decode()
    assert not AuditEntry.objects.filter(action="paper.made").exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("handler", 200), ("dispatcher", 200), ("supervisor", 200), ("secretary", 200),
     ("other_handler", 403), ("grid_worker", 403), ("resident", 403), ("stranger", 403)],
)  # fmt: skip
def test_only_staff_of_its_unit_desk_or_above_make_it(here, matter, who: str, status: int) -> None:
    client = signed_in(getattr(here, who))
    assert client.get(address(matter)).status_code == status
    assert client.post(address(matter), {"format": "word"}).status_code == status


def test_another_unit_does_not_find_what_is_not_public(here, matter) -> None:
    type(matter).objects.filter(pk=matter.pk).update(audience="parties")
    assert signed_in(here.other_handler).get(address(matter)).status_code == 404


def test_staff_of_another_community_find_nothing(here, elsewhere, matter) -> None:
    assert signed_in(elsewhere.dispatcher).get(address(matter)).status_code == 404


def test_before_a_reply_there_is_no_letter(here) -> None:
    matter = here.at_stage("accepted")
    client = signed_in(here.handler)
    assert address(matter) not in client.get(f"/desk/m/{matter.number}/").content.decode()
    answer = client.post(address(matter), {"format": "word"})
    assert answer.status_code == 409
    assert "还没有答复" in answer.content.decode()


@pytest.mark.parametrize("kind", ["", "exe", "../pdf"])
def test_an_unknown_format_is_refused(here, matter, kind: str) -> None:
    assert signed_in(here.handler).post(address(matter), {"format": kind}).status_code == 422


# --- the reporter's name and address --------------------------------------------------------
def test_the_name_stands_on_it_for_a_reason_that_is_kept(here, matter) -> None:
    asked = {"format": "word", "reveal": ["name", "address"], "reason": "寄送纸质答复"}
    text = text_of(signed_in(here.handler).post(address(matter), asked))
    assert "尊敬的张三：" in text
    assert "东湖路1号2栋301" in text
    looks = ContactReveal.objects.filter(person=here.resident, revealed_to=here.handler)
    assert sorted(looks.values_list("kind", flat=True)) == ["address", "name"]
    assert set(looks.values_list("reason", flat=True)) == {"寄送纸质答复"}


def test_the_telephone_never_stands_on_it(here, matter) -> None:
    asked = {"format": "word", "reveal": ["phone", "email"], "reason": "寄送纸质答复"}
    assert "138" not in text_of(signed_in(here.handler).post(address(matter), asked))
    assert not ContactReveal.objects.exists()


@pytest.mark.parametrize("reason", ["", "  ", "x", "长" * 301])
def test_without_a_reason_it_is_refused_and_keeps_what_was_typed(here, matter, reason: str) -> None:
    asked = {"format": "word", "reveal": ["name"], "reason": reason}
    answer = signed_in(here.handler).post(address(matter), asked)
    assert answer.status_code == 422
    assert not ContactReveal.objects.exists()
    if reason.strip():
        assert reason in answer.content.decode()


def test_who_may_not_reveal_is_refused(here, matter) -> None:
    asked = {"format": "word", "reveal": ["name"], "reason": "寄送纸质答复"}
    assert signed_in(here.supervisor).post(address(matter), asked).status_code == 403
    assert not ContactReveal.objects.exists()


def test_a_value_that_is_not_there_is_said(here) -> None:
    matter = here.at_stage("in_hand")
    asked = {"format": "word", "reveal": ["name"], "reason": "寄送纸质答复"}
    assert signed_in(here.handler).post(address(matter), asked).status_code == 404


def test_the_secret_link_of_the_reporter_never_stands_on_it(here) -> None:
    event = here.report(text="路灯坏了。")
    matter = event.matter
    for name, person, facts in (
        ("triage", here.dispatcher, {"category": "pothole", "publish": False}),
        ("dispatch", here.dispatcher, {"to": str(here.roads.uuid)}),
        ("accept", here.handler, {}),
        ("reply", here.handler, {"text": REPLY}),
    ):
        perform(matter, name, by=person, facts=facts)
        matter.refresh_from_db()
    answer = signed_in(here.handler).post(address(matter), {"format": "word"})
    assert event.result["token"] not in text_of(answer)
    assert b"/t/" not in answer.content


# --- the reporter's own ----------------------------------------------------------------------
def test_the_reporter_takes_it_home(here, matter) -> None:
    if pdf.why_no_pdf():
        pytest.skip("no PDF here")
    client = signed_in(here.resident)
    own = f"/matters/{matter.number}/letter.pdf"
    assert own in client.get(f"/matters/{matter.number}/").content.decode()
    answer = client.get(own)
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert signed_in(here.stranger).get(own)["Location"] == f"/board/{matter.number}/"
    assert Client().get(own).status_code == 302


def test_a_guest_takes_it_home_by_the_secret_link_alone(here, settings, monkeypatch) -> None:
    monkeypatch.setattr("linli.kernel.papers.pdf.as_pdf", lambda document: b"%PDF-of-the-test")
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "letter": "2/h", "wrong_link": "2/h"}
    event = here.report(text="路灯坏了。")
    address = f"/t/{event.result['token']}/letter.pdf"
    assert Client().get(address).status_code == 404  # no reply yet
    for name, person, facts in (
        ("triage", here.dispatcher, {"category": "pothole"}),
        ("dispatch", here.dispatcher, {"to": str(here.roads.uuid)}),
        ("accept", here.handler, {}),
        ("reply", here.handler, {"text": REPLY}),
    ):
        perform(event.matter, name, by=person, facts=facts)
        event.matter.refresh_from_db()
    assert [Client().get(address).status_code for _ in range(3)] == [200, 200, 429]
    wrong = "/t/aaaaaaaaaaaaaaaaaaaaaaaaaa/letter.pdf"
    assert [Client().get(wrong).status_code for _ in range(3)] == [404, 404, 429]


def test_it_takes_few_queries(here, matter, django_assert_max_num_queries) -> None:
    client = signed_in(here.handler)
    client.post(address(matter), {"format": "word"})
    with django_assert_max_num_queries(14):
        client.post(address(matter), {"format": "word"})
