"""The pack's further questions: asked with the report, kept typed, personal ones apart."""

from __future__ import annotations

import json
import re

import pytest

from linli.kernel.access.tokens import issue
from linli.kernel.events.models import Event
from linli.kernel.matters.models import Matter
from linli.kernel.packs.loading import adopt, content_of, store_pack
from linli.kernel.people.erasure import erase
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.performing import begin, perform
from linli.mechanisms.casework.questions import answers_of

LAMP = {"lamp_number": "A-17", "lamp_fault": "leaning", "lamp_wires": True}
NOISE = {
    "noise_kind": ["music", "voices"],
    "noise_since": "2026-05-01",
    "noise_home": "和平里三栋",
}


def test_it_works(here) -> None:
    matter = here.report(by=here.resident, category="streetlight", answers=LAMP).matter

    assert matter.servicerequest.answers == LAMP
    event = matter.events.get()
    assert event.facts["plain_answers"] == LAMP
    assert "answers" not in event.facts
    assert [(one.question, one.answer) for one in answers_of(matter, personal=False)] == [
        ("灯杆编号", "A-17"),
        ("灯怎么了", "灯杆歪了、倒了"),
        ("有电线露在外面吗", "是"),
    ]


def test_what_is_personal_is_encrypted_and_can_be_erased(here) -> None:
    matter = here.report(by=here.resident, category="noise_neighbour", answers=NOISE).matter

    assert "noise_home" not in matter.servicerequest.answers
    everything = json.dumps(list(Event.objects.values("facts", "commitments")))
    assert "和平里三栋" not in everything
    shown = {one.code: one.answer for one in answers_of(matter, personal=True)}
    assert shown["noise_home"] == "和平里三栋"
    assert {one.code for one in answers_of(matter, personal=False)} == {"noise_kind", "noise_since"}

    erase(here.resident)

    matter = Matter.objects.get(pk=matter.pk)
    assert "和平里三栋" not in str(answers_of(matter, personal=True))


