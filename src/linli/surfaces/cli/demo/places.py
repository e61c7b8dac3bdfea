"""Creating areas and addresses on the drawn ground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapely.geometry import Point

from linli.kernel.places.addresses import normalise
from linli.kernel.places.boundaries import boundaries_changed
from linli.kernel.places.doorways import new_doorway_code
from linli.kernel.places.models import Address, Area
from linli.surfaces.cli.demo.organisations import grid_code_of
from linli.surfaces.cli.demo.world import Plot

if TYPE_CHECKING:
    from shapely.geometry import Polygon

    from linli.surfaces.cli.demo.ground import Block, Ground
    from linli.surfaces.cli.demo.world import World


def create_places(world: World) -> None:
    """Create the community's area, grids, buildings and doorways."""
    values = world.settings.values
    grids = values["grids"]
    ground = world.ground
    kinds = values.get("kinds", {"whole": "community", "part": "grid", "house": "building"})
    whole = _area(world, kinds["whole"], values["codes"]["community_area"],
                  values["community"]["name"], ground.outline)  # fmt: skip
    for number, (grid, block) in enumerate(zip(grids, ground.blocks, strict=True), start=1):
        code = values["grid_code"].format(cell=number)
        area = _area(world, kinds["part"], code, grid["name"], block.outline, parent=whole,
                     organisation=world.organisations[grid_code_of(number)],
                     population=180 * grid["buildings"] + 37 * number)  # fmt: skip
        world.plots.append(_plot(world, ground, grid, area, block))
        if number == len(grids) and "lake" in values:
            _area(world, kinds.get("water", "water"), f"{code}-water", values["lake"], ground.lake,
                  parent=area, organisation=area.organisation)  # fmt: skip
        _buildings(world, kinds["house"], world.plots[-1], block)
    boundaries_changed(world.community.pk)


def _area(
    world: World, kind: str, code: str, name: str, shape: Polygon, **more: Any
) -> Area:  # fmt: skip
    return Area.objects.create(
        community=world.community, kind=kind, level=world.pack.area_kinds[kind].level, code=code,
        name=name, boundary=world.ground.geojson(shape), **more,
    )  # fmt: skip


def _plot(world: World, ground: Ground, grid: dict[str, Any], area: Area, block: Block) -> Plot:
    kerb = tuple(ground.degrees(point) for point in block.kerb)
    edge = ground.lake.buffer(-6).exterior  # just inside: it is the water that is meant
    along = [edge.interpolate(part / 60, normalized=True) for part in range(60)]
    near = [one for one in along if block.outline.contains(one)]
    return Plot(grid, area, kerb, tuple(ground.degrees(point) for point in near))


def _buildings(world: World, kind: str, plot: Plot, block: Block) -> None:
    """Create the buildings of a grid with two to four doorways each, along their front."""
    phrases, codes = world.settings.phrases, world.settings.values["codes"]
    rows = []
    for number, house in enumerate(block.houses, start=1):
        told = {**plot.values, "building": number, "grid": plot.area.code}
        building = _area(world, kind, codes["building"].format(**told),
                         phrases["building"].format(**told), house, parent=plot.area)  # fmt: skip
        corners = list(house.exterior.coords)
        doors = world.settings.random.randint(2, 4)
        for unit in range(1, doors + 1):
            part = unit / (doors + 1)
            front = Point(*(corners[0][axis] * (1 - part) + corners[1][axis] * part
                            for axis in (0, 1)))  # fmt: skip
            rows.append((number, _doorway(world, plot, building, front, {**told, "unit": unit})))
    Address.objects.bulk_create([address for _number, address in rows])
    plot.doorways = [address for _number, address in rows]
    plot.houses = [number for number, _address in rows]


def _doorway(
    world: World, plot: Plot, building: Area, front: Point, told: dict[str, Any]
) -> Address:
    text = world.settings.phrases["doorway"].format(**told)
    longitude, latitude = world.ground.degrees(front)
    return Address(
        community=world.community,
        area=building,
        text=text,
        normalised=normalise(text, world.community.name),
        longitude=longitude,
        latitude=latitude,
        doorway_code=new_doorway_code(world.settings.random.choice),
    )
