"""Support instead of a second report: an own answer, an own rating, and nobody learns who."""

from __future__ import annotations

import re

import pytest

from linli.kernel.access.links import find_link
from linli.kernel.deadlines.models import Clock
from linli.kernel.files.models import Upload
from linli.kernel.matters.models import Matter, MatterLink
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.performing import begin, perform
from linli.mechanisms.casework.supporting import numbers_behind
from tests.mechanisms.casework.test_similar import HERE, TYPED, publish
from tests.pictures import picture


@pytest.fixture
def lamp(here):
    matter = here.report(text="三号楼门口路灯不亮", by=here.resident, **HERE).matter
    publish(here, matter)
    perform(matter, "dispatch", by=here.dispatcher, facts={"to": str(here.roads.uuid)})
    matter.refresh_from_db()
    return matter


def support(here, main, *, by=None, key=None, **facts):
    return begin("casework", "support", community=here.community, by=by, key=key,
                 facts={"into": main.number, **facts})  # fmt: skip


def people(main) -> int:
    return numbers_behind([main])[main.pk]


def test_it_works(here, lamp) -> None:
    event = support(here, lamp, text="我家门口也黑", phone="13955550137")

    mine = event.matter
    assert (mine.stage, mine.responsible, mine.category) == ("joined", here.roads, "streetlight")
    assert mine.audience == "staff"
    assert find_link(event.result["token"]).matter == mine
    assert Clock.objects.get(matter=mine, stopped_at=None).name == "reply"
    assert people(lamp) == 2


def test_each_is_answered_and_rates_alone(here, lamp) -> None:
    first, second = (support(here, lamp).matter for _ in range(2))
    perform(lamp, "reply", by=here.handler, facts={"text": "本周修"})
    perform(lamp, "solve", by=here.handler, facts={"text": "修好了"})
    rated = {"contacted": True, "solved": False, "satisfaction": 1}
    perform(first, "rate", by=first.reporter, facts=rated)

    for matter in (first, second, lamp):
        matter.refresh_from_db()
        matter.servicerequest.refresh_from_db()
    assert (first.stage, second.stage, lamp.stage) == ("in_hand", "solved", "solved")
    assert [one.servicerequest.satisfaction for one in (first, second, lamp)] == [1, None, None]
    assert Clock.objects.get(matter=second, name="reply").kept is True


def test_who_comes_after_the_answer_reads_it_and_waits_for_none(here, lamp) -> None:
    perform(lamp, "reply", by=here.handler, facts={"text": "本周修"})
    late = support(here, lamp).matter
    late.servicerequest.refresh_from_db()
    assert late.servicerequest.reply == "本周修"
    assert not Clock.objects.filter(matter=late).exists()


def test_a_person_supports_once_and_not_the_own_report(here, lamp) -> None:
    support(here, lamp, by=here.stranger)
    for person in (here.stranger, here.resident):
        with pytest.raises(InvalidFacts) as refused:
            support(here, lamp, by=person)
        assert refused.value.errors.keys() == {"into"}
    assert people(lamp) == 2


def test_taken_back_it_counts_no_more_and_can_be_given_again(here, lamp) -> None:
    mine = support(here, lamp, by=here.stranger).matter
    perform(mine, "withdraw", by=here.stranger)
    assert people(lamp) == 1
    support(here, lamp, by=here.stranger)
    assert people(lamp) == 2


def test_a_telephone_number_used_before_gives_nobody_away(here, lamp) -> None:
    """Whoever tries numbers learns nothing: the same number is taken like any other."""
    first = support(here, lamp, phone="13955550137")
    again = support(here, lamp, phone="13955550137")
    assert again.result["token"] != first.result["token"]
    assert people(lamp) == 3


def test_what_is_not_public_is_not_there(here, lamp) -> None:
    hidden = here.report(text="邻居吵架").matter
    errors = []
    for number in (hidden.number, "DH-1999-000001"):
        with pytest.raises(InvalidFacts) as refused:
            begin("casework", "support", community=here.community, by=None,
                  facts={"into": number})  # fmt: skip
        errors.append(refused.value.errors)
    assert errors[0] == errors[1]


def test_what_is_done_or_elsewhere_cannot_be_supported(here, elsewhere, lamp) -> None:
    perform(lamp, "close", by=here.dispatcher, facts={"text": "没有"})
    for community in (here.community, elsewhere.community):
        with pytest.raises(InvalidFacts):
            begin("casework", "support", community=community, by=None,
                  facts={"into": lamp.number})  # fmt: skip
    assert not Matter.objects.filter(stage="joined").exists()


def test_the_same_key_supports_once(here, lamp) -> None:
    one, two = (support(here, lamp, key="k", by=here.stranger) for _ in range(2))
    assert one.matter == two.matter
    assert people(lamp) == 2


# --- from the report form ------------------------------------------------------------------------
@pytest.fixture
def form(here, lamp, client):
    page = client.get("/report/").content.decode()
    return {"key": key_in(page), **TYPED, "phone": "13800000000", "name": "小李"}


