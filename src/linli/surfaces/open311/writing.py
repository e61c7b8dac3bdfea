"""Answers in JSON and XML as GeoReport v2 lays them out."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse

FORMATS = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
# How the elements of a list are called in XML.
ITEMS = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
# What XML 1.0 cannot hold at all, escaped or not (production 2, Char).
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(format: str, root: str, value: Any, status: int = 200) -> HttpResponse:
    """Return a value in a format; ``root`` is the name of its element in XML."""
    if format == "xml":
        content = tostring(_element(root, value), encoding="utf-8", xml_declaration=True)
    else:
        content = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    answer = HttpResponse(content, status=status, content_type=FORMATS[format])
    # Anyone may read it from a page of their own: no cookie counts here.
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Vary"] = "Accept-Language"
    return answer


def refused(format: str, status: int, *sentences: str) -> HttpResponse:
    """Return an error as GeoReport v2 has it: a code, which is the status, and what is wrong."""
    errors = [{"code": status, "description": sentence} for sentence in sentences]
    return written(format, "errors", errors, status)


def _element(name: str, value: Any) -> Element:
    root = Element(name)
    _fill(root, value)
    return root


def _fill(element: Element, value: Any) -> None:
    if isinstance(value, dict):
        for name, one in value.items():
            _fill(SubElement(element, name), one)
    elif isinstance(value, list):
        for one in value:
            _fill(SubElement(element, ITEMS[element.tag]), one)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = _UNFIT.sub("", str(value))
