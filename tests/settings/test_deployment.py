"""`linli check --deploy` names each thing production lacks, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from linli.settings import deployment

ROOT = Path(__file__).resolve().parents[2]
KEY = "fQ7c0-1kV9s3hXbW2mZt8LuJpYdRaEo4GnTi6CqSvBxKwMz5"
OTHER = "other" + KEY
COMPLETE: dict[str, Any] = {
    "PRODUCTION": True,
    "DEBUG": False,
    "SECRET_KEY": KEY + "++",
    "MASTER_KEY": OTHER,
    "SITE_URL": "https://linli.example",
    "ALLOWED_HOSTS": ["linli.example", "localhost"],
    "PROXY_HOPS": 1,
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}},
    "STAFF_NEEDS_SECOND_FACTOR": True,
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "DEFAULT_FROM_EMAIL": "linli@linli.example",
    "VAPID_PRIVATE_KEY": "a key",
    "VAPID_CONTACT": "mailto:it@linli.example",
    "SMS_GATEWAY_URL": "https://sms.example/send",
    "SMS_GATEWAY_SECRET": "a secret",
    "UPLOAD_SCANNER": f"{sys.executable} -c pass",
    "METRICS_TOKEN": "a token",
}
LACKING = [
    ("linli.E001", {"PRODUCTION": False}),
    ("linli.E002", {"DEBUG": True}),
    ("linli.E003", {"SECRET_KEY": "short"}),
    ("linli.E003", {"SECRET_KEY": "ab" * 40}),
    ("linli.E004", {"MASTER_KEY": "short"}),
    ("linli.E005", {"MASTER_KEY": KEY + "++"}),
    ("linli.E006", {"SITE_URL": "http://linli.example"}),
    ("linli.E007", {"ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"]}),
    ("linli.E007", {"ALLOWED_HOSTS": ["*"]}),
    ("linli.E008", {"ALLOWED_HOSTS": ["other.example"]}),
    ("linli.W009", {"PROXY_HOPS": 0}),
    ("linli.W010", {"CACHES": {"default": {"BACKEND": "…locmem.LocMemCache"}}}),
    ("linli.W012", {"STAFF_NEEDS_SECOND_FACTOR": False}),
    ("linli.W013", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
    ("linli.W014", {"DEFAULT_FROM_EMAIL": "linli@localhost"}),
    ("linli.W015", {"VAPID_PRIVATE_KEY": ""}),
    ("linli.W015", {"VAPID_CONTACT": "mailto:linli@localhost"}),
    ("linli.E016", {"SMS_GATEWAY_SECRET": ""}),
    ("linli.W017", {"UPLOAD_SCANNER": ""}),
    ("linli.E018", {"UPLOAD_SCANNER": "no-such-scanner --quiet"}),
    ("linli.W019", {"METRICS_TOKEN": ""}),
]


@pytest.fixture
def complete(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Settings that lack nothing."""
    monkeypatch.setattr(deployment, "find_spec", lambda name: object())
    monkeypatch.setattr("linli.kernel.papers.pdf.why_no_pdf", lambda: "")
    monkeypatch.setenv("LINLI_SECRET_KEY", "given")
    monkeypatch.setenv("LINLI_MASTER_KEY", "given")
    for name, value in COMPLETE.items():
        setattr(settings, name, value)
    return settings


def found() -> list[str]:
    return [message.id for check in deployment.CHECKS for message in check()]


def test_it_is_silent_when_nothing_lacks(complete: Any) -> None:
    assert found() == []


@pytest.mark.parametrize(
    "name, given", LACKING, ids=[f"{name}-{next(iter(given))}" for name, given in LACKING]
)
def test_it_names_what_lacks(complete: Any, name: str, given: dict[str, Any]) -> None:
    for setting, value in given.items():
        setattr(complete, setting, value)
    assert found() == [name]


@pytest.mark.parametrize("number, name", [(3, "SECRET_KEY"), (4, "MASTER_KEY")])
def test_a_key_in_a_file_is_named(
    complete: Any, monkeypatch: pytest.MonkeyPatch, number: int, name: str
) -> None:
    monkeypatch.delenv(f"LINLI_{name}")
    assert found() == [f"linli.E{number:03}"]


def test_no_gateway_at_all_is_a_choice(complete: Any) -> None:
    complete.SMS_GATEWAY_URL = complete.SMS_GATEWAY_SECRET = ""
    assert found() == []


def test_a_host_may_be_given_by_its_domain(complete: Any) -> None:
    complete.ALLOWED_HOSTS = [".linli.example"]
    complete.SITE_URL = "https://east.linli.example"
    assert found() == []


def test_redis_without_its_package_is_an_error(
    complete: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deployment, "find_spec", lambda name: None)
    assert found() == ["linli.E011"]


def test_a_machine_that_makes_no_pdf_is_named(
    complete: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linli.kernel.papers.pdf.why_no_pdf", lambda: "a font for Chinese")
    (message,) = [message for check in deployment.CHECKS for message in check()]
    assert (message.id, "a font for Chinese" in message.msg) == ("linli.W040", True)
    assert "fonts-noto-cjk" in message.hint


def test_every_finding_says_what_to_do(complete: Any) -> None:
    for _, given in LACKING:
        for setting, value in given.items():
            setattr(complete, setting, value)
    messages = [message for check in deployment.CHECKS for message in check()]
    assert len(messages) > 10
    for message in messages:
        assert message.msg.endswith(".")
        assert "LINLI_" in message.hint or "REDIS_URL" in message.hint


def test_the_command_runs_them(tmp_path: Path) -> None:
    """On a fresh folder without any variable: the command fails and names the first lack."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LINLI_", "DATABASE_URL", "REDIS_URL"))
    }
    linli = shutil.which("linli", path=str(Path(sys.executable).parent))
    assert linli
    done = subprocess.run(
        [linli, "check", "--deploy"],
        env=environment | {"LINLI_DATA": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    for name in ("linli.E001", "linli.E020", "linli.E023", "linli.W027"):
        assert name in done.stderr