def key_in(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


def test_before_it_is_filed_a_page_asks_and_keeps_everything(here, client, lamp, form) -> None:
    answer = client.post("/report/", {**form, "pictures": [picture("a.png")]})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert Matter.objects.count() == 1
    kept = Upload.objects.get()
    for value in (form["text"], "13800000000", "小李", "114.3051", str(kept.uuid), lamp.number):
        assert value in page


def test_none_of_these_files_it(here, client, lamp, form) -> None:
    client.post("/report/", {**form, "pictures": [picture("a.png")]})
    kept = str(Upload.objects.get().uuid)
    answer = client.post("/report/", {**form, "asked": "1", "pictures_kept": [kept]})
    matter = Matter.objects.latest("pk")
    assert answer.status_code == 302
    assert (matter.stage, matter.text) == ("received", form["text"])
    assert matter.attachments.count() == 1


def test_it_is_this_supports_with_all_that_was_typed(here, client, lamp, form) -> None:
    client.post("/report/", {**form, "pictures": [picture("a.png")]})
    kept = str(Upload.objects.get().uuid)
    sent = {**form, "support": lamp.number, "pictures_kept": [kept]}
    answer = client.post("/report/", sent)
    mine = Matter.objects.get(stage="joined")
    assert answer.status_code == 302
    assert mine.text == form["text"]
    assert (mine.longitude, mine.attachments.count()) == (114.3051, 1)
    assert sorted(mine.reporter.contacts.values_list("kind", flat=True)) == ["name", "phone"]
    receipt = client.get(answer["Location"]).content.decode()
    assert mine.number in receipt
    assert "门口路灯不亮" in receipt
    assert client.post("/report/", sent)["Location"] == answer["Location"]  # sent twice
    assert people(lamp) == 2


def test_a_support_refused_keeps_what_was_typed(here, client, lamp, form) -> None:
    perform(lamp, "close", by=here.dispatcher, facts={"text": "没有"})
    for number in (lamp.number, "DH-1999-000001", "x" * 500, "\x00"):
        answer = client.post("/report/", {**form, "support": number})
        assert answer.status_code == 422
        assert form["text"] in answer.content.decode()
    assert Matter.objects.count() == 1


def test_a_device_supports_once(here, client, lamp, form) -> None:
    client.post("/report/", {**form, "support": lamp.number})
    page = client.get(f"/board/{lamp.number}/support/").content.decode()
    assert 'name="key"' not in page
    new = key_in(client.get("/report/").content.decode())
    answer = client.post("/report/", {**form, "key": new, "support": lamp.number})
    assert answer.status_code == 422
    assert people(lamp) == 2


# --- from the board ------------------------------------------------------------------------------
def test_from_the_public_page(here, client, lamp) -> None:
    board = client.get(f"/board/{lamp.number}/").content.decode()
    assert f"/board/{lamp.number}/support/" in board
    page = client.get(f"/board/{lamp.number}/support/").content.decode()
    answer = client.post(f"/board/{lamp.number}/support/", {"key": key_in(page), "phone": "1380"})
    assert answer.status_code == 302
    assert "2 人" in client.get(f"/board/{lamp.number}/").content.decode()
    assert "2 人" in client.get("/board/").content.decode()
    tracking = client.get(answer["Location"].replace("received/", "")).content.decode()
    assert f"/board/{lamp.number}/" in tracking


def test_signed_in_it_is_ones_own(here, client, lamp) -> None:
    client.force_login(here.stranger)
    page = client.get(f"/board/{lamp.number}/support/").content.decode()
    assert 'name="phone"' not in page
    client.post(f"/board/{lamp.number}/support/", {"key": key_in(page)})
    assert Matter.objects.get(stage="joined").reporter == here.stranger
    assert 'name="key"' not in client.get(f"/board/{lamp.number}/support/").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"text": "字" * 5001}, {"phone": "1" * 201}, {"key": "forged"}, {"key": ""}]
)
def test_wrong_values_are_refused_and_kept(here, client, lamp, wrong) -> None:
    page = client.get(f"/board/{lamp.number}/support/").content.decode()
    sent = {"key": key_in(page), "text": "我家也是", **wrong}
    answer = client.post(f"/board/{lamp.number}/support/", sent)
    assert answer.status_code == 422
    assert sent["text"] in answer.content.decode()
    assert people(lamp) == 1


def test_hidden_and_unknown_matters_have_no_such_page(here, client, lamp) -> None:
    hidden = here.report(text="邻居吵架").matter
    for number in (hidden.number, "DH-1999-000001"):
        assert client.get(f"/board/{number}/support/").status_code == 404
        assert client.post(f"/board/{number}/support/").status_code == 404


def test_it_is_limited(here, client, lamp, settings) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "support": "1/h"}
    statuses = []
    for _ in range(2):
        page = client.get(f"/board/{lamp.number}/support/").content.decode()
        client.cookies.clear()
        sent = {"key": key_in(page), "text": "我也是"}
        statuses.append(client.post(f"/board/{lamp.number}/support/", sent).status_code)
        client.cookies.clear()
    assert statuses == [302, 429]


def test_the_supporter_is_nowhere_named(here, client, lamp) -> None:
    mine = support(here, lamp, name="小李", phone="13955550137", text="我儿子看不见路").matter
    client.force_login(here.handler)
    for path in (f"/board/{lamp.number}/", "/board/", f"/desk/m/{lamp.number}/"):
        page = client.get(path).content.decode()
        for secret in ("小李", "13955550137", "我儿子看不见路"):
            assert secret not in page
    assert MatterLink.objects.get(source=mine).target == lamp
