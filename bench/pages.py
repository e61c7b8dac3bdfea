"""What a resident's telephone loads first: bytes over the wire of a page and all it needs.

Page, styles, scripts and pictures as the server sends them to a browser that takes brotli and
gzip; each page as if nothing was kept from another. Pages themselves go uncompressed, since they
hold secrets beside what the address says (BREACH); files compress ahead of time. Bound: 150 kB.

    python -m bench.pages
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any
from urllib.parse import urljoin

import httpx

from bench.serving import beside_postgres, serving

BOUND_KB = 150.0
# What no page of a resident asks for, and would take minutes to compress.
UNUSED = ("*.map", "echarts*", "extension", "i18n", "theme", "img", "esm", "*.rtl*", "libs")
ACCEPT = {"Accept-Encoding": "br, gzip", "Accept": "text/html"}
_LINKS = re.compile(r"<(?:link|script|img|use)\b[^>]*?\b(?:href|src)=\"([^\"]+)\"[^>]*>")
_PARTS = re.compile(r"url\(\s*['\"]?([^'\")]+)")
_NOT_LOADED = re.compile(r"\brel=\"(?:alternate|canonical|next|prev|manifest)\"")


def main() -> None:
    """Measure and print JSON; exit status 1 where a bound is missed."""
    beside_postgres("bench.pages", durable=False)
    result = measure()
    print(json.dumps(result))
    sys.exit(0 if result["ok"] else 1)


def measure() -> dict[str, Any]:
    """Return the weight of each page."""
    pages = prepare()
    with serving(workers=1) as address, httpx.Client(base_url=address, headers=ACCEPT) as client:
        found = {name: weigh(client, path) for name, path in pages.items()}
    return {
        "name": "pages",
        "bound_kb": BOUND_KB,
        "pages": found,
        "ok": all(one["kb"] <= BOUND_KB and not one["missing"] for one in found.values()),
    }


def prepare() -> dict[str, str]:
    """Make a neighbourhood with matters, gather the static files; return the pages to weigh."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=list(UNUSED))
    from linli.kernel.access.links import link_for, token_of
    from tests.neighbourhood import make_neighbourhood

    here = make_neighbourhood()
    for _ in range(3):
        here.at_stage("solved")
    matter = here.report().matter
    link = link_for(matter, matter.reporter)
    return {
        "home": "/",
        "report": "/report/",
        "tracking": f"/t/{token_of(link)}/" if link else "",
        "board": "/board/",
        "board_map": "/board/map/",
    }


def weigh(client: httpx.Client, path: str) -> dict[str, Any]:
    """Load a page and everything it names; return requests and bytes on the wire by kind."""
    sizes: dict[str, int] = {}
    kinds: dict[str, int] = {}
    missing: list[str] = []
    waiting = [path]
    while waiting:
        address = waiting.pop()
        if address in sizes:
            continue
        sizes[address], kind, text, status = _load(client, address)
        kinds[kind] = kinds.get(kind, 0) + sizes[address]
        if status != 200:
            missing.append(f"{status} {address}")
        if kind == "html" and address == path:
            waiting += [urljoin(address, one) for one in _named_by(text)]
        elif kind == "css":
            # Fonts and pictures of styles load only where they are used: all are counted.
            waiting += [urljoin(address, one) for one in _PARTS.findall(text) if one[:5] != "data:"]
    return {
        "requests": len(sizes),
        "kb": round(sum(sizes.values()) / 1000, 1),
        "kb_by_kind": {kind: round(size / 1000, 1) for kind, size in sorted(kinds.items())},
        "missing": missing,
    }


def _named_by(html: str) -> list[str]:
    found = [tag for tag in _LINKS.finditer(html) if not _NOT_LOADED.search(tag.group())]
    named = [tag.group(1).partition("#")[0] for tag in found]
    return [one for one in named if one and not one.startswith(("data:", "http:", "https:"))]


def _load(client: httpx.Client, address: str) -> tuple[int, str, str, int]:
    """Return bytes on the wire (headers aside), kind, text and status."""
    with client.stream("GET", address) as answer:
        answer.read()
        size = answer.num_bytes_downloaded
    kind = answer.headers.get("Content-Type", "").partition(";")[0].rpartition("/")[2]
    kind = {"javascript": "js", "x-javascript": "js", "svg+xml": "svg"}.get(kind, kind)
    return size, kind, answer.text if kind in ("html", "css") else "", answer.status_code


if __name__ == "__main__":
    main()
