"""The accounts of the demo neighbourhoods, one a role, as they are printed."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kernel.organisations.models import Community
from linli.kernel.packs.loading import pack_of
from linli.surfaces.cli.demo.people import PASSWORD
from linli.surfaces.cli.demo.settings import NEIGHBOURHOODS, Settings


@dataclass(frozen=True)
class DemoAccount:
    """Whom to sign in as, and what to try: texts by language."""

    username: str
    password: str
    role: dict[str, str]
    try_this: dict[str, str]


def demo_accounts(community: Community) -> list[DemoAccount]:
    """Return the accounts of a demo neighbourhood; none of any other community."""
    for pack, code in NEIGHBOURHOODS.items():
        if community.code == code:
            values, roles = Settings.of(pack).values, pack_of(community).roles
            prefix = values.get("user_prefix", "")
            return [
                DemoAccount(prefix + one["user"], PASSWORD,
                            roles[one["role"]].label.model_dump(), one["try"])
                for one in values["accounts"]
            ]  # fmt: skip
    return []


def accounts_shown() -> str:
    """Return the accounts of every demo neighbourhood there is, as lines to print."""
    lines = []
    for community in Community.objects.select_related("pack").order_by("pk"):
        if accounts := demo_accounts(community):
            lines += ["", f"{community}   密码 password: {PASSWORD}"]
            lines += [_line(account) for account in accounts]
    return "\n".join(lines) or "没有演示社区。 There is no demo neighbourhood."


def _line(account: DemoAccount) -> str:
    # PostgreSQL keeps no order of keys: Chinese first here.
    role = " ".join(dict.fromkeys(account.role[code] for code in sorted(account.role)[::-1]))
    return f"  {account.username:<22} {role} — {' / '.join(account.try_this.values())}"
