"""The reporter follows a matter by its secret link: sees, answers, rates, withdraws, reopens."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from linli.kernel.access.links import token_of
from linli.kernel.access.models import AccessLink
from linli.kernel.files.models import Upload
from linli.kernel.procedures.performing import perform
from tests.pictures import picture


@pytest.fixture
def guest(here):
    """Someone who reported without an account: the token and the matter."""

    def at(stage: str = "received"):
        event = here.report(text="张三的电话13812345678，楼道灯不亮。")
        matter = event.matter
        for name, person, facts in (
            ("triage", here.dispatcher, {"category": "lift", "public_title": "楼道灯不亮"}),
            ("dispatch", here.dispatcher, {"to": str(here.roads.uuid)}),
            ("accept", here.handler, {}),
            ("reply", here.handler, {"text": "周五前修好。"}),
            ("solve", here.handler, {"text": "换了灯。"}),
        ):
            if matter.stage == stage:
                break
            perform(matter, name, by=person, facts=facts)
            matter.refresh_from_db()
        assert matter.stage == stage
        return event.result["token"], matter

    return at


def hidden(page: str, action: str) -> dict[str, str]:
    """Return the hidden fields of one action's form."""
    return {
        f"{action}-{name}": re.search(rf'name="{action}-{name}" value="([^"]*)"', page)[1]
        for name in ("version", "key")
    }


RATING = {"rate-solved": "true", "rate-contacted": "true", "rate-satisfaction": "5"}


def test_it_works(here, guest, client) -> None:
    token, matter = guest("in_hand")
    page = client.get(f"/t/{token}/").content.decode()
    assert matter.number in page
    assert "周五前修好。" in page
    assert here.roads.name in page
    assert "楼道灯不亮" in page


def test_the_promised_day_is_shown_large(here, guest, client) -> None:
    token, matter = guest("accepted")
    day = timezone.localdate() + timedelta(days=9)
    perform(matter, "reply", by=here.handler, facts={"text": "会修。", "promised_on": day})
    page = client.get(f"/t/{token}/").content.decode()
    assert "promise--pending" in page
    assert f"{day.day}" in re.search(r'promise--pending">.*?<strong>(.*?)</strong>', page, re.S)[1]


def test_nobody_is_told_of_the_page(guest, client) -> None:
    token, _ = guest()
    answer = client.get(f"/t/{token}/")
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


def test_staff_notes_stay_with_staff(here, guest, client) -> None:
    token, matter = guest("in_hand")
    perform(matter, "note", by=here.handler, facts={"text": "此人常来。"})
    assert "此人常来" not in client.get(f"/t/{token}/").content.decode()


@pytest.mark.parametrize("token", ["wrong", "a" * 26, "a" * 200, "drop-table"])
def test_a_wrong_link_shows_nothing(guest, client, token) -> None:
    guest()
    for path in (f"/t/{token}/", f"/t/{token}/received/"):
        assert client.get(path).status_code == 404
    assert client.post(f"/t/{token}/do/withdraw/").status_code == 404


def test_a_revoked_link_shows_nothing(guest, client) -> None:
    token, matter = guest()
    AccessLink.objects.filter(matter=matter).update(revoked_at=timezone.now())
    assert client.get(f"/t/{token}/").status_code == 404


def test_guessing_links_is_slowed(guest, client, settings) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "wrong_link": "2/d"}
    codes = [client.get(f"/t/{'b' * 20}{n}/").status_code for n in range(4)]
    assert codes == [404, 404, 429, 429]
    token, _ = guest()
    assert client.get(f"/t/{token}/").status_code == 200  # a true link still opens


def test_something_is_added_with_pictures(guest, client) -> None:
    token, matter = guest("in_hand")
    page = client.get(f"/t/{token}/").content.decode()
    answer = client.post(
        f"/t/{token}/do/answer/",
        {**hidden(page, "answer"), "answer-text": "二楼也不亮。",
         "answer-pictures": [picture()]},
    )  # fmt: skip
    assert answer.status_code == 302
    after = client.get(answer["Location"]).content.decode()
    assert "二楼也不亮。" in after
    assert matter.attachments.count() == 1


def test_an_open_question_stands_on_top(here, guest, client) -> None:
    token, matter = guest("in_hand")
    perform(matter, "ask_reporter", by=here.handler, facts={"text": "是几号楼？"})
    page = client.get(f"/t/{token}/").content.decode()
    assert page.index("是几号楼？") < page.index("ll-timeline")


def test_the_reporter_rates(guest, client) -> None:
    token, matter = guest("solved")
    page = client.get(f"/t/{token}/").content.decode()
    client.post(f"/t/{token}/do/rate/", {**hidden(page, "rate"), **RATING})
    matter.refresh_from_db()
    assert matter.stage == "closed"
    assert matter.servicerequest.satisfaction == 5


def test_not_solved_goes_back_in_hand(guest, client) -> None:
    token, matter = guest("solved")
    client.post(f"/t/{token}/do/rate/", {**RATING, "rate-solved": "false"})
    matter.refresh_from_db()
    assert matter.stage == "in_hand"


def test_the_reporter_takes_it_back(guest, client) -> None:
    token, matter = guest()
    page = client.get(f"/t/{token}/").content.decode()
    client.post(f"/t/{token}/do/withdraw/", hidden(page, "withdraw"))
    matter.refresh_from_db()
    assert matter.stage == "withdrawn"


def test_the_reporter_opens_it_again(guest, client) -> None:
    token, matter = guest("solved")
    client.post(f"/t/{token}/do/rate/", RATING)
    client.post(f"/t/{token}/do/reopen/", {"reopen-text": "又坏了。"})
    matter.refresh_from_db()
    assert matter.stage == "in_hand"


