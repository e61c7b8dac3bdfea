"""Who may see which matters: the query and the relations say the same."""

from __future__ import annotations

import random

import pytest

from linli.kernel.access.audiences import audiences_of
from linli.kernel.access.relations import relation_of
from linli.kernel.matters import visibility
from linli.kernel.matters.models import Audience, Matter, Participant
from linli.kernel.matters.visibility import in_charge, may_see, visible_to
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import content_of, pack_of
from linli.kernel.people.models import Person
from linli.kernel.places.models import Area


def fresh(person: Person) -> Person:
    """Posts and scopes are kept on the loaded person; a request loads it anew."""
    return Person.objects.get(pk=person.pk)


def test_it_works(here) -> None:
    matter = here.at_stage("dispatched")

    assert matter in visible_to(here.handler, here.community)
    assert matter in visible_to(here.dispatcher, here.community)
    assert matter in visible_to(here.resident, here.community)
    assert may_see(here.supervisor, matter)


def test_before_it_is_published_nobody_else_sees_it(here) -> None:
    matter = here.report(by=here.resident).matter

    for person in (None, here.stranger, here.other_handler, here.handler):
        assert not may_see(person, matter)


def test_a_published_one_is_seen_by_all(here, elsewhere) -> None:
    matter = here.at_stage("received")

    for person in (None, here.stranger, here.other_handler, elsewhere.handler):
        assert may_see(person, matter)


def test_one_for_named_people_is_hidden_even_from_those_in_charge(here) -> None:
    matter = here.at_stage("dispatched")
    Matter.objects.filter(pk=matter.pk).update(audience=Audience.NAMED)
    Participant.objects.create(matter=matter, person=here.stranger, role=Participant.Role.NAMED)

    for person in (None, here.handler, here.dispatcher, here.supervisor, here.resident):
        assert matter not in visible_to(person, here.community)
        assert matter not in in_charge(person, here.community)
    assert matter in visible_to(here.stranger, here.community)


def test_the_organisation_complained_of_does_not_learn_of_it(here) -> None:
    matter = here.report(by=here.resident).matter
    from linli.kernel.procedures.performing import perform

    facts = {"to": str(here.roads.uuid), "complained_of": str(here.property_company.uuid)}
    perform(matter, "dispatch", by=here.dispatcher, facts=facts)

    assert not may_see(here.other_handler, matter)
    assert may_see(here.handler, matter)


def test_another_community_shows_only_what_is_public_there(here, elsewhere) -> None:
    hidden = here.report(by=here.resident).matter

    for person in (elsewhere.secretary, elsewhere.dispatcher, elsewhere.supervisor):
        assert not may_see(person, hidden)


def test_a_post_that_ended_or_a_closed_account_opens_nothing(here) -> None:
    matter = here.report(by=here.resident).matter
    here.dispatcher.memberships.update(since="2020-01-01", until="2020-12-31")
    here.resident.is_active = False

    assert not may_see(fresh(here.dispatcher), matter)
    assert not may_see(here.resident, matter)


@pytest.mark.parametrize("seed", range(12))
def test_the_query_agrees_with_the_relations(here, elsewhere, seed: int) -> None:
    chance = random.Random(seed)
    organisations = _grow_tree(here, chance)
    people = [_with_random_posts(here, organisations, chance, n) for n in range(8)]
    areas = [
        Area.objects.create(
            community=here.community, kind="grid", code=f"a{n}", name=f"a{n}",
            organisation=chance.choice([None, *organisations]),
        )
        for n in range(4)
    ]  # fmt: skip
    matters = [_random_matter(here, organisations, people, areas, chance, n) for n in range(40)]

    for person in [*map(fresh, people), None]:
        seen = set(visible_to(person, here.community))
        led = set(in_charge(person, here.community))
        for matter in matters:
            relations = relation_of(person, matter)
            assert (matter in seen) == _expected(matter, relations), (seed, relations, matter)
            assert (matter in led) <= (matter in seen)


def _expected(matter: Matter, relations: frozenset[str]) -> bool:
    if matter.audience in audiences_of(relations, content_of(matter.pack)):
        return True
    return matter.audience != Audience.NAMED and bool(relations & {"reporter", "named"})


def _grow_tree(here, chance: random.Random) -> list[Organisation]:
    found = [here.street, here.committee, here.desk, here.roads]
    for n in range(8):
        above = Organisation.objects.get(pk=chance.choice(found).pk)
        node = {"community": here.community, "kind": "department", "name": f"o{n}"}
        found.append(Organisation.objects.add_child(above, node))
    return list(Organisation.objects.filter(pk__in=[node.pk for node in found]))


def _with_random_posts(here, organisations, chance: random.Random, n: int) -> Person:
    person = here.person(f"random-{n}", None)
    roles = sorted(pack_of(here.community).roles)
    held = {
        (chance.choice(organisations), chance.choice(roles)) for _ in range(chance.randint(0, 3))
    }
    for organisation, role in held:
        here.post(person, organisation, role)
    return person


def _random_matter(here, organisations, people, areas, chance: random.Random, n: int) -> Matter:
    matter = Matter.objects.create(
        community=here.community, procedure="casework", pack=here.community.pack,
        number=f"R-{n}", title=f"r{n}", stage="received",
        audience=chance.choice(Audience.values),
        responsible=chance.choice([None, *organisations]),
        desk=chance.choice([None, *organisations]),
        reporter=chance.choice([None, *people]),
        area=chance.choice([None, *areas]),
    )  # fmt: skip
    for person in chance.sample(people, chance.randint(0, 2)):
        role = chance.choice(Participant.Role.values)
        Participant.objects.create(matter=matter, person=person, role=role)
    return matter


def test_a_wide_scope_is_named_by_its_trees_and_sees_the_same(here, monkeypatch) -> None:
    here.report()
    for stage in ("dispatched", "accepted", "in_hand"):
        here.at_stage(stage)
    people = (here.handler, here.other_handler, here.dispatcher, here.supervisor, here.secretary)

    def charge() -> list[set[int]]:
        rows = (in_charge(fresh(one), here.community) for one in people)
        return [set(found.values_list("pk", flat=True)) for found in rows]

    listed = charge()
    monkeypatch.setattr(visibility, "MOST_LISTED", 0)
    assert charge() == listed
    assert len({len(found) for found in listed}) > 1
