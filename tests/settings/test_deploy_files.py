"""What deploy/ offers can be read by the programs it is for, and says what it should."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
SYSTEMD, COMPOSE = DEPLOY / "systemd", DEPLOY / "compose"
UNITS = sorted(SYSTEMD.glob("*.service")) + sorted(SYSTEMD.glob("*.timer"))
SCRIPTS = [*DEPLOY.glob("*.sh"), *COMPOSE.glob("*.sh"), SYSTEMD / "linli"]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((COMPOSE / "compose.yaml").read_text("utf-8"))


def variables(path: Path) -> dict[str, str]:
    """The variables of a file of settings, those commented out too."""
    found = re.findall(r"^#?([A-Z][A-Z0-9_]+)=(.*)$", path.read_text("utf-8"), re.MULTILINE)
    return dict(found)


def test_compose_runs_all_that_production_needs(compose: dict[str, Any]) -> None:
    wanted = {"prepare", "web", "worker", "caddy", "pgbouncer", "postgres", "redis", "backup"}
    assert set(compose["services"]) == wanted
    assert compose["services"]["postgres"]["image"] == "postgres:16"
    assert compose["services"]["worker"]["command"] == "linli worker"
    assert set(compose["volumes"]) == {"data", "database", "certificates"}


def test_only_the_proxy_is_open_to_the_world(compose: dict[str, Any]) -> None:
    open_ones = {name for name, service in compose["services"].items() if "ports" in service}
    assert open_ones == {"caddy"}


def test_what_others_wait_for_says_whether_it_is_well(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            healthy = how["condition"] == "service_healthy"
            assert not healthy or "healthcheck" in services[other], f"{name} waits for {other}"


def test_images_are_plain_names(compose: dict[str, Any]) -> None:
    images = [service["image"] for service in compose["services"].values()]
    images += re.findall(r"^FROM (\S+)", (COMPOSE / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    for image in images:
        assert re.fullmatch(r"[a-z-]+(:[a-z0-9-]+)?", image), image


def test_every_secret_of_compose_is_asked_for(compose: dict[str, Any]) -> None:
    text = (COMPOSE / "compose.yaml").read_text("utf-8")
    used = set(re.findall(r"\$\{([A-Z_]+)", text))
    offered = variables(COMPOSE / ".env.example")
    assert used - set(offered) <= {"LINLI_UPLOAD_SCANNER"}  # needs a scanner inside the image
    assert set(offered) <= used
    for name in ("LINLI_SECRET_KEY", "LINLI_MASTER_KEY", "POSTGRES_PASSWORD"):
        assert offered[name] == ""


def test_the_example_of_settings_names_settings_only() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "src/linli").rglob("*.py"))
    offered = variables(SYSTEMD / "linli.env.example")
    for name in set(offered) - {"BACKUP_DATABASE_URL"}:
        assert f'"{name}"' in source, name
    assert offered["LINLI_SECRET_KEY"] == offered["LINLI_MASTER_KEY"] == ""


def test_pgbouncer_lends_connections_for_a_transaction() -> None:
    offered = ConfigParser(interpolation=None)
    offered.read(SYSTEMD / "pgbouncer.ini")
    assert offered["pgbouncer"]["pool_mode"] == "transaction"
    assert offered["pgbouncer"]["listen_addr"] == "127.0.0.1"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_scripts(path: Path) -> None:
    assert os.access(path, os.X_OK)
    subprocess.run(["sh", "-n", path], check=True)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text("utf-8")
        text = re.sub(r"^(Exec\w+=)\S+", r"\1/bin/true", text, flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text)
    command = ["systemd-analyze", "verify", "--man=no", *map(str, tmp_path.iterdir())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["linli-web.service", "linli-worker.service"])
def test_services_are_fenced_in(name: str) -> None:
    text = (SYSTEMD / name).read_text("utf-8")
    for line in ("User=linli", "NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes",
                 "CapabilityBoundingSet=", "Restart=always"):  # fmt: skip
        assert line in text.splitlines()


@pytest.mark.skipif(not shutil.which("caddy"), reason="no caddy on this machine")
def test_caddy_understands_its_file() -> None:
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_proxy_lets_a_report_with_pictures_through(settings: Any) -> None:
    """Ten pictures of the largest size allowed must not be refused on the way."""
    text = (DEPLOY / "Caddyfile").read_text("utf-8")
    (megabytes,) = re.findall(r"max_size (\d+)MB", text)
    assert int(megabytes) * 1_000_000 > 10 * settings.UPLOAD_MAX_BYTES
