"""Procedures declared in Python: stages, and actions with their rule beside the law.

>>> procedure = Procedure("casework", title=_("Service request"), stages=[...])
>>> @procedure.action(at="dispatched", to="in_hand", by="responsible.handler")
... def reply(request, facts: Reply, act): ...
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from linli.kernel.matters.models import Audience
from linli.kernel.procedures.errors import Unknown
from linli.kernel.procedures.facts import Facts, NoFacts

if TYPE_CHECKING:
    from linli.kernel.matters.models import MatterDetail

START = ""
ANY = "*"
SAME = "="


@dataclass(frozen=True)
class Stage:
    """Where a matter can stand. ``final`` stages close it; ``outcome`` names how."""

    name: str
    label: Any
    final: bool = False
    outcome: str = ""


@dataclass(frozen=True)
class Action:
    """What moves a matter: declared once, offered everywhere."""

    name: str
    label: Any
    at: tuple[str, ...]
    to: tuple[str, ...]
    by: tuple[str, ...]
    facts: type[Facts]
    run: Callable[..., Any]
    past: str
    audience: Audience
    confirm: Any = ""
    danger: bool = False
    hidden: bool = False
    happened: Any = ""
    when: Callable[[Any], bool] | None = None

    @property
    def law(self) -> str:
        """The rule as its docstring states it."""
        return inspect.getdoc(self.run) or ""


@dataclass
class Procedure:
    """A named set of stages and actions with the model of the mechanism's own detail."""

    name: str
    title: Any
    stages: Sequence[Stage]
    detail: type[MatterDetail] | None = None
    actions: dict[str, Action] = field(default_factory=dict)
    starts: dict[str, Action] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._stages = {stage.name: stage for stage in self.stages}
        registry[self.name] = self

    def stage(self, name: str) -> Stage:
        """Return the stage of that name. Raises Unknown."""
        try:
            return self._stages[name]
        except KeyError:
            raise Unknown from None

    def action(
        self,
        *,
        at: str | Sequence[str],
        to: str | Sequence[str],
        by: str | Sequence[str],
        label: Any,
        past: str,
        happened: Any = "",
        audience: Audience = Audience.PARTIES,
        confirm: Any = "",
        danger: bool = False,
        hidden: bool = False,
        when: Callable[[Any], bool] | None = None,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare an action.

        ``at``/``to``: stage names; ``ANY`` is every stage that is not final, ``SAME`` keeps the
        stage; with several in ``to`` the action calls ``act.go_to``. ``by``: relations as
        `access.relation_of` names them. ``past``: the event's last word ("replied").
        ``happened``: the sentence on the timeline. ``hidden``: offered by no button of its own.
        ``when``: given the mechanism's detail, whether it makes sense to offer it; the rule itself
        still refuses what must not be.
        """
        return self._declare(
            self.actions, at, to, by, label=label, past=past, happened=happened,
            audience=audience, confirm=confirm, danger=danger, hidden=hidden, when=when,
        )  # fmt: skip

    def start(
        self,
        *,
        to: str | Sequence[str],
        by: str | Sequence[str],
        label: Any,
        past: str,
        happened: Any = "",
        audience: Audience = Audience.PARTIES,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare how a matter of this procedure begins."""
        return self._declare(
            self.starts, START, to, by, label=label, past=past, happened=happened,
            audience=audience,
        )  # fmt: skip

    def _declare(
        self,
        where: dict[str, Action],
        at: str | Sequence[str],
        to: str | Sequence[str],
        by: str | Sequence[str],
        **told: Any,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def register(run: Callable[..., Any]) -> Callable[..., Any]:
            if run.__name__ in self.actions or run.__name__ in self.starts:
                raise ValueError(f"{self.name}.{run.__name__} is declared twice")
            if told["past"] in {known.past for known in self.all_actions()}:
                raise ValueError(f"{self.name}: two actions leave the event {told['past']!r}")
            where[run.__name__] = Action(
                name=run.__name__,
                at=self._stage_names(at),
                to=self._stage_names(to),
                by=(by,) if isinstance(by, str) else tuple(by),
                facts=_facts_of(run),
                run=run,
                **told,
            )
            return run

        return register

    def _stage_names(self, names: str | Sequence[str]) -> tuple[str, ...]:
        if names == ANY:
            return tuple(stage.name for stage in self.stages if not stage.final)
        chosen = (names,) if isinstance(names, str) else tuple(names)
        for name in chosen:
            if name not in self._stages and name not in (START, SAME):
                raise ValueError(f"{self.name} has no stage {name!r}")
        return chosen

    def all_actions(self) -> list[Action]:
        """Return every start and action, in the order they are declared."""
        return [*self.starts.values(), *self.actions.values()]

    def event_kind(self, action: Action) -> str:
        """Return the kind of the event the action leaves: "casework.replied"."""
        return f"{self.name}.{action.past}"

    def find(self, name: str) -> Action:
        """Return an action or a start by name. Raises Unknown."""
        found = self.actions.get(name) or self.starts.get(name)
        if found is None:
            raise Unknown
        return found


registry: dict[str, Procedure] = {}


def procedure_named(name: str) -> Procedure:
    """Return the procedure of that name. Raises Unknown."""
    try:
        return registry[name]
    except KeyError:
        raise Unknown from None


def action_of_event(kind: str) -> tuple[Procedure, Action]:
    """Return which procedure and action left events of this kind. Raises Unknown."""
    name, _, past = kind.partition(".")
    procedure = procedure_named(name)
    for action in procedure.all_actions():
        if action.past == past:
            return procedure, action
    raise Unknown


def _facts_of(run: Callable[..., Any]) -> type[Facts]:
    """Resolve only the annotation of ``facts``: the others may exist for type checkers alone."""
    declared = inspect.get_annotations(run).get("facts", NoFacts)
    if isinstance(declared, str):
        declared = run.__globals__.get(declared)
    if not (isinstance(declared, type) and issubclass(declared, Facts)):
        raise TypeError(f"{run.__name__}: facts must be a Facts class known at import")
    return declared
