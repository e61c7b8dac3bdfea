"""Standard replies: kept by units, filled in where one replies; hints that never stand in the way."""

from __future__ import annotations

import pytest

from linli.kernel.files.models import Upload
from linli.kernel.matters.models import Matter
from linli.mechanisms.casework.standard_replies.keeping import replies_for
from linli.mechanisms.casework.standard_replies.models import StandardReply
from linli.mechanisms.casework.standard_replies.variables import (
    VARIABLES,
    filled_in,
    wrong_variables,
)
from tests.pictures import picture

PAGE = "/desk/replies/"


def kept(
    here, organisation="roads", title="路灯", text="{unit}会在{promised_on}前修好,编号{number}。"
):
    return StandardReply.objects.create(
        community=here.community, title=title, text=text,
        organisation=getattr(here, organisation) if organisation else None,
    )  # fmt: skip


def typed(here, **more):
    return {"title": "路灯", "text": "{number} 会修好", "organisation": str(here.roads.uuid)} | more


def test_it_works(here, desk, text) -> None:
    client = desk("handler")
    assert client.post(PAGE, typed(here)).status_code == 302
    reply = StandardReply.objects.get()
    assert (reply.organisation, reply.changed_by) == (here.roads, here.handler)
    assert "会修好" in text(client.get(PAGE))

    address = f"{PAGE}{reply.uuid}/"
    assert client.get(address).status_code == 200
    change = typed(here, text="{number} 一周内修好", seen=reply.version)
    assert client.post(address, change).status_code == 302
    reply.refresh_from_db()
    assert (reply.text, reply.version) == ("{number} 一周内修好", 2)

    for retired in ("1", "1", "0"):
        assert client.post(f"{address}retire/", {"retired": retired}).status_code == 302
        reply.refresh_from_db()
        assert bool(reply.retired_at) == (retired == "1")


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""}, {"text": ""}, {"text": "{nonsense}"}, {"text": "{number!r}"}, {"text": "{"},
        {"title": "长" * 81}, {"text": "长" * 2001}, {"organisation": ""}, {"organisation": "all"},
        {"text": "a\x00b"},
    ],
)  # fmt: skip
def test_what_is_not_in_order_is_said_and_kept(here, desk, text, wrong) -> None:
    answer = desk("handler").post(PAGE, typed(here, **wrong))
    assert answer.status_code == 422
    assert not StandardReply.objects.exists()
    assert "ll-field--wrong" in text(answer)


def test_a_title_is_taken_once_in_a_unit(here, desk) -> None:
    kept(here)
    assert desk("handler").post(PAGE, typed(here)).status_code == 422
    kept(here, None)
    boss = typed(here, organisation="all")
    assert desk("secretary").post(PAGE, boss).status_code == 422


def test_not_for_a_unit_one_has_no_post_in(here, desk, elsewhere) -> None:
    reply = kept(here)
    for client in (desk("other_handler"), desk("handler", elsewhere)):
        assert client.post(PAGE, typed(here)).status_code == 422
        assert client.get(f"{PAGE}{reply.uuid}/").status_code == 404
        assert client.post(f"{PAGE}{reply.uuid}/retire/").status_code == 404
    assert desk("resident").get(PAGE).status_code == 403


def test_those_of_units_above_are_shared_and_not_changed(here, desk, text) -> None:
    of_all, above = kept(here, None, "全社区"), kept(here, "committee", "居委会")
    beside = kept(here, "property_company", "物业")
    usable = set(replies_for(here.handler, here.community))
    assert usable == {of_all, above}
    page = text(desk("handler").get(PAGE))
    assert "全社区" in page
    assert beside.title not in page.replace("安居物业", "")
    assert desk("handler").get(f"{PAGE}{above.uuid}/").status_code == 404
    assert desk("secretary").get(f"{PAGE}{of_all.uuid}/").status_code == 200


def test_changed_meanwhile(here, desk, text) -> None:
    reply = kept(here)
    StandardReply.objects.filter(pk=reply.pk).update(version=5, text="别人写的")
    answer = desk("handler").post(f"{PAGE}{reply.uuid}/", typed(here, text="我写的", seen=1))
    assert answer.status_code == 422
    assert "别人写的" in text(answer)
    assert "我写的" in text(answer)
    reply.refresh_from_db()
    assert reply.text == "别人写的"