def test_an_empty_rating_is_refused_beside_the_fields(guest, client) -> None:
    token, matter = guest("solved")
    answer = client.post(f"/t/{token}/do/rate/", {"rate-comment": "还行"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "还行" in page
    assert page.count("ll-field--wrong") == 3
    matter.refresh_from_db()
    assert matter.stage == "solved"


def test_a_wrong_stage_is_told_and_the_words_are_kept(guest, client) -> None:
    token, _matter = guest("solved")
    client.post(f"/t/{token}/do/rate/", RATING)
    answer = client.post(f"/t/{token}/do/answer/", {"answer-text": "我还想说一句。"})
    assert answer.status_code == 409
    assert "我还想说一句。" in answer.content.decode()


def test_what_changed_meanwhile_is_told_and_sending_again_works(here, guest, client) -> None:
    token, matter = guest("in_hand")
    fields = hidden(client.get(f"/t/{token}/").content.decode(), "answer")
    perform(matter, "inform", by=here.handler, facts={"text": "材料到了。"})
    answer = client.post(f"/t/{token}/do/answer/", {**fields, "answer-text": "好的。"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "好的。" in page
    assert "材料到了。" in page
    again = client.post(
        f"/t/{token}/do/answer/", {**hidden(page, "answer"), "answer-text": "好的。"}
    )
    assert again.status_code == 302


def test_kept_pictures_survive_a_refusal(here, guest, client) -> None:
    token, matter = guest("in_hand")
    answer = client.post(f"/t/{token}/do/answer/", {"answer-pictures": [picture()]})
    kept = Upload.objects.get()
    assert f'name="answer-pictures_kept" value="{kept.uuid}"' in answer.content.decode()
    client.post(
        f"/t/{token}/do/answer/", {"answer-text": "见图", "answer-pictures_kept": str(kept.uuid)}
    )
    assert matter.attachments.get().upload == kept


def test_sent_twice_it_counts_once(guest, client) -> None:
    token, matter = guest("in_hand")
    fields = hidden(client.get(f"/t/{token}/").content.decode(), "answer")
    for _ in range(2):
        answer = client.post(f"/t/{token}/do/answer/", {**fields, "answer-text": "二楼也不亮。"})
        assert answer.status_code == 302
    assert matter.events.filter(kind="casework.answered").count() == 1


@pytest.mark.parametrize("action", ["triage", "reply", "close", "note", "nonsense"])
def test_only_the_reporters_own_actions_are_there(guest, client, action) -> None:
    token, _ = guest("in_hand")
    assert client.post(f"/t/{token}/do/{action}/").status_code == 404


def test_reading_never_acts(guest, client) -> None:
    token, matter = guest()
    assert client.get(f"/t/{token}/do/withdraw/").status_code == 405
    matter.refresh_from_db()
    assert matter.stage == "received"


def test_one_link_opens_one_matter(here, guest, client) -> None:
    token, _ = guest()
    other = here.report(text="另一个人的事。")
    assert token != other.result["token"]
    assert "另一个人的事" not in client.get(f"/t/{token}/").content.decode()


def test_a_person_signed_in_has_a_list_and_a_page(here, client) -> None:
    matter = here.at_stage("solved")
    client.force_login(here.resident)
    assert matter.number in client.get("/mine/").content.decode()
    page = client.get(f"/matters/{matter.number}/").content.decode()
    client.post(f"/matters/{matter.number}/do/rate/", {**hidden(page, "rate"), **RATING})
    matter.refresh_from_db()
    assert matter.stage == "closed"


def test_an_empty_list_says_what_to_do(here, client) -> None:
    client.force_login(here.resident)
    assert "ll-empty" in client.get("/mine/").content.decode()


def test_a_long_list_has_pages(here, client) -> None:
    numbers = [here.report(by=here.resident, text=f"第{n}件").matter.number for n in range(22)]
    client.force_login(here.resident)
    first = client.get("/mine/").content.decode()
    assert numbers[-1] in first
    assert numbers[0] not in first
    second = client.get(f"/mine/?page=before:{numbers[2]}").content.decode()
    assert numbers[0] in second
    assert numbers[-1] not in second
    back = client.get(f"/mine/?page=after:{numbers[1]}").content.decode()
    assert numbers[21] in back


def test_other_peoples_matters_are_not_there(here, client) -> None:
    matter = here.report(by=here.resident).matter
    client.force_login(here.stranger)
    assert client.get(f"/matters/{matter.number}/").status_code == 404
    assert client.post(f"/matters/{matter.number}/do/withdraw/").status_code == 404
    assert matter.number not in client.get("/mine/").content.decode()


def test_a_public_one_of_others_leads_to_the_board(here, client) -> None:
    matter = here.at_stage("in_hand")
    client.force_login(here.stranger)
    assert client.get(f"/matters/{matter.number}/")["Location"] == f"/board/{matter.number}/"


def test_without_an_account_my_matters_ask_to_sign_in(here, client) -> None:
    assert client.get("/mine/")["Location"].startswith("/accounts/login/")


def test_the_page_costs_a_fixed_number_of_queries(here, guest, client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    token, matter = guest("in_hand")
    for n in range(2):
        with CaptureQueriesContext(
            connection,
        ) as counted:
            client.get(f"/t/{token}/")
        counts.append(len(counted))
        for m in range(5):
            perform(matter, "inform", by=here.handler, facts={"text": f"进展{n}{m}"})
    assert counts[0] == counts[1]
    assert counts[0] <= 16
    assert token == token_of(AccessLink.objects.get(matter=matter))
