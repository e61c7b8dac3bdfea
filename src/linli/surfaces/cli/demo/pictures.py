"""Small drawn scenes, before and after: a hole in the road, a dark lamp, a heap of rubbish."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from random import Random
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from linli.kernel.files.storing import store_upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from linli.kernel.files.models import Upload
    from linli.kernel.people.models import Person
    from linli.surfaces.cli.demo.world import World

SIZE = (640, 480)
VARIANTS = 3
Draw = ImageDraw.ImageDraw
SKIES = ("#cfe4ee", "#e9dfcf", "#d7dbe4")
WALLS = ("#d9b99b", "#c7cdb8", "#b9c4cf")

# Which scene shows a category; others have no picture.
SCENES = {
    "street": ("pothole", "pavement", "manhole", "road_flooding", "sidewalk", "flooding"),
    "lamp": ("streetlight", "stair_light"),
    "waste": ("litter", "bins", "bulky_waste", "stairwell_clutter", "illegal_dumping",
              "missed_collection"),
    "green": ("tree", "green_damage", "benches", "park_maintenance", "vacant_lot"),
    "lake": ("lake_water",),
    "door": ("entrance_door", "accessibility", "fire_lane", "leaflets", "graffiti"),
    "wall": ("leak", "facade", "drain", "building_violation"),
    "cars": ("parking", "bike_parking", "shared_bikes", "illegal_parking", "abandoned_vehicle"),
}  # fmt: skip


def scene_of(category: str) -> str:
    """Return the scene that shows a category, or nothing."""
    return next((scene for scene, shown in SCENES.items() if category in shown), "")


def upload(world: World, scene: str, after: bool, by: Person | None) -> Upload:
    """Draw a scene and store it as any upload is stored."""
    content = BytesIO(_drawn(scene, after, world.settings.random.randrange(VARIANTS)))
    content.name = f"{scene}-{'after' if after else 'before'}.jpg"
    return store_upload(world.community, content, by=by)


@lru_cache(maxsize=64)
def _drawn(scene: str, after: bool, variant: int) -> bytes:
    image = Image.new("RGB", SIZE, SKIES[variant])
    draw = ImageDraw.Draw(image)
    _DRAWERS[scene](draw, after, Random(f"{scene}{variant}"), variant)  # noqa: S311
    out = BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def _houses(draw: Draw, random: Random, ground: str) -> None:
    """Draw a row of houses with windows, and the ground before them."""
    left = -20
    while left < SIZE[0]:
        wide, top = random.randint(110, 170), random.randint(60, 130)
        draw.rectangle((left, top, left + wide, 300), fill=random.choice(WALLS))
        for x in range(left + 18, left + wide - 24, 36):
            for y in range(top + 20, 270, 46):
                draw.rectangle((x, y, x + 18, y + 24), fill="#6d8796")
        left += wide + 6
    draw.rectangle((0, 300, *SIZE), fill=ground)


def _street(draw: Draw, after: bool, random: Random, variant: int) -> None:
    _houses(draw, random, "#7b7d80")
    draw.rectangle((0, 300, SIZE[0], 330), fill="#b8b4a8")
    for x in range(20, SIZE[0], 120):
        draw.polygon([(x, 408), (x + 60, 408), (x + 56, 416), (x - 4, 416)], fill="#f1efe6")
    x, y = 230 + 60 * variant, 350
    if after:
        draw.rounded_rectangle((x - 30, y - 5, x + 180, y + 70), 8, fill="#56585b")
    else:
        draw.ellipse((x, y, x + 150, y + 55), fill="#3d3a36", outline="#5d5953", width=6)
        draw.ellipse((x + 25, y + 16, x + 125, y + 50), fill="#7f97a3")


def _lamp(draw: Draw, after: bool, random: Random, variant: int) -> None:
    draw.rectangle((0, 0, *SIZE), fill="#1c2740")
    draw.rectangle((0, 360, *SIZE), fill="#2b2f38")
    for x in range(30, SIZE[0], 90):
        draw.rectangle((x, 200, x + 66, 360), fill="#27324b")
        draw.rectangle((x + 20, 230, x + 38, 252), fill=random.choice(["#f2d58a", "#33405c"]))
    x = 260 + 40 * variant
    if after:
        draw.polygon([(x + 70, 98), (x - 70, 400), (x + 230, 400)], fill="#6e6a4d")
        draw.ellipse((x - 90, 380, x + 250, 420), fill="#b5a86b")
    draw.rectangle((x, 90, x + 8, 400), fill="#8b929c")
    draw.rectangle((x, 86, x + 76, 94), fill="#8b929c")
    draw.ellipse((x + 52, 86, x + 92, 108), fill="#ffeeb0" if after else "#4b5364")


def _waste(draw: Draw, after: bool, random: Random, variant: int) -> None:
    _houses(draw, random, "#a9a597")
    for number, colour in enumerate(("#3f7d4e", "#3a6ea5", "#8a8d91")):
        x = 110 + 110 * number
        draw.rounded_rectangle((x, 270, x + 80, 380), 8, fill=colour)
        draw.rectangle((x - 5, 262, x + 85, 276), fill="#2f3336")
    if not after:
        for _ in range(46):
            x, y = random.randint(90, 520), random.randint(350, 430)
            big = random.randint(14, 40)
            fill = random.choice(["#e6e2d6", "#c9584a", "#d9b44a", "#4a4f57", "#7aa0b8"])
            draw.ellipse((x, y, x + big, y + big * 0.7), fill=fill)


def _green(draw: Draw, after: bool, random: Random, variant: int) -> None:
    _houses(draw, random, "#8fb274" if after else "#a99b72")
    for number in range(4):
        x = 70 + 150 * number + 20 * variant
        draw.rectangle((x, 230, x + 14, 350), fill="#6b4f35")
        if after or number != 1:
            draw.ellipse((x - 50, 130, x + 64, 260), fill=random.choice(["#4f8a4b", "#5e9a55"]))
        else:
            draw.line((x + 7, 240, x + 130, 360), fill="#6b4f35", width=16)
            draw.ellipse((x + 80, 320, x + 200, 410), fill="#4f7a45")
    draw.rectangle((400, 370, 540, 384), fill="#9c6b3f")
    for x in (412, 520):
        draw.rectangle((x, 384, x + 8, 410), fill="#5c4a3a")


def _lake(draw: Draw, after: bool, random: Random, variant: int) -> None:
    draw.rectangle((0, 190, *SIZE), fill="#5e97a8" if after else "#6f8a63")
    draw.polygon([(0, 190), (150, 140), (330, 178), (500, 130), (640, 190)], fill="#7d9a83")
    for _ in range(26):
        x, y = random.randint(0, 600), random.randint(210, 400)
        draw.line((x, y, x + random.randint(20, 70), y), fill="#88b6c2" if after else "#8ba06f",
                  width=3)  # fmt: skip
    for _ in range(0 if after else 14):
        x, y = random.randint(60, 560), random.randint(250, 400)
        draw.ellipse((x, y, x + 34, y + 12), fill="#d8d8cf")
    draw.polygon([(0, 430), (640, 400), (640, 480), (0, 480)], fill="#b9a98b")


def _door(draw: Draw, after: bool, random: Random, variant: int) -> None:
    draw.rectangle((0, 0, *SIZE), fill=WALLS[variant])
    draw.rectangle((0, 410, *SIZE), fill="#9a9890")
    draw.rectangle((220, 110, 420, 410), fill="#4d5a63")
    if after:
        draw.rectangle((232, 122, 408, 404), fill="#6f8796")
        draw.rectangle((432, 220, 456, 262), fill="#20262b")
        draw.ellipse((438, 228, 450, 240), fill="#62c27e")
    else:
        draw.polygon([(232, 122), (330, 150), (330, 430), (232, 404)], fill="#6f8796")
        for _ in range(9):
            x, y = random.choice([*range(40, 180), *range(450, 560)]), random.randint(80, 360)
            fill = random.choice(["#fff6d6", "#f4c9c0", "#cfe3f5"])
            draw.rectangle((x, y, x + 44, y + 30), fill=fill)


def _wall(draw: Draw, after: bool, random: Random, variant: int) -> None:
    draw.rectangle((0, 0, *SIZE), fill="#efeae0")
    draw.rectangle((0, 400, *SIZE), fill="#b58f66")
    draw.rectangle((70 + 20 * variant, 120, 250 + 20 * variant, 300), fill="#bcd6e2",
                   outline="#8d8478", width=8)  # fmt: skip
    if not after:
        for _ in range(60):
            x, y = random.randint(340, 600), random.randint(0, 170)
            big = random.randint(20, 60)
            fill = random.choice(["#c9b68d", "#d6c7a4", "#bda87c"])
            draw.ellipse((x, y, x + big, y + big), fill=fill)
        draw.line((430, 170, 424, 395), fill="#a9c3cf", width=4)


def _cars(draw: Draw, after: bool, random: Random, variant: int) -> None:
    _houses(draw, random, "#6f7275")
    draw.rectangle((0, 300, SIZE[0], 345), fill="#c3bfb2")
    for x in range(10, SIZE[0], 160):
        draw.rectangle((x, 356, x + 4, 440), fill="#f1efe6")
    for number in range(2 if after else 5):
        x, y = (24 + 330 * number, 370) if after else (10 + 125 * number, 300 + 34 * (number % 2))
        fill = random.choice(["#b5443c", "#3c6e9c", "#e0e0dc", "#3d4247", "#c9a23f"])
        draw.rounded_rectangle((x, y + 20, x + 112, y + 58), 10, fill=fill)
        draw.polygon([(x + 22, y + 22), (x + 38, y), (x + 84, y), (x + 98, y + 22)], fill="#a8c0cc")
        for wheel in (x + 18, x + 76):
            draw.ellipse((wheel, y + 46, wheel + 22, y + 68), fill="#1d1f21")


_DRAWERS: dict[str, Callable[[Draw, bool, Random, int], None]] = {
    "street": _street, "lamp": _lamp, "waste": _waste, "green": _green, "lake": _lake,
    "door": _door, "wall": _wall, "cars": _cars,
}  # fmt: skip
