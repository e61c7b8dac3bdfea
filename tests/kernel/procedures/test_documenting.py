"""The reference of procedures is written from the declarations."""

from __future__ import annotations

from django.utils.translation import override

from linli.kernel.procedures.declaration import registry
from linli.kernel.procedures.documenting import mermaid, procedures_markdown


def test_it_names_every_stage_and_action() -> None:
    text = procedures_markdown()

    for procedure in registry.values():
        for stage in procedure.stages:
            assert f"    {stage.name}: " in text
        for action in (*procedure.starts.values(), *procedure.actions.values()):
            assert f"(`{action.name}`)" in text
            assert action.law, f"{action.name} does not state its rule"


def test_the_diagram_has_an_arrow_for_each_way() -> None:
    with override("en"):
        drawn = mermaid(registry["casework"])

    assert "    [*] --> received: Report" in drawn
    assert "    in_hand --> solved: Report it done" in drawn
    assert "    solved --> in_hand: Rate, Take down the call-back" in drawn
    assert "    closed --> [*]" in drawn
