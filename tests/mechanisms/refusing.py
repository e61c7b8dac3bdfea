"""An action with each thing that can be wrong: refused in words, nothing written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db.models import Model

from linli.kernel.deadlines.models import Clock
from linli.kernel.events.models import Event
from linli.kernel.matters.models import Attachment, Matter, MatterLink
from linli.kernel.notify.models import Notice
from linli.kernel.people.models import Person
from linli.kernel.procedures.errors import (
    ChangedMeanwhile,
    InvalidFacts,
    KeyReused,
    NotAllowed,
    WrongStage,
)
from linli.kernel.procedures.performing import perform


@dataclass
class Attempt:
    """What gets through, of which a test puts one thing wrong.

    ``do`` takes ``by``, ``facts`` and what else `perform` or `begin` take; ``models`` are the rows
    of the mechanism that it could write.
    """

    do: Callable[..., Any]
    by: Any
    facts: dict[str, Any]
    fields: dict[str, Any]
    models: tuple[type[Model], ...]

    def __call__(self, **wrong: Any) -> Any:
        return self.do(**{"by": self.by, "facts": self.facts, **wrong})

    def rows(self) -> list[Any]:
        """Return what could have been written, to compare before and after."""
        models = (Matter, Clock, MatterLink, Attachment, *self.models)
        counts = [Event.objects.count(), Notice.objects.count()]
        return counts + [list(model.objects.order_by("pk").values_list()) for model in models]

    def refused(self, kind: Any, **wrong: Any) -> Any:
        """Assert that it is refused in that way, in words, and wrote nothing."""
        before = self.rows()
        with pytest.raises(kind) as error:
            self(**wrong)
        assert self.rows() == before
        assert error.value.sentence
        return error.value

    def refused_to(self, people: Iterable[Person | None]) -> None:
        """Assert that none of them may; nobody at all neither."""
        for person in people:
            known = person and Person.objects.get(pk=person.pk)
            self.refused(NotAllowed, by=known)

    def refused_with_wrong_facts(self) -> None:
        """Assert that each fact is looked at, and that the wrong one is named."""
        for name, field in self.fields.items():
            wrong = [{"a": 1}, "长" * 20_001 + "\x00"]
            for value in [None, ""] * field.is_required() + wrong:
                error = self.refused(InvalidFacts, facts=self.facts | {name: value})
                assert list(error.errors) == [name]
        assert "x" in self.refused(InvalidFacts, facts=self.facts | {"x": 1}).errors

    def done_once(self) -> Any:
        """Carry it out twice under one key: the second time is the first."""
        first, again = self(key="once"), self(key="once")
        assert again.pk == first.pk
        assert again.repeated
        self.refused(KeyReused, key="once", facts={"nonsense": 1})
        return first


def put_at(matter: Matter, stage: str) -> Matter:
    """Put a matter at a stage directly: the honest way is for other tests."""
    Matter.objects.filter(pk=matter.pk).update(stage=stage)
    return Matter.objects.get(pk=matter.pk)


def each_thing_wrong(
    procedure: Any, action: Any, matter: Matter, attempt_on: Callable[[Matter], Attempt],
    others: Iterable[Person | None],
) -> None:  # fmt: skip
    """Assert that an action is refused to others, out of date, with wrong facts, at other stages."""
    attempt = attempt_on(matter)
    attempt.refused_to([None, *others])
    attempt.refused(ChangedMeanwhile, version=matter.version - 1)
    attempt.refused_with_wrong_facts()
    for stage in procedure.stages:
        if stage.name not in action.at:
            attempt_on(put_at(matter, stage.name)).refused(WrongStage)
    assert attempt_on(put_at(matter, action.at[0])).done_once().kind == (
        f"{procedure.name}.{action.past}"
    )


def attempting(action: Any, by: Any, facts: dict[str, Any], *models: type[Model]) -> Any:
    """Return how an action is attempted on a matter, with everything right."""

    def attempt_on(matter: Matter) -> Attempt:
        def do(**given: Any) -> Any:
            return perform(matter, action.name, **given)

        return Attempt(do, by, facts, action.facts.model_fields, models)

    return attempt_on
