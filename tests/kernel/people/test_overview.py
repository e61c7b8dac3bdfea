"""The page of one's own data: what is held, who looked, how one signs in."""

from __future__ import annotations

import pytest
from django.test import Client

from linli.kernel.access.models import ApiToken
from linli.kernel.access.tokens import issue, verify
from linli.kernel.people.contacts import mark_verified, reveal_contact, set_contact
from linli.kernel.people.models import Person
from tests.kernel.people.conftest import signed_in

PATHS = ["/me/", "/me/looks/", "/me/contacts/phone/", "/me/contacts/phone/show/",
         "/me/contacts/phone/verify/", "/me/export/", "/me/erase/"]  # fmt: skip


def test_it_works(here) -> None:
    mark_verified(set_contact(here.resident, "phone", "13800005678"))

    page = signed_in(here.resident).get("/me/").content.decode()

    assert "138••••5678" in page
    assert "13800005678" not in page
    assert "已验证" in page
    assert here.resident.username in page


@pytest.mark.parametrize("path", PATHS)
def test_who_is_not_signed_in_is_led_to_it(here, path) -> None:
    answer = Client().get(path)

    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={path}")


@pytest.mark.parametrize("path", PATHS)
def test_nobody_in_between_keeps_a_copy(here, gateway, path) -> None:
    set_contact(here.resident, "phone", "13800005678")
    client = signed_in(here.resident)

    assert "no-store" in client.get(path).get("Cache-Control", "")


def test_the_footer_leads_there(here) -> None:
    assert 'href="/me/"' in signed_in(here.resident).get("/board/").content.decode()
    assert 'href="/me/"' not in Client().get("/board/").content.decode()


def test_the_shown_name(here) -> None:
    client = signed_in(here.resident)

    client.post("/me/name/", {"display_name": " 李奶奶 "})

    assert Person.objects.get(pk=here.resident.pk).display_name == "李奶奶"


def test_a_name_that_is_too_long_is_refused_and_kept_in_the_form(here) -> None:
    answer = signed_in(here.resident).post("/me/name/", {"display_name": "长" * 90})

    assert answer.status_code == 422
    assert "长" * 90 in answer.content.decode()
    assert Person.objects.get(pk=here.resident.pk).display_name == "Dh-Resident"


def test_a_name_may_hold_no_script(here) -> None:
    client = signed_in(here.resident)
    client.post("/me/name/", {"display_name": "<script>alert(1)</script>"})

    assert "<script>alert" not in client.get("/me/").content.decode()


def test_a_token_of_ones_own_is_ended(here) -> None:
    plain = issue(here.handler, here.community, "报表程序", None)
    client = signed_in(here.handler)
    assert "报表程序" in client.get("/me/").content.decode()
    token = ApiToken.objects.get()

    client.post(f"/me/tokens/{token.uuid}/revoke/")
    client.post(f"/me/tokens/{token.uuid}/revoke/")  # once more changes nothing

    assert verify(plain) is None
    assert "报表程序" not in client.get("/me/").content.decode()


def test_a_token_of_another_is_not(here) -> None:
    plain = issue(here.handler, here.community, "报表程序", None)

    answer = signed_in(here.resident).post(f"/me/tokens/{ApiToken.objects.get().uuid}/revoke/")

    assert answer.status_code == 404
    assert verify(plain) is not None


def test_queries_do_not_grow_with_what_is_held(here, django_assert_num_queries) -> None:
    client = signed_in(here.resident)
    for kind in ("phone", "name", "email", "address"):
        set_contact(here.resident, kind, "13800005678")
    for number in range(8):
        reveal_contact(here.resident, "phone", by=here.handler, reason=f"理由 {number}")
        issue(here.resident, here.community, f"t{number}", None)
    client.get("/me/")

    with django_assert_num_queries(12):
        client.get("/me/")
