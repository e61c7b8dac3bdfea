"""What a pack says of its categories, and the model that is made of nothing else."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from linli.engines.triage import NothingToLearn, Triage
from linli.kernel.packs.loading import content_of
from linli.kernel.packs.models import Pack
from linli.mechanisms.casework.suggesting.models import Subject

if TYPE_CHECKING:
    from linli.kernel.packs.schema import CategorySetting, PackContent


def words_of_categories(pack: PackContent) -> dict[str, str]:
    """Return for each category that can be chosen its labels and hints in all languages."""
    return {code: _words(setting) for code, setting in pack.leaf_categories().items()}


def words_of_units(pack: PackContent) -> dict[str, str]:
    """Return for each organisation the pack names the words of the categories it answers for."""
    found: dict[str, list[str]] = {}
    for setting in pack.leaf_categories().values():
        if setting.organisation:
            found.setdefault(setting.organisation, []).append(_words(setting))
    return {code: "\n".join(words) for code, words in found.items()}


def words_for(subject: str, pack: PackContent) -> dict[str, str]:
    """Return the words that go with each code of a subject."""
    return words_of_units(pack) if subject == Subject.UNIT else words_of_categories(pack)


def model_of_words(subject: str, pack: Pack) -> Triage | None:
    """Return the model one begins with, or None where the pack tells too few codes apart."""
    return _of_words(subject, pack.pk)


@lru_cache(maxsize=16)
def _of_words(subject: str, pack_id: int) -> Triage | None:
    content = content_of(Pack.objects.get(pk=pack_id))
    try:
        return Triage.fit([], [], descriptions=words_for(subject, content))
    except NothingToLearn:
        return None


def _words(setting: CategorySetting) -> str:
    labels = [*setting.label.root.values(), *(setting.hint.root.values() if setting.hint else ())]
    return "，".join(labels)
