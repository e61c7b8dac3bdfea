"""The tree of organisations, and federations across it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.kernel.organisations.models import Federation, FederationMember, Organisation

TREE = "/desk/organisations/"


def test_it_works(here, desk, text) -> None:
    here.at_stage("accepted")
    page = text(desk("secretary").get(TREE))
    assert here.roads.name in page
    assert f'href="/desk/inbox/?unit={here.roads.uuid}"' in page


def test_one_shows_who_holds_posts_and_what_can_be_changed(here, desk, text) -> None:
    page = text(desk("secretary").get(f"{TREE}{here.roads.uuid}/"))
    assert str(here.handler) in page
    assert here.committee.name in page


def test_one_is_made_below_changed_moved_and_dissolved(here, desk) -> None:
    client = desk("secretary")
    below = {"below-name": "路灯班", "below-kind": "department", "below-code": "lamps"}
    client.post(f"{TREE}{here.roads.uuid}/below/", below)
    made = Organisation.objects.get(code="lamps")
    address = f"{TREE}{made.uuid}/"
    changed = {"change-name": "照明班", "change-kind": "department", "change-code": "lamps"}
    assert client.post(f"{address}change/", changed).status_code == 302
    client.post(f"{address}move/", {"move-to": str(here.property_company.uuid)})
    made.refresh_from_db()
    assert made.name == "照明班"
    assert made.path.startswith(here.property_company.path)
    client.post(f"{address}dissolve/")
    made.refresh_from_db()
    assert made.dissolved_on


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "长" * 500}, {"kind": ""}, {"kind": "nonsense"},
              {"code": "roads"}, {"code": "a b"}, {"public_phone": "1" * 90}],
)  # fmt: skip
def test_what_is_wrong_is_told_and_all_else_kept(here, desk, text, wrong) -> None:
    sent = {
        "name": "路灯班",
        "kind": "department",
        "code": "lamps",
        "description": "修路灯",
    } | wrong
    answer = desk("secretary").post(
        f"{TREE}{here.roads.uuid}/below/", {f"below-{name}": value for name, value in sent.items()}
    )
    assert answer.status_code == 422
    assert "修路灯" in text(answer)
    assert "ll-field--wrong" in text(answer)
    assert not Organisation.objects.filter(code="lamps").exists()


def test_none_is_put_under_itself(here, desk) -> None:
    answer = desk("secretary").post(
        f"{TREE}{here.committee.uuid}/move/", {"move-to": str(here.roads.uuid)}
    )
    assert answer.status_code in (409, 422)


def test_a_desk_with_open_matters_is_not_dissolved(here, desk, text) -> None:
    here.at_stage("accepted")
    answer = desk("secretary").post(f"{TREE}{here.desk.uuid}/dissolve/", follow=True)
    here.desk.refresh_from_db()
    assert here.desk.dissolved_on is None
    assert "ll-alert--danger" in text(answer)


def test_a_federation_is_made_and_seats_given_and_ended(here, desk) -> None:
    client = desk("secretary")
    client.post("/desk/federations/", {"name": "联合党委", "convener": str(here.committee.uuid)})
    federation = Federation.objects.get()
    address = f"/desk/federations/{federation.uuid}/"
    seat = {"organisation": str(here.property_company.uuid)}
    client.post(address, seat)
    assert client.post(address, seat).status_code == 422  # sits there already
    held = FederationMember.objects.get(organisation=here.property_company)
    client.post(f"{address}{held.pk}/leave/")
    held.refresh_from_db()
    assert held.until


def test_a_federation_without_a_convener_is_told_and_the_name_kept(here, desk, text) -> None:
    answer = desk("secretary").post("/desk/federations/", {"name": "联合党委"})
    assert answer.status_code == 422
    assert 'value="联合党委"' in text(answer)
    assert not Federation.objects.exists()


@pytest.mark.parametrize("role", ["dispatcher", "handler", "supervisor", "resident"])
def test_who_does_not_administer_is_refused(here, desk, role) -> None:
    client = desk(role)
    assert client.get(TREE).status_code == 403
    assert client.post(f"{TREE}{here.roads.uuid}/dissolve/").status_code == 403
    here.roads.refresh_from_db()
    assert here.roads.dissolved_on is None


def test_what_lies_elsewhere_is_not_there(here, elsewhere, desk) -> None:
    client = desk("secretary")
    assert client.get(f"{TREE}{elsewhere.roads.uuid}/").status_code == 404
    assert client.post(f"{TREE}{elsewhere.roads.uuid}/dissolve/").status_code == 404


def test_queries_do_not_grow(here, desk) -> None:
    client, counts = desk("secretary"), []
    for first in (0, 4):
        for number in range(first, first + 4):
            fields = {"community": here.community, "kind": "department", "name": f"单位{number}"}
            Organisation.objects.add_child(here.committee, fields)
        with CaptureQueriesContext(connection) as counted:
            client.get(TREE)
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] <= 12