@pytest.mark.parametrize(
    ("category", "answers", "named"),
    [
        ("streetlight", {"lamp_fault": "leaning"}, "answers.lamp_wires"),
        ("streetlight", {"lamp_fault": "dark", "lamp_wires": True}, "answers.lamp_wires"),
        ("streetlight", {"lamp_fault": "broken"}, "answers.lamp_fault"),
        ("streetlight", {"hole_size": 3}, "answers"),
        ("lift", {"lift_trapped": True, "lift_people": "many"}, "answers.lift_people"),
        ("pothole", {"hole_size": "inf"}, "answers.hole_size"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(here, category, answers, named) -> None:
    with pytest.raises(InvalidFacts) as refused:
        here.report(category=category, answers=answers)
    assert list(refused.value.errors) == [named]
    assert not Matter.objects.exists()


def test_the_desk_asks_too(here) -> None:
    facts = {"text": "灯杆歪了", "channel": "phone", "category": "streetlight", "answers": LAMP}
    event = begin(
        "casework", "take_down", community=here.community, by=here.dispatcher, facts=facts
    )
    assert event.matter.servicerequest.answers == LAMP


def test_a_matter_keeps_the_questions_it_began_with(here) -> None:
    old = here.report(by=here.resident, category="streetlight", answers=LAMP).matter
    content = content_of(here.community.pack)
    lamp = content.categories["streetlight"].model_copy(update={"questions": ["hole_size"]})
    kept = {code: one for code, one in content.questions.items() if code != "lamp_wires"}
    changed = content.model_copy(update={
        "categories": {**content.categories, "streetlight": lamp}, "questions": kept,
    })  # fmt: skip
    adopt(here.community, store_pack(changed))
    here.community.refresh_from_db()

    shown = answers_of(Matter.objects.get(pk=old.pk), personal=False)
    assert [one.code for one in shown] == ["lamp_number", "lamp_fault", "lamp_wires"]
    # The form was open while the pack changed: said by name, nothing is taken in silently.
    with pytest.raises(InvalidFacts):
        here.report(category="streetlight", answers=LAMP)
    new = here.report(category="streetlight", answers={"hole_size": 30}).matter
    assert new.servicerequest.answers == {"hole_size": 30}
    # And the one that runs goes on by its own version.
    perform(old, "triage", by=here.dispatcher, facts={"category": "streetlight"})


def test_a_category_that_is_gone_still_runs_to_its_end(here) -> None:
    old = here.report(by=here.resident, category="streetlight", answers=LAMP).matter
    content = content_of(here.community.pack)
    fewer = {code: one for code, one in content.categories.items() if code != "streetlight"}
    adopt(here.community, store_pack(content.model_copy(update={"categories": fewer})))
    here.community.refresh_from_db()

    with pytest.raises(InvalidFacts):
        here.report(category="streetlight")
    for action, person, facts in (
        ("triage", here.dispatcher, {"category": "streetlight"}),
        ("dispatch", here.dispatcher, {"to": str(here.roads.uuid)}),
        ("accept", here.handler, {}),
        ("reply", here.handler, {"text": "明天修"}),
        ("solve", here.handler, {"text": "修好了"}),
    ):
        perform(old, action, by=person, facts=facts)
    assert Matter.objects.get(pk=old.pk).stage == "solved"


# --- forms ----------------------------------------------------------------------------------
@pytest.fixture
def form(here, client):
    page = client.get("/report/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    return {"key": key[1], "text": "灯杆歪了。", "category": "streetlight",
            "longitude": "", "latitude": ""}  # fmt: skip


def test_without_a_script_a_button_asks_for_them(here, client, form) -> None:
    page = client.post("/report/", form | {"ask": "1"})
    text = page.content.decode()

    assert page.status_code == 200
    assert not Matter.objects.exists()
    assert 'name="answers.lamp_number"' in text
    assert "灯杆歪了。" in text
    assert 'data-when="answers.lamp_fault"' in text
    assert "ll-field--wrong" not in text

    answers = {"answers.lamp_number": "A-17", "answers.lamp_fault": "dark",
               "answers.lamp_wires": "true"}  # fmt: skip
    sent = client.post("/report/", form | answers)

    assert sent.status_code == 302
    # What hangs on another answer is left out, as a page with a script would not have shown it.
    assert Matter.objects.get().servicerequest.answers == {
        "lamp_number": "A-17", "lamp_fault": "dark",
    }  # fmt: skip
    assert "A-17" in client.get(sent["Location"].replace("received/", "")).content.decode()


def test_what_must_be_answered_is_said_beside_the_question(here, client, form) -> None:
    answer = client.post("/report/", form | {"answers.lamp_fault": "leaning"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert not Matter.objects.exists()
    assert "ll-field--wrong" in text
    assert "灯杆歪了。" in text


def test_the_part_of_the_form_alone(here, client) -> None:
    text = client.get("/report/questions/?category=noise_neighbour").content.decode()
    assert text.count('name="answers.noise_kind"') == 5
    assert 'type="date"' in text
    for nothing in ("", "nonsense", "x" * 500, "a%00b"):
        answer = client.get(f"/report/questions/?category={nothing}")
        assert (answer.status_code, answer.content.strip()) == (200, b"")
    assert client.post("/report/questions/").status_code == 405


def test_the_desk_form(here, client) -> None:
    client.force_login(here.dispatcher)
    facts = {"text": "电梯困人", "channel": "phone", "urgency": "normal", "category": "lift"}
    asked = client.post("/desk/take-down/", facts | {"ask": "1"}).content.decode()
    assert 'name="answers.lift_trapped"' in asked
    wrong = client.post("/desk/take-down/", facts | {"answers.lift_trapped": "true"})
    assert wrong.status_code == 422
    right = facts | {"answers.lift_trapped": "true", "answers.lift_people": "2"}
    assert client.post("/desk/take-down/", right).status_code == 200
    assert Matter.objects.get().servicerequest.answers == {"lift_trapped": True, "lift_people": 2}


# --- who sees them --------------------------------------------------------------------------
def test_on_the_page_of_the_matter(here, client) -> None:
    matter = here.report(by=here.resident, category="noise_neighbour", answers=NOISE).matter
    accused = {"complained_of": str(here.property_company.uuid)}
    perform(matter, "triage", by=here.dispatcher, facts={"category": "noise_neighbour"})
    perform(
        matter, "dispatch", by=here.dispatcher,
        facts={"to": str(here.property_company.uuid), **accused},
    )  # fmt: skip
    address = f"/desk/m/{matter.number}/"

    client.force_login(here.dispatcher)
    assert "和平里三栋" in client.get(address).content.decode()
    client.force_login(here.other_handler)  # of the one complained of
    page = client.get(address).content.decode()
    assert "和平里三栋" not in page
    assert "从哪天开始的" in page
    client.logout()
    assert "和平里三栋" not in client.get(f"/board/{matter.number}/").content.decode()


def test_over_the_api(here, client) -> None:
    token = issue(here.resident, here.community, "test", None)
    headers = {"Authorization": f"Bearer {token}"}
    asked = client.get("/api/v1/categories", headers=headers).json()
    noise = next(one for one in asked if one["code"] == "noise_neighbour")
    assert [one["code"] for one in noise["questions"]] == list(NOISE)

    facts = {"text": "半夜很吵", "category": "noise_neighbour", "answers": NOISE}
    body = {"procedure": "casework", "start": "report", "facts": facts}
    begun = client.post("/api/v1/matters", body, content_type="application/json", headers=headers)
    number = begun.json()["number"]
    whole = client.get(f"/api/v1/matters/{number}", headers=headers).json()
    assert {one["code"]: one["value"] for one in whole["answers"]} == NOISE

    staff = {"Authorization": f"Bearer {issue(here.dispatcher, here.community, 'x', None)}"}
    whole = client.get(f"/api/v1/matters/{number}", headers=staff).json()
    assert {one["code"] for one in whole["answers"]} == {"noise_kind", "noise_since"}

    facts["answers"] = {"noise_since": "yesterday"}
    body = {"procedure": "casework", "start": "report", "facts": facts}
    wrong = client.post("/api/v1/matters", body, content_type="application/json", headers=headers)
    assert wrong.status_code == 422
    assert "answers.noise_since" in wrong.json()["errors"]
