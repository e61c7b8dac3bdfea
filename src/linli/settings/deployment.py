"""What production lacks, by the settings alone: ``linli check --deploy`` names it.

Django's own checks of cookies and headers run beside these; what only the database and the disk
can tell is in `deployed_data`. One function a concern; each finding has an identifier, a plain
sentence, and a hint that names the variable.
"""

from __future__ import annotations

import os
import shlex
import shutil
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Found = list[CheckMessage]
LONG_ENOUGH = 50  # characters; `linli` makes 64, Django asks for 50
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]", "::1", ""})
DISCARDING_MAIL = ("console", "dummy", "locmem", "filebased")


def check_mode(**_: Any) -> Found:
    """Production is switched on, debugging off."""
    found: Found = []
    if not settings.PRODUCTION:
        found.append(
            Error(
                "Production is not switched on: cookies travel without TLS and keys may lie "
                "beside the data.",
                hint="Set LINLI_PRODUCTION=1.",
                id="linli.E001",
            )
        )
    if settings.DEBUG:
        found.append(
            Error(
                "Debugging is on: error pages show settings and code to everyone.",
                hint="Unset LINLI_DEBUG.",
                id="linli.E002",
            )
        )
    return found


def check_keys(**_: Any) -> Found:
    """Both keys come from the environment, are long, and differ."""
    found: Found = []
    for number, name in ((3, "SECRET_KEY"), (4, "MASTER_KEY")):
        value = getattr(settings, name)
        if not os.environ.get(f"LINLI_{name}"):
            problem = "lies in a file beside the data it protects"
        elif len(value) < LONG_ENOUGH or len(set(value)) < 10:
            problem = "is too short to be safe"
        else:
            continue
        found.append(
            Error(
                f"The key LINLI_{name} {problem}.",
                hint=f"Set LINLI_{name} to 50 random characters or more, for example from: "
                "openssl rand -base64 48.",
                id=f"linli.E{number:03}",
            )
        )
    if settings.SECRET_KEY == settings.MASTER_KEY:
        found.append(
            Error(
                "One key serves for sessions and for personal data: to change the one would "
                "lose the other.",
                hint="Give LINLI_SECRET_KEY and LINLI_MASTER_KEY different values.",
                id="linli.E005",
            )
        )
    return found


def check_address(**_: Any) -> Found:
    """The address people use is HTTPS, and its host is among those answered for."""
    found: Found = []
    address = urlsplit(settings.SITE_URL)
    if address.scheme != "https" or (address.hostname or "") in LOCAL_HOSTS:
        found.append(
            Error(
                f"Links in messages would begin with {settings.SITE_URL}, which is no public "
                "HTTPS address.",
                hint="Set LINLI_URL to the address people use, for example https://linli.example.",
                id="linli.E006",
            )
        )
    hosts = set(settings.ALLOWED_HOSTS)
    if "*" in hosts or not hosts - LOCAL_HOSTS:
        found.append(
            Error(
                "Which host names Linli answers for is not set, or it answers for every one.",
                hint="Set LINLI_HOSTS to the host names people use, separated by commas.",
                id="linli.E007",
            )
        )
    elif not _answers_for(address.hostname or "", hosts):
        found.append(
            Error(
                f"The host of LINLI_URL, {address.hostname}, is not among LINLI_HOSTS: every "
                "link in a message would be refused.",
                hint="Add it to LINLI_HOSTS.",
                id="linli.E008",
            )
        )
    return found


def _answers_for(host: str, hosts: set[str]) -> bool:
    parents = {one for one in hosts if one.startswith(".")}
    return host in hosts or any(f".{host}".endswith(one) for one in parents)


def check_proxy(**_: Any) -> Found:
    """The proxy that ends TLS is counted, or every limit counts the proxy as one sender."""
    if settings.PROXY_HOPS >= 1:
        return []
    return [
        Warning(
            "No proxy is counted: behind one, all visitors share one limit and one lock-out.",
            hint="Set LINLI_PROXY_HOPS to the number of your own proxies in front, usually 1.",
            id="linli.W009",
        )
    ]


def check_cache(**_: Any) -> Found:
    """Limits and lock-outs are counted where all processes see them."""
    backend = settings.CACHES["default"]["BACKEND"]
    if "redis" not in backend:
        return [
            Warning(
                "Each process counts tries and requests by itself, so several allow a multiple "
                "of every limit.",
                hint="Set REDIS_URL, for example redis://127.0.0.1:6379/0.",
                id="linli.W010",
            )
        ]
    if find_spec("redis") is None:
        return [
            Error(
                "REDIS_URL is set but Python's package redis is missing.",
                hint="Install the packages of requirements.lock, or unset REDIS_URL.",
                id="linli.E011",
            )
        ]
    return []