# --- variables ------------------------------------------------------------------------------
def test_every_variable_is_filled_in(here) -> None:
    matter = here.at_stage("in_hand", longitude=114.305, latitude=30.505)
    here.roads.public_phone = "027-1234567"
    here.roads.save()
    matter = Matter.objects.get(pk=matter.pk)
    text = "|".join(f"{{{name}}}" for name in VARIABLES)
    values = dict(zip(VARIABLES, filled_in(text, matter).split("|"), strict=True))
    assert values["number"] == matter.number
    assert values["unit"] == "市政所"
    assert values["phone"] == "027-1234567"
    assert values["area"] == "第一网格"
    assert "路灯坏了" not in filled_in(text, matter)  # the reporter's words are not public
    assert values["promised_on"] == "{promised_on}"  # nothing promised: to be filled in by hand
    assert wrong_variables(text) == []


def test_braces_that_mean_themselves(here) -> None:
    matter = here.report().matter
    assert filled_in("{{x}} {number}", matter) == f"{{x}} {matter.number}"
    assert filled_in("{old_one}", matter) == "{old_one}"
    assert wrong_variables("{number.real}{0}{}")


# --- where one replies ----------------------------------------------------------------------
def words(here, client, matter, action="reply", **more):
    fields = {f"{action}-version": matter.version, f"{action}-text": ""}
    fields |= {
        f"{action}-{name}": value for name, value in more.items() if name in ("text", "promised_on")
    }
    fields |= {name: value for name, value in more.items() if name not in ("text", "promised_on")}
    return client.post(f"/desk/m/{matter.number}/do/{action}/words/", fields)


def test_a_reply_is_put_in_below_what_was_typed(here, desk, text) -> None:
    matter, reply = here.at_stage("accepted"), kept(here)
    page = text(desk("handler").get(f"/desk/m/{matter.number}/"))
    assert reply.title in page

    answer = words(here, desk("handler"), matter, text="您好!", insert="1",
                   standard_reply=str(reply.uuid), promised_on="2026-13-99")  # fmt: skip

    page = text(answer)
    assert answer.status_code == 200
    assert "您好!\n市政所会在{promised_on}前修好" in page
    assert matter.number in page
    assert "ll-field--wrong" not in page
    matter.refresh_from_db()
    assert matter.stage == "accepted"


def test_hints_are_shown_and_do_not_stand_in_the_way(here, desk, text) -> None:
    matter = here.at_stage("accepted")
    client = desk("handler")
    page = text(words(here, client, matter, text="贵单位反映事项予以处理。", check="1"))
    assert "“予以”" in page
    assert "hints" in page
    assert "贵单位反映事项予以处理。" in page

    sent = client.post(
        f"/desk/m/{matter.number}/do/reply/",
        {"reply-version": matter.version, "reply-text": "予以处理。"},
    )
    assert sent.status_code == 302
    matter.refresh_from_db()
    assert matter.servicerequest.reply == "予以处理。"


def test_a_date_in_its_own_field_counts(here, desk, text) -> None:
    matter = here.at_stage("accepted")
    said = "我们会派人修好,问进度打027-87654321。"
    without = text(words(here, desk("handler"), matter, text=said, check="1"))
    dated = text(
        words(here, desk("handler"), matter, text=said, promised_on="2026-12-31", check="1")
    )
    assert without != dated
    assert "2026-12-31" in dated


def test_pictures_chosen_are_not_lost(here, desk, text, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    matter = here.at_stage("in_hand")
    page = text(words(here, desk("handler"), matter, "solve", text="好了", check="1",
                      **{"solve-after": picture()}))  # fmt: skip
    assert str(Upload.objects.get().uuid) in page


def test_nonsense(here, desk, elsewhere) -> None:
    matter, foreign = here.at_stage("accepted"), kept(elsewhere)
    client = desk("handler")
    for chosen in ("", "nonsense", str(foreign.uuid), "a\x00"):
        answer = words(here, client, matter, text="原文", insert="1", standard_reply=chosen)
        assert answer.status_code == 200
        assert "会在" not in answer.content.decode().partition("<textarea")[2][:200]
    assert words(here, client, matter, text="长" * 9000, check="1").status_code == 200
    assert words(here, client, matter, text="a\x00b", check="1").status_code == 200
    assert words(here, client, matter, "note", text="x", check="1").status_code == 404
    assert words(here, desk("other_handler"), matter, text="x", check="1").status_code in (302, 404)
    assert client.get(f"/desk/m/{matter.number}/do/reply/words/").status_code == 405
