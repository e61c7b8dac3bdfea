"""Changing the tree and the federations: within one's reach, audited, refused in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from linli.kernel.access.models import AuditEntry
from linli.kernel.access.reach import Conflicts, NotAdministered, reach
from linli.kernel.access.relations import posts_of, relation_of
from linli.kernel.organisations.administering import (
    change_organisation,
    create_federation,
    create_organisation,
    dissolve_organisation,
    join_federation,
    leave_federation,
    move_organisation,
)
from linli.kernel.organisations.models import Federation, FederationMember, Membership, Organisation
from linli.kernel.organisations.tree import parent_of, within
from linli.kernel.people.models import Person


@pytest.fixture
def boss(here) -> Person:
    """An administrator of the installation."""
    person = here.person("boss", None)
    person.is_administrator = True
    person.save()
    return person


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_it_works(here, boss) -> None:
    made = create_organisation(boss, here.committee, name="消防队", kind="department", code="fire")

    assert parent_of(made) == here.committee
    assert made in within(fresh(here.street))
    entry = AuditEntry.objects.get(action="organisations.created")
    assert (entry.actor, entry.subject) == (boss, str(made.uuid))


def test_a_name_is_changed_and_the_old_one_kept_on_record(here, boss) -> None:
    changed = change_organisation(boss, here.roads, name="市政与道路所")

    assert changed.name == "市政与道路所"
    details = AuditEntry.objects.get(action="organisations.changed").details
    assert details == {"was": {"name": "市政所"}, "now": {"name": "市政与道路所"}}


def test_nothing_changed_is_not_noted(here, boss) -> None:
    change_organisation(boss, here.roads, name=here.roads.name)

    assert not AuditEntry.objects.exists()


def test_moved_it_takes_along_all_that_lies_below(here, boss) -> None:
    below = create_organisation(boss, here.roads, name="路灯班", kind="department")
    move_organisation(boss, here.roads, here.street)

    assert parent_of(fresh(here.roads)) == here.street
    assert parent_of(fresh(below)) == fresh(here.roads)
    assert fresh(below) not in within(fresh(here.committee))
    assert fresh(here.street).numchild == 2


def test_who_is_above_follows_the_tree(here, boss) -> None:
    matter = here.at_stage("dispatched")
    chief = here.person("chief", here.property_company, "supervisor")
    assert not any(one.startswith("above.") for one in relation_of(chief, matter))

    move_organisation(boss, here.roads, here.property_company)
    assert "above.supervisor" in relation_of(fresh(chief), fresh(matter))


@pytest.mark.parametrize("to", ["roads", "below"])
def test_it_cannot_lie_below_itself(here, boss, to) -> None:
    below = create_organisation(boss, here.roads, name="路灯班", kind="department")
    target = below if to == "below" else here.roads
    with pytest.raises(Conflicts):
        move_organisation(boss, here.roads, target)
    assert parent_of(fresh(here.roads)) == here.committee


def test_a_code_taken_and_a_kind_unknown_are_refused_at_their_field(here, boss) -> None:
    for field, values in (("code", {"code": "desk"}), ("kind", {"kind": "nonsense"})):
        with pytest.raises(Conflicts) as refused:
            create_organisation(
                boss, here.committee, **{"name": "x", "kind": "department", **values}
            )
        assert refused.value.field == field
        with pytest.raises(Conflicts):
            change_organisation(boss, here.roads, **values)
    assert Organisation.objects.count() == 6


@pytest.mark.parametrize("role", ["handler", "resident", "stranger", "elsewhere"])
def test_outside_one_s_reach_nothing_is_done(here, elsewhere, boss, role) -> None:
    person = elsewhere.secretary if role == "elsewhere" else getattr(here, role)
    federation = create_federation(boss, here.committee, "联合党委")
    seat = FederationMember.objects.get()
    for attempt in (
        lambda: create_organisation(person, here.committee, name="x", kind="department"),
        lambda: change_organisation(person, here.roads, name="x"),
        lambda: move_organisation(person, here.roads, here.street),
        lambda: dissolve_organisation(person, here.property_company),
        lambda: create_federation(person, here.committee, "x"),
        lambda: join_federation(person, federation, here.roads),
        lambda: leave_federation(person, seat),
    ):
        with pytest.raises(NotAdministered):
            attempt()
    assert (Organisation.objects.count(), Federation.objects.count()) == (12, 1)


def test_an_organisation_does_not_cross_to_another_community(here, elsewhere, boss) -> None:
    federation = create_federation(boss, here.committee, "联合党委")
    with pytest.raises(NotAdministered):
        move_organisation(boss, here.roads, elsewhere.committee)
    with pytest.raises(NotAdministered):
        join_federation(boss, federation, elsewhere.roads)


def test_dissolving_ends_posts_and_seats_today(here, boss) -> None:
    federation = create_federation(boss, here.committee, "联合党委")
    join_federation(boss, federation, here.property_company)
    dissolve_organisation(boss, here.property_company)

    today = here.community.day_of(timezone.now())
    assert fresh(here.property_company).dissolved_on == today
    assert Membership.objects.get(person=here.other_handler).until == today
    assert FederationMember.objects.get(organisation=here.property_company).until == today
    assert posts_of(fresh(here.other_handler)) == ()
    with pytest.raises(Conflicts):
        dissolve_organisation(boss, here.property_company)


@pytest.mark.parametrize("why", ["organisations", "desk", "grids", "federation"])
def test_where_something_lies_it_cannot_be_dissolved(here, boss, why) -> None:
    if why == "desk":
        here.at_stage("dispatched")
    if why == "federation":
        create_federation(boss, here.roads, "道路联盟")
    nodes = {"organisations": here.committee, "desk": here.desk, "grids": here.grid}
    node = nodes.get(why, here.roads)
    with pytest.raises(Conflicts):
        dissolve_organisation(boss, node)
    assert fresh(node).dissolved_on is None


def test_nothing_is_put_below_one_that_was_dissolved(here, boss) -> None:
    dissolve_organisation(boss, here.property_company)
    gone = fresh(here.property_company)
    with pytest.raises(Conflicts):
        create_organisation(boss, gone, name="x", kind="department")
    with pytest.raises(Conflicts):
        move_organisation(boss, here.roads, gone)


def test_members_of_a_federation_keep_their_superiors(here, boss) -> None:
    federation = create_federation(boss, here.committee, "联合党委")
    join_federation(boss, federation, here.roads)

    assert set(federation.members.all()) == {here.committee, here.roads}
    assert parent_of(fresh(here.roads)) == here.committee
    # To convene is no power over a member: reach follows the tree alone.
    chief = here.person("chief", here.property_company, "secretary")
    assert here.roads not in reach(chief, here.community, "administer_organisations")


def test_a_seat_is_held_once_left_once_and_can_be_taken_again(here, boss) -> None:
    federation = create_federation(boss, here.committee, "联合党委")
    join_federation(boss, federation, here.roads)
    with pytest.raises(Conflicts):
        join_federation(boss, federation, here.roads)
    seat = FederationMember.objects.get(organisation=here.roads)
    leave_federation(boss, seat)
    leave_federation(boss, seat)
    assert AuditEntry.objects.filter(action="federations.left").count() == 1

    join_federation(boss, federation, here.roads)
    assert FederationMember.objects.filter(organisation=here.roads).count() == 2


def test_the_convener_stays_and_a_name_is_used_once(here, boss) -> None:
    create_federation(boss, here.committee, "联合党委")
    with pytest.raises(Conflicts):
        leave_federation(boss, FederationMember.objects.get())
    with pytest.raises(Conflicts) as refused:
        create_federation(boss, here.street, "联合党委")
    assert refused.value.field == "name"


# --- posts -----------------------------------------------------------------------------------
def test_one_person_holds_several_posts_each_in_its_time(here) -> None:
    today = here.community.day_of(timezone.now())
    here.post(here.handler, here.property_company, "handler")
    past = here.post(here.handler, here.desk, "dispatcher")
    coming = here.post(here.handler, here.street, "supervisor")
    Membership.objects.filter(pk=past.pk).update(
        since=today - timedelta(days=9), until=today - timedelta(days=1)
    )
    Membership.objects.filter(pk=coming.pk).update(since=today + timedelta(days=1))

    held = {(post.organisation_id, post.role) for post in posts_of(fresh(here.handler))}
    assert held == {(here.roads.pk, "handler"), (here.property_company.pk, "handler")}
    for day, role in (
        (today - timedelta(days=5), "dispatcher"),
        (today + timedelta(days=3), "supervisor"),
    ):
        assert Membership.objects.current(day).filter(person=here.handler, role=role).exists()


def test_the_last_day_of_a_post_counts(here) -> None:
    today = here.community.day_of(timezone.now())
    Membership.objects.filter(person=here.handler).update(until=today)
    assert posts_of(fresh(here.handler))


def test_no_post_twice_and_none_that_ends_before_it_begins(here) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        here.post(here.handler, here.roads, "handler")
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(person=here.handler).update(until="2001-01-01")
