"""Versions of a pack: stored once, compared, adopted where nothing in use is lost."""

from __future__ import annotations

import pytest

from linli.kernel.packs.difference import difference
from linli.kernel.packs.loading import (
    PackNotFound,
    StillInUse,
    adopt,
    content_of,
    load_pack,
    read_pack,
    store_pack,
    stored_content,
)
from linli.kernel.packs.models import Pack
from tests.kernel.packs.conftest import PACKS


def test_the_same_content_is_stored_once(db) -> None:
    assert load_pack("open311-city") == load_pack("open311-city")
    assert Pack.objects.filter(name="open311-city").count() == 1


def test_an_unknown_name_is_refused(db) -> None:
    with pytest.raises(PackNotFound):
        load_pack("nowhere")


def test_changed_content_is_another_version(db, copy) -> None:
    first = load_pack("open311-city")
    copy.change("pack.yaml", "reopen_days: 21", "reopen_days: 22")
    second = store_pack(read_pack(copy.folder))
    assert second != first
    assert (content_of(first).casework.reopen_days, content_of(second).casework.reopen_days) == (
        21, 22,
    )  # fmt: skip


def test_a_pack_keeps_its_order_in_the_database(db) -> None:
    on_disk = read_pack(PACKS / "cn-community")
    stored = Pack.objects.get(pk=store_pack(on_disk).pk).content
    assert list(stored["categories"]) == list(on_disk.categories) != sorted(on_disk.categories)
    assert list(stored["roles"]) == list(on_disk.roles)
    kept = stored_content(stored)
    assert kept == on_disk
    assert [list(one.options) for one in kept.questions.values()] == [
        list(one.options) for one in on_disk.questions.values()
    ]


def test_another_order_is_another_version(db, copy) -> None:
    first = load_pack("open311-city")
    copy.change("roles.yaml", "volunteer: {label: {en: Volunteer}, staff: false}\n", "")
    with (copy.folder / "roles.yaml").open("a", encoding="utf-8") as roles:
        roles.write("volunteer: {label: {en: Volunteer}, staff: false}\n")
    second = store_pack(read_pack(copy.folder))
    assert second != first
    changes = difference(content_of(first), content_of(second))
    assert [(one.sign, one.path) for one in changes] == [("~", "roles")]
    assert [list(content_of(one).roles)[-1] for one in (first, second)] != ["volunteer"] * 2


def test_the_difference_names_the_single_value(copy) -> None:
    copy.change("pack.yaml", "reopen_days: 21", "reopen_days: 22")
    copy.change("roles.yaml", "volunteer: {label: {en: Volunteer}, staff: false}\n", "")
    copy.change("roles.yaml", "block_captain:", "warden: {label: {en: Warden}}\nblock_captain:")
    changes = difference(read_pack(PACKS / "open311-city"), read_pack(copy.folder))
    assert [(one.sign, one.path) for one in changes] == [
        ("~", "casework.reopen_days"),
        ("-", "roles.volunteer"),
        ("+", "roles.warden"),
    ]


def test_a_pack_without_what_is_in_use_is_not_adopted(here) -> None:
    before = here.community.pack
    with pytest.raises(StillInUse) as caught:
        adopt(here.community, load_pack("open311-city"))
    assert "organisation_kinds" in caught.value.missing
    here.community.refresh_from_db()
    assert here.community.pack == before


def test_unless_it_is_meant(here) -> None:
    adopt(here.community, load_pack("open311-city"), even_if_missing=True)
    here.community.refresh_from_db()
    assert here.community.pack.name == "open311-city"


def test_a_running_matter_keeps_its_version(here) -> None:
    matter = here.at_stage("dispatched")
    adopt(here.community, load_pack("open311-city"), even_if_missing=True)
    matter.refresh_from_db()
    assert matter.pack.name == "cn-community"
