"""`linli triage`: fit the models of suggestions now, and show those there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.mechanisms.casework.suggesting import record
from linli.mechanisms.casework.suggesting.judging import judge
from linli.mechanisms.casework.suggesting.learning import fit
from linli.mechanisms.casework.suggesting.models import Subject
from linli.surfaces.cli.command import GroupedCommand, add_community, add_json, community_named

if TYPE_CHECKING:
    from linli.mechanisms.casework.suggesting.models import TriageModel


class Command(GroupedCommand):
    """Suggestions of category and unit: what the nightly fit does, by hand."""

    summary = gettext_lazy("Fit the models that suggest category and unit, and show them")

    def add_arguments(self, parser: Any) -> None:
        group = self.group(parser)
        fitting = self.sub(
            group, "fit", self.fit, _("learn from what the desk decided; use it where it is better")
        )
        showing = self.sub(group, "show", self.show, _("list the models with their scores"))
        for one in (fitting, showing):
            add_community(one)
            add_json(one)

    def fit(self, options: dict[str, Any]) -> None:
        """Judge what was suggested, then fit each subject once."""
        community = community_named(options["community"])
        while judge(community):
            pass
        fitted = [(subject, fit(community, subject)) for subject in Subject]
        if options["json"]:
            self.say_json([_as_json(model) for _subject, model in fitted if model is not None])
            return
        for subject, model in fitted:
            if model is None:
                told = _("%(subject)s: too few new decisions to learn from.")
                self.say(told % {"subject": subject.label})
            else:
                self._say(model)

    def show(self, options: dict[str, Any]) -> None:
        """List the models of each subject, newest first."""
        community = community_named(options["community"])
        found = [row for subject in Subject for row in record.models(community, subject)]
        if options["json"]:
            self.say_json([_as_json(model) for model in found])
        elif not found:
            self.say(_("There is no model yet; the words of the category list are used."))
        else:
            for model in found:
                self._say(model)

    def _say(self, model: TriageModel) -> None:
        told = {
            "subject": model.get_subject_display(),
            "version": model.version,
            "day": model.fitted_at.date(),
            "learnt": model.learnt,
            "f1": f"{model.scores['macro_f1']:.3f}",
            "verdict": model.get_verdict_display(),
            "use": _("in use") if model.in_use else _("not in use"),
        }
        sentence = _(
            "%(subject)s, version %(version)s of %(day)s: learnt from %(learnt)s, "
            "macro F1 %(f1)s. %(verdict)s; %(use)s."
        )
        self.say(sentence % told)


def _as_json(model: TriageModel) -> dict[str, Any]:
    return {
        "subject": model.subject,
        "version": model.version,
        "fitted_at": model.fitted_at,
        "learnt": model.learnt,
        "kept_aside": model.kept,
        "codes": model.codes,
        "scores": model.scores,
        "in_use_then": model.rival,
        "verdict": model.verdict,
        "in_use": model.in_use,
        "held": model.held_by_id is not None,
    }