def check_second_factor(**_: Any) -> Found:
    """Staff sign in with a second factor."""
    if settings.STAFF_NEEDS_SECOND_FACTOR:
        return []
    return [
        Warning(
            "Staff, who read personal data, may sign in with a password alone.",
            hint="Unset LINLI_STAFF_MFA, or set it to 1.",
            id="linli.W012",
        )
    ]


def check_mail(**_: Any) -> Found:
    """E-mail is sent, and from an address that can be answered."""
    found: Found = []
    if any(word in settings.EMAIL_BACKEND for word in DISCARDING_MAIL):
        found.append(
            Warning(
                "E-mail is not sent but written to the log or dropped.",
                hint="Set LINLI_EMAIL_URL, for example smtp+tls://user:password@mail.example:587.",
                id="linli.W013",
            )
        )
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        found.append(
            Warning(
                "E-mail would come from an address that nobody can answer.",
                hint="Set LINLI_EMAIL_FROM.",
                id="linli.W014",
            )
        )
    return found


def check_push(**_: Any) -> Found:
    """Browsers can be sent push messages (RFC 8292)."""
    if not settings.VAPID_PRIVATE_KEY:
        problem, variable = (
            "The key that signs push messages is not given: lost with its file, every browser "
            "would have to ask for them anew.",
            ("LINLI_VAPID_PRIVATE_KEY"),
        )
    elif settings.VAPID_CONTACT.endswith("@localhost"):
        problem, variable = (
            "Push services cannot reach you when your messages trouble them.",
            ("LINLI_VAPID_CONTACT, for example mailto:it@linli.example"),
        )
    else:
        return []
    return [Warning(problem, hint=f"Set {variable}.", id="linli.W015")]


def check_gateway(**_: Any) -> Found:
    """A gateway for text messages is signed to; none at all is a choice, not a lack."""
    if not settings.SMS_GATEWAY_URL or settings.SMS_GATEWAY_SECRET:
        return []
    return [
        Error(
            "Messages to the text message gateway are not signed: it cannot tell them from "
            "anybody's.",
            hint="Set LINLI_SMS_GATEWAY_SECRET to what the gateway checks with.",
            id="linli.E016",
        )
    ]


def check_scanner(**_: Any) -> Found:
    """Uploads go through a virus scanner, and the scanner is there."""
    if not settings.UPLOAD_SCANNER:
        return [
            Warning(
                "Uploads are not scanned for viruses.",
                hint="Set LINLI_UPLOAD_SCANNER to a command, for example "
                "'clamdscan --no-summary --fdpass'.",
                id="linli.W017",
            )
        ]
    program = shlex.split(settings.UPLOAD_SCANNER)[0]
    if shutil.which(program) is None:
        return [
            Error(
                f"The virus scanner {program} is not there: every upload is refused.",
                hint="Install it, or correct LINLI_UPLOAD_SCANNER.",
                id="linli.E018",
            )
        ]
    return []


def check_metrics(**_: Any) -> Found:
    """Monitoring can read the figures from another machine."""
    if settings.METRICS_TOKEN:
        return []
    return [
        Warning(
            "No monitoring on another machine can read /metrics.",
            hint="Set LINLI_METRICS_TOKEN and give it to Prometheus as the bearer token.",
            id="linli.W019",
        )
    ]


def check_pdf(**_: Any) -> Found:
    """Letters and reports can be made as PDF."""
    from linli.kernel.papers.pdf import PACKAGES, why_no_pdf

    missing = why_no_pdf()
    if not missing:
        return []
    return [
        Warning(
            f"No PDF can be made: this machine lacks {missing}. Word files and printing work.",
            hint=f"Install Debian's packages {PACKAGES}, then start Linli anew.",
            id="linli.W040",
        )
    ]


CHECKS: Sequence[Callable[..., Found]] = (
    check_mode, check_keys, check_address, check_proxy, check_cache, check_second_factor,
    check_mail, check_push, check_gateway, check_scanner, check_metrics,
    check_pdf,
)  # fmt: skip


def register_deployment_checks() -> None:
    """Have ``linli check --deploy`` run all of these and those of `deployed_data`."""
    from linli.settings.deployed_data import CHECKS as DATA_CHECKS

    for check in (*CHECKS, *DATA_CHECKS):
        register(check, Tags.security, deploy=True)
