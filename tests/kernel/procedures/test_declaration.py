"""A procedure that cannot work is refused when it is declared."""

from __future__ import annotations

import pytest

from linli.kernel.procedures.declaration import Procedure, Stage, registry
from linli.kernel.procedures.facts import Facts, NoFacts


@pytest.fixture
def procedure():
    made = Procedure("trial", title="Trial", stages=[Stage("a", "A"), Stage("b", "B", final=True)])
    yield made
    del registry["trial"]


def test_it_works(procedure) -> None:
    @procedure.action(at="a", to="b", by="reporter", label="Finish", past="finished")
    def finish(request, facts: NoFacts, act) -> None:
        """Finish it."""

    assert procedure.actions["finish"].facts is NoFacts
    assert procedure.actions["finish"].law == "Finish it."
    assert procedure.event_kind(procedure.actions["finish"]) == "trial.finished"


def test_a_stage_that_does_not_exist_is_refused(procedure) -> None:
    with pytest.raises(ValueError, match="no stage 'c'"):

        @procedure.action(at="a", to="c", by="reporter", label="X", past="x")
        def leap(request, facts: NoFacts, act) -> None: ...


def test_an_action_declared_twice_is_refused(procedure) -> None:
    def finish(request, facts: NoFacts, act) -> None: ...

    procedure.action(at="a", to="b", by="reporter", label="X", past="x")(finish)
    with pytest.raises(ValueError, match="declared twice"):
        procedure.action(at="a", to="b", by="reporter", label="X", past="y")(finish)


def test_facts_that_are_no_facts_are_refused(procedure) -> None:
    with pytest.raises(TypeError):

        @procedure.action(at="a", to="b", by="reporter", label="X", past="x")
        def wrong(request, facts: dict, act) -> None: ...


def test_two_events_of_the_same_name_are_refused(procedure) -> None:
    def one(request, facts: NoFacts, act) -> None: ...

    def two(request, facts: NoFacts, act) -> None: ...

    procedure.action(at="a", to="b", by="reporter", label="X", past="x")(one)
    with pytest.raises(ValueError, match="event"):
        procedure.action(at="a", to="b", by="reporter", label="X", past="x")(two)


def test_facts_refuse_unknown_fields() -> None:
    class Small(Facts):
        text: str = ""

    with pytest.raises(ValueError, match="extra"):
        Small.model_validate({"other": 1})
