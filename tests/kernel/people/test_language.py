"""The language of a page: this browser's choice, the person's own, the browser's, Chinese."""

from __future__ import annotations

import pytest
from django.test import Client

from linli.kernel.people.models import Person


def language(client: Client, **headers: str) -> str:
    page = client.get("/display/", headers=headers).content.decode()
    return page.split('<html lang="')[1].split('"')[0]


def test_it_works(here) -> None:
    assert language(Client()) == "zh-hans"


def test_the_browser_is_asked(here) -> None:
    assert language(Client(), **{"accept-language": "en-GB,en;q=0.9"}) == "en"
    assert language(Client(), **{"accept-language": "fr"}) == "zh-hans"


@pytest.mark.parametrize(("own", "asked"), [("en", "zh-CN"), ("zh-hans", "en")])
def test_the_person_goes_before_the_browser(here, own, asked) -> None:
    Person.objects.filter(pk=here.resident.pk).update(language=own)
    client = Client()
    client.force_login(here.resident)

    assert language(client, **{"accept-language": asked}) == own


def test_the_choice_in_this_browser_goes_before_the_person(here) -> None:
    Person.objects.filter(pk=here.resident.pk).update(language="en")
    client = Client()
    client.force_login(here.resident)
    client.cookies["linli_language"] = "zh-hans"

    assert language(client) == "zh-hans"


@pytest.mark.parametrize("value", ["fr", "", "x" * 5_000, "../en"])
def test_a_choice_that_is_none_is_passed_over(here, value) -> None:
    client = Client()
    client.cookies["linli_language"] = value

    assert language(client) == "zh-hans"
    Person.objects.filter(pk=here.resident.pk).update(language="xx")
    client.force_login(here.resident)
    assert language(client) == "zh-hans"


def test_what_was_chosen_is_kept_with_the_person(here) -> None:
    client = Client()
    client.force_login(here.resident)
    client.post("/display/", {"language": "en", "large": "1"})

    another_browser = Client()
    another_browser.force_login(Person.objects.get(pk=here.resident.pk))

    page = another_browser.get("/display/").content.decode()
    assert '<html lang="en" class="large">' in page


def test_without_a_session_nobody_is_looked_up(here, django_assert_num_queries) -> None:
    from django.test import RequestFactory

    from linli.kernel.people.language import language_of

    with django_assert_num_queries(0):
        assert language_of(RequestFactory().get("/")) == "zh-hans"
