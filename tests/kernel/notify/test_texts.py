"""What notices say, to whom, in which language, and where they lead."""

from __future__ import annotations

import pytest

from linli.kernel.notify.models import Notice
from linli.kernel.notify.texts import compose_all
from linli.kernel.procedures.performing import perform

pytestmark = pytest.mark.django_db


def texts(person):
    rows = Notice.objects.filter(person=person).order_by("pk")
    related = ("person", "matter__pack", "matter__community", "event__answerable")
    notices = list(rows.select_related(*related))
    return [compose_all(notices)[notice.pk] for notice in notices]


def test_the_reporter_reads_the_own_words_and_a_link_to_the_own_page(here, settings) -> None:
    settings.SITE_URL = "https://linli.example"
    matter = here.at_stage("dispatched", text="路灯坏了。晚上看不见路。")

    text = texts(here.resident)[-1]

    assert "路灯坏了" in text.body
    assert here.roads.name in text.subject
    assert matter.number in text.body
    assert text.link == f"https://linli.example/matters/{matter.number}/"
    assert text.link in text.body


def test_a_guest_gets_the_secret_link(here) -> None:
    event = here.report(email="guest@example.org", text="电梯坏了。")
    matter = event.matter
    perform(matter, "triage", by=here.dispatcher, facts={"category": "pothole"})
    perform(matter, "dispatch", by=here.dispatcher, facts={"to": str(here.roads.uuid)})

    text = texts(matter.reporter)[-1]

    assert text.path == f"/t/{event.result['token']}/"


def test_staff_read_no_word_of_the_reporter(here) -> None:
    matter = here.report(by=here.resident, text="王大妈家 13955550137 漏水").matter

    text = texts(here.dispatcher)[0]

    assert "王大妈" not in text.subject + text.body
    assert "13955550137" not in text.subject + text.body
    assert text.path == f"/desk/m/{matter.number}/"


def test_it_is_in_the_persons_language(here) -> None:
    here.resident.language = "en"
    here.resident.save()
    here.at_stage("dispatched")

    assert texts(here.resident)[-1].subject.startswith("Your report went to")


def test_braces_in_a_title_are_words(here) -> None:
    here.at_stage("dispatched", text="{link} {0} {title.__class__} %s <b>粗</b>")

    text = texts(here.resident)[-1]

    assert "{link} {0} {title.__class__} %s <b>粗</b>" in text.body


def test_a_title_of_several_lines_is_one_line_in_the_subject(here) -> None:
    here.report(by=here.resident, text="第一行\r\nBcc: evil@example.org")

    for text in texts(here.dispatcher):
        assert "\n" not in text.subject
        assert "\r" not in text.subject


def test_the_brief_text_leaves_no_address_and_no_dangling_colon(here) -> None:
    here.at_stage("solved")

    for text in texts(here.resident):
        assert "http" not in text.brief
        assert not text.brief.endswith(("：", ":"))


def test_what_the_pack_does_not_say_is_said_plainly(here) -> None:
    matter = here.at_stage("dispatched")
    Notice.objects.filter(person=here.resident).update(template="casework.nothing_such")

    text = texts(here.resident)[-1]

    assert matter.number in text.body
    assert text.subject


def test_many_notices_cost_a_fixed_number_of_queries(here, django_assert_num_queries) -> None:
    for number in range(5):
        here.report(by=here.resident, text=f"第{number}件")
    related = ("person", "matter__pack", "matter__community", "event__answerable")
    notices = list(Notice.objects.filter(person=here.dispatcher).select_related(*related))
    assert len(notices) >= 5

    with django_assert_num_queries(2):  # participation, posts
        compose_all(notices)
