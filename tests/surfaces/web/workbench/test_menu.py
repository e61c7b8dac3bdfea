"""The menu of the workbench: what one may open, in groups, the current one open."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from linli.surfaces.web.context import DESK

pytestmark = pytest.mark.django_db

GROUPS = r'<details class="desk__group"( open)?><summary>([^<]+)</summary>(.*?)</details>'


def groups(client, person, path="/desk/") -> dict[str, tuple[bool, list[str]]]:
    client.force_login(person)
    html = client.get(path).content.decode()
    return {
        label: (bool(opened), re.findall(r'<a href="([^"]+)"', inside))
        for opened, label, inside in re.findall(GROUPS, html, re.DOTALL)
    }


def test_it_works(client, here) -> None:
    shown = groups(client, here.secretary)
    assert list(shown) == ["督办", "统计", "设置"]
    assert not any(opened for opened, _links in shown.values())
    assert "/desk/people/" in shown["设置"][1]


def test_the_group_of_the_page_one_is_on_is_open(client, here) -> None:
    shown = groups(client, here.secretary, "/desk/rates/")
    assert [label for label, (opened, _links) in shown.items() if opened] == ["统计"]


def test_what_would_be_refused_is_not_offered(client, here) -> None:
    shown = groups(client, here.handler)
    assert "/desk/people/" not in shown["设置"][1]
    assert all(
        client.get(link).status_code == 200 for _open, links in shown.values() for link in links
    )


def test_each_entry_is_the_current_one_of_its_own_page_alone(client, here) -> None:
    client.force_login(here.secretary)
    entries = [entry for _label, group in DESK for entry in group]
    assert len({entry[0] for entry in entries}) == len(entries)
    for name, view, *_rest in entries:
        html = client.get(reverse(view), {"q": "灯"}).content.decode()
        current = re.findall(r'<a href="([^"]+)" aria-current="page"', html.split("</nav>")[0])
        assert current == [reverse(view)], name
