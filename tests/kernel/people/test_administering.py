"""Accounts and posts: nobody gives what they do not hold, nor beyond where they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from linli.kernel.access.models import AuditEntry
from linli.kernel.access.reach import Conflicts, NotAdministered
from linli.kernel.access.relations import posts_of
from linli.kernel.organisations.models import Membership
from linli.kernel.packs.loading import pack_of
from linli.kernel.people.administering import (
    create_account,
    end_post,
    give_post,
    grantable_roles,
    new_password,
    people_within,
    set_active,
)
from linli.kernel.people.models import Person
from tests.kernel.people.conftest import signed_in

# In tests a person has read their posts before: what they hold now is read from the database.


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def test_it_works(here) -> None:
    person, password = create_account(
        here.secretary, here.roads, username="wang", display_name="王师傅", role="handler"
    )

    post = Membership.objects.get(person=person)
    assert (post.organisation, post.role, post.since) == (
        here.roads, "handler", here.community.day_of(timezone.now())
    )  # fmt: skip
    assert person.check_password(password)
    assert len(password) == 19
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "subject")) == [
        ("people.created", str(person.uuid)),
        ("people.post_given", str(person.uuid)),
    ]


@pytest.mark.parametrize("name", ["handler", "dispatcher", "resident", "stranger"])
def test_who_administers_nobody_gives_nothing(here, name) -> None:
    with pytest.raises(NotAdministered):
        give_post(getattr(here, name), here.stranger, here.roads, role="resident")

    assert not people_within(getattr(here, name), here.community).exists()


def test_nothing_is_given_above_where_one_stands(here) -> None:
    with pytest.raises(NotAdministered):
        give_post(here.secretary, here.stranger, here.street, role="handler")


def test_nothing_is_given_in_another_community(here, elsewhere) -> None:
    with pytest.raises(NotAdministered):
        give_post(here.secretary, here.stranger, elsewhere.roads, role="handler")


@pytest.fixture
def clerk(here) -> Person:
    """Somebody who administers people of an organisation, and may do nothing else."""
    (post,) = posts_of(here.secretary)
    less = replace(post, may=frozenset({"administer_people"}), sees=frozenset({"own"}))
    here.secretary._posts = (less,)
    return here.secretary


def test_no_role_with_more_than_ones_own(here, clerk) -> None:
    given, every = grantable_roles(clerk, here.community), here_roles(here)

    assert "resident" in given
    for name in ("secretary", "supervisor", "dispatcher"):
        assert name not in given
        with pytest.raises(Conflicts):
            give_post(clerk, here.stranger, here.roads, role=name)
    for name in given:
        pack = pack_of(here.community)
        for role in pack.roles_within(name):
            assert set(every[role].may) <= {"administer_people"}
            assert every[role].sees == "own"


def test_no_account_of_who_holds_more(here, clerk) -> None:
    with pytest.raises(Conflicts):
        new_password(clerk, here.dispatcher, here.community)


def here_roles(here):
    return pack_of(here.community).roles


def test_a_role_nobody_knows(here) -> None:
    with pytest.raises(Conflicts):
        give_post(here.secretary, here.stranger, here.roads, role="emperor")


def test_an_administrator_gives_every_role(here) -> None:
    Person.objects.filter(pk=here.stranger.pk).update(is_administrator=True)

    assert set(grantable_roles(fresh(here.stranger), here.community)) == set(here_roles(here))


def test_no_post_in_what_was_dissolved(here) -> None:
    here.roads.dissolved_on = timezone.localdate()
    here.roads.save()

    with pytest.raises(Conflicts):
        give_post(here.secretary, here.stranger, here.roads, role="handler")


def test_no_post_that_ends_before_it_begins(here) -> None:
    today = timezone.localdate()
    with pytest.raises(Conflicts) as refused:
        give_post(here.secretary, here.stranger, here.roads, role="handler", since=today,
                  until=today - timedelta(days=1))  # fmt: skip

    assert refused.value.field == "until"


def test_the_same_post_twice(here) -> None:
    give_post(here.secretary, here.stranger, here.roads, role="handler")

    with pytest.raises(Conflicts):
        give_post(here.secretary, here.stranger, here.roads, role="handler")
    assert Membership.objects.filter(person=here.stranger).count() == 1


@pytest.mark.parametrize("username", ["a b", "", "<x>", "a/b"])
def test_a_user_name_that_is_none(here, username) -> None:
    with pytest.raises(Conflicts) as refused:
        create_account(here.secretary, here.roads, username=username, display_name="x",
                       role="handler")  # fmt: skip

    assert refused.value.field == "username"


@pytest.mark.parametrize("username", ["dh-resident", "DH-Resident"])
def test_a_user_name_that_is_taken(here, username) -> None:
    with pytest.raises(Conflicts):
        create_account(here.secretary, here.roads, username=username, display_name="x",
                       role="handler")  # fmt: skip


def test_a_refused_post_leaves_no_account(here) -> None:
    with pytest.raises(NotAdministered):
        create_account(here.secretary, here.street, username="wang", display_name="x",
                       role="handler")  # fmt: skip

    assert not Person.objects.filter(username="wang").exists()
    assert not AuditEntry.objects.exists()


def test_ending_a_post(here) -> None:
    post = Membership.objects.get(person=here.handler)
    Membership.objects.filter(pk=post.pk).update(since=timezone.localdate() - timedelta(days=9))
    post.refresh_from_db()

    end_post(here.secretary, post)

    assert not Membership.objects.current().filter(pk=post.pk).exists()
    assert Membership.objects.filter(pk=post.pk).exists(), "it is known that it was held"


def test_a_post_that_began_today_never_counted(here) -> None:
    end_post(here.secretary, Membership.objects.get(person=here.handler))

    assert not Membership.objects.filter(person=here.handler).exists()


def test_not_ones_own_post(here) -> None:
    with pytest.raises(Conflicts):
        end_post(here.secretary, Membership.objects.get(person=here.secretary))


def test_not_a_post_above(here) -> None:
    with pytest.raises(NotAdministered):
        end_post(here.secretary, Membership.objects.get(person=here.supervisor))


def test_closing_an_account_ends_its_session(here) -> None:
    client = signed_in(here.handler)

    set_active(here.secretary, here.handler, here.community, active=False)

    assert client.get("/me/").status_code == 302
    set_active(here.secretary, fresh(here.handler), here.community, active=True)
    assert fresh(here.handler).is_active


def test_a_new_password_ends_every_session(here) -> None:
    client = signed_in(here.handler)

    password = new_password(here.secretary, here.handler, here.community)

    assert client.get("/me/").status_code == 302
    assert fresh(here.handler).check_password(password)


def test_no_account_of_ones_own_of_others_or_of_who_holds_more(here, elsewhere) -> None:
    with pytest.raises(Conflicts):
        new_password(here.secretary, here.secretary, here.community)
    for person in (here.supervisor, here.stranger, elsewhere.handler):
        with pytest.raises(NotAdministered):
            new_password(here.secretary, person, here.community)


def test_no_account_of_who_also_stands_elsewhere(here) -> None:
    """A new password would be a way to what that person holds elsewhere."""
    here.post(here.handler, here.street, "handler")

    with pytest.raises(Conflicts):
        new_password(here.secretary, fresh(here.handler), here.community)
    with pytest.raises(Conflicts):
        set_active(here.secretary, fresh(here.handler), here.community, active=False)


def test_no_account_of_an_administrator(here) -> None:
    Person.objects.filter(pk=here.handler.pk).update(is_administrator=True)

    with pytest.raises(Conflicts):
        new_password(here.secretary, fresh(here.handler), here.community)
