"""Creating the community, its organisations and its federation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linli.kernel.organisations.models import (
    Community,
    Federation,
    FederationMember,
    Organisation,
)
from linli.kernel.packs.loading import load_pack

if TYPE_CHECKING:
    from linli.surfaces.cli.demo.settings import Settings
    from linli.surfaces.cli.demo.world import World


def create_community(settings: Settings) -> Community:
    """Create the community with the pack as it stands on disk."""
    given = dict(settings.values["community"])
    longitude, latitude = given.pop("centre")
    return Community.objects.create(
        pack=load_pack(settings.values["pack"]),
        centre_longitude=longitude,
        centre_latitude=latitude,
        **given,
    )


def create_organisations(world: World) -> None:
    """Create the tree, the grids' own organisations at its end, and the federation."""
    values = world.settings.values
    for given in values["organisations"]:
        _add(world, given)
    for number, grid in enumerate(values["grids"], start=1):
        own = {"code": grid_code_of(number), "above": values.get("grids_above", "committee")}
        if "kind" in grid:
            _add(world, {**own, "kind": grid["kind"], "name": grid["name"]})
        else:
            _add(world, {**own, "kind": "grid", "name": f"{grid['name']}（{grid['estate']}）"})
    if "federation" in values:
        _federate(world, values["federation"])


def grid_code_of(number: int) -> str:
    """Return the code of a grid's organisation, counted from 1."""
    return f"grid-{number:02d}"


def _add(world: World, given: dict[str, Any]) -> None:
    fields = {
        "community": world.community,
        "code": given["code"],
        "kind": given["kind"],
        "name": given["name"],
        "public_phone": given.get("phone", ""),
        "description": given.get("does", ""),
    }
    if "above" in given:
        # Read anew: treebeard counts children on the row it is given.
        above = Organisation.objects.get(pk=world.organisations[given["above"]].pk)
        made = Organisation.objects.add_child(above, fields)
    else:
        made = Organisation.objects.add_root(fields)
    world.organisations[given["code"]] = made


def _federate(world: World, given: dict[str, Any]) -> None:
    convener = world.organisations[given["convener"]]
    federation = Federation.objects.create(
        community=world.community, name=given["name"], convener=convener
    )
    members = [given["convener"], *given["members"]]
    FederationMember.objects.bulk_create(
        FederationMember(
            federation=federation,
            organisation=world.organisations[code],
            since=world.begins.date(),
        )
        for code in members
    )
