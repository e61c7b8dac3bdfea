"""Guessing numbers and links tells nothing: what is kept from one is as absent as what is not."""

from __future__ import annotations

import math
import re
import statistics
import time
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.kernel.access.links import link_for, new_link, token_of
from linli.kernel.access.tokens import BITS, issue, verify
from linli.kernel.files.links import link_to
from linli.kernel.files.storing import store_upload
from linli.kernel.matters.models import Matter
from tests.pictures import picture

NONE = "DH-2031-000777"  # no matter has it
PAGES = ("/board/{}/", "/board/{}/support/", "/matters/{}/", "/matters/{}/received/")
CALLS = ("/api/v1/matters/{}", "/api/v1/matters/{}/events")


@pytest.fixture(autouse=True)
def _nobody_is_held_up(unlimited, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def kept(here) -> Matter:
    """A matter that is for staff and its reporter only."""
    return here.report(by=here.resident, text="秘密的事。").matter


def shape(answer: Any, number: str) -> tuple[Any, ...]:
    """Return all of an answer that could tell two apart, its own number and tokens left out."""
    text = answer.content.decode().replace(number, "#").replace(number.lower(), "#")
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    headers = {key: value.replace(number, "#") for key, value in answer.items()}
    return answer.status_code, headers, text


@pytest.mark.parametrize("role", [None, "stranger", "other_handler"])
@pytest.mark.parametrize("page", [*PAGES, *CALLS])
def test_one_kept_from_me_looks_like_none(here, kept, role, page) -> None:
    client, headers = Client(), {}
    if role:
        client.force_login(getattr(here, role))
        headers = {
            "Authorization": f"Bearer {issue(getattr(here, role), here.community, 'x', None)}"
        }

    secret, absent = (
        shape(client.get(page.format(number), headers=headers), number)
        for number in (kept.number, NONE)
    )
    assert secret == absent
    assert secret[0] in (302, 401, 404)


@pytest.mark.parametrize("role", ["stranger", "other_handler", "secretary"])
def test_acting_on_one_kept_from_me_looks_like_acting_on_none(here, elsewhere, kept, role) -> None:
    where = elsewhere if role == "secretary" else here
    token = issue(getattr(where, role), where.community, "x", None)
    for action in ("note", "rate", "triage", "nonsense"):
        answers = [
            Client().post(
                f"/api/v1/matters/{number}/actions/{action}",
                {"facts": {"text": "x"}} if action == "note" else {},
                content_type="application/json",
                headers={"Authorization": f"Bearer {token}"},
            )
            for number in (kept.number, NONE)
        ]
        assert shape(answers[0], kept.number) == shape(answers[1], NONE)


def test_the_time_tells_nothing_either(here, kept) -> None:
    client = Client()
    times: dict[str, list[float]] = {kept.number: [], NONE: []}
    for _ in range(40):
        for number, found in times.items():
            began = time.perf_counter()
            client.get(f"/board/{number}/")
            found.append(time.perf_counter() - began)
    secret, absent = (statistics.median(found) for found in times.values())
    # A page that drew the matter would take several times as long as one that found nothing.
    assert 0.5 < secret / absent < 2


def test_both_cost_the_same_queries(here, kept) -> None:
    counts = set()
    for number in (kept.number, NONE):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            Client().get(f"/board/{number}/")
        counts.add(len(queries))
    assert len(counts) == 1


def test_a_search_finds_nothing_of_it(here, kept) -> None:
    page = Client().get("/board/", {"q": "秘密"}).content.decode()

    assert kept.number not in page
    assert "秘密的事" not in page
    numbered = Client().get("/board/", {"page": f"before:{kept.number}"})
    assert numbered.status_code == 200
    assert f'href="/board/{kept.number}' not in numbered.content.decode()


def test_links_have_128_bits_and_tokens_256(here, kept) -> None:
    tokens = [token_of(new_link(kept, here.resident)) for _ in range(500)]

    assert BITS == 256
    assert {len(token) for token in tokens} == {26}
    assert 26 * math.log2(32) >= 128
    assert len(set(tokens)) == 500
    # Every place varies: nothing in it is a date or a counter.
    for place in range(25):
        assert len({token[place] for token in tokens}) > 20


def test_a_link_near_a_true_one_leads_nowhere(here) -> None:
    guest = here.report().matter
    token = token_of(link_for(guest, guest.reporter))
    assert Client().get(f"/t/{token}/").status_code == 200
    for place in (0, 12, 25):
        wrong = token[:place] + ("b" if token[place] != "b" else "c") + token[place + 1 :]
        near, none = (Client().get(f"/t/{one}/") for one in (wrong, "z" * 26))
        assert near.status_code == none.status_code == 404
        assert shape(near, wrong) == shape(none, "z" * 26)


def test_guessing_links_is_slowed_down(here, settings) -> None:
    settings.RATE_LIMITS = {"wrong_link": "3/h"}
    answers = [Client().get(f"/t/{'a' * 25}{one}/").status_code for one in "abcdef"]

    assert answers == [404, 404, 404, 429, 429, 429]


def test_a_bearer_token_near_a_true_one_is_refused_without_a_query(
    here, django_assert_num_queries
) -> None:
    token = issue(here.resident, here.community, "x", None)
    with django_assert_num_queries(0):
        assert verify(token[:-1] + ("a" if token[-1] != "a" else "b")) is None


def test_the_identifier_of_an_upload_opens_nothing(here) -> None:
    upload = store_upload(here.community, picture())
    assert Client().get(link_to(upload)).status_code == 200
    for guess in (
        upload.uuid,
        upload.uuid.hex,
        f"shown.full.{upload.uuid.hex}",
        upload.path,
        uuid4(),
    ):
        answer = Client().get(f"/files/{guess}")
        assert answer.status_code == 404
    assert Client().get(f"/uploads/{upload.path}").status_code == 404
    assert Client().get(f"/media/{upload.path}").status_code == 404


def test_a_doorway_code_tells_no_more_than_what_hangs_on_the_door(here, elsewhere) -> None:
    known, unknown = (
        Client().get(f"/report/?d={code}") for code in (here.doorway.doorway_code, "DH9999")
    )
    assert known.status_code == unknown.status_code == 200
    page = known.content.decode()
    assert here.doorway.text in page
    assert elsewhere.doorway.doorway_code not in page
