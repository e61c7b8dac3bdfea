"""Tables and maps of an earlier system."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils.translation import override

from linli.mechanisms.casework.importing.mapping import read_map
from linli.mechanisms.casework.importing.running import import_requests

MAP = """\
source: hotline
columns: {id: 编号, text: 内容, title: 标题, time: 时间, category: 类别, channel: 来源,
          likes: 点赞, name: 姓名, phone: 电话, reply: 答复, reply_time: 答复时间, unit: 单位}
categories: {道路: pothole, "*": other}
channels: {电话: phone, "*": import}
units: {市政: roads, "*": property}
"""
HEADER = "编号,标题,时间,内容,类别,来源,点赞,姓名,电话,答复,答复时间,单位"
ROW = "7,路灯,2024/3/4 9:05:06,路灯坏了，很黑。,道路,电话,3,王芳,13800005678,,,"
ANSWERED = "8,井盖,2024/3/4 10:00:00,井盖响。,道路,电话,0,,,已经修好。,2024/3/8 16:00:00,市政"


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


@pytest.fixture
def bring_in(here, tmp_path):
    """Write rows and a map, and import them."""

    def run(*rows: str, map_text: str = MAP, header: str = HEADER, encoding="utf-8", **options):
        table, mapping = tmp_path / "table.csv", tmp_path / "map.yaml"
        table.write_bytes("\n".join([header, *rows]).encode(encoding))
        mapping.write_text(map_text, encoding="utf-8")
        return import_requests(here.community, table, read_map(mapping, here.community), **options)

    return run


def write(path: Path, text: str) -> Path:
    """Write a file and return its path."""
    path.write_text(text, encoding="utf-8")
    return path
