"""`linli community`, `linli person`, `linli token`."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command

from linli.kernel.access.models import ApiToken, AuditEntry
from linli.kernel.access.tokens import verify
from linli.kernel.organisations.models import Community, Organisation
from linli.kernel.people.models import Person

CREATE = ("community", "create", "el", "--name", "东湖", "--prefix", "EL")


def test_a_community_is_set_up_with_the_top_of_its_tree(linli, db) -> None:
    done = linli(*CREATE, "--centre", "114.3,30.5", "--zone", "Asia/Urumqi")
    assert (done.code, done.err) == (0, "")
    made = Community.objects.get()
    assert (made.code, made.name, made.prefix, made.timezone) == ("el", "东湖", "EL", "Asia/Urumqi")
    assert (made.pack.name, made.centre_longitude) == ("cn-community", 114.3)
    top = Organisation.objects.get()
    assert (top.name, top.kind, top.depth) == ("东湖", "community", 1)
    assert AuditEntry.objects.filter(action="communities.created").exists()


def test_with_another_pack_the_coarsest_kind_is_the_top(linli, db) -> None:
    assert linli(*CREATE, "--pack", "open311-city").code == 0
    assert (
        Organisation.objects.get().kind
        in Community.objects.get().pack.content["organisation_kinds"]
    )


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("community", "create", "E L", "--name", "x", "--prefix", "EL"), "small letters"),
        (("community", "create", "el", "--name", " ", "--prefix", "EL"), "1 to 120"),
        (("community", "create", "el", "--name", "x" * 121, "--prefix", "EL"), "1 to 120"),
        (("community", "create", "el", "--name", "x", "--prefix", "e-l"), "capital letters"),
        ((*CREATE, "--pack", "nowhere"), "There is no pack"),
        ((*CREATE, "--zone", "Mars/Base"), "There is no time zone"),
        ((*CREATE, "--centre", "north"), "longitude,latitude"),
        ((*CREATE, "--centre", "214.3,30.5"), "outside the world"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(linli, db, wrong, told) -> None:
    done = linli(*wrong)
    assert done.code == 1
    assert told in done.err
    assert not Community.objects.exists()


def test_the_same_twice_is_refused(linli, db) -> None:
    linli(*CREATE)
    assert "already" in linli(*CREATE).err
    other = ("community", "create", "other", "--name", "x", "--prefix", "EL")
    assert "has the prefix" in linli(*other).err


def test_communities_are_listed(linli, here) -> None:
    assert "东湖社区" in linli("community", "list").out
    assert json.loads(linli("community", "list", "--json").out)[0]["prefix"] == "DH"


# --- the administrator ----------------------------------------------------------------------------
def test_an_administrator_is_created_with_a_password_shown_once(linli, db) -> None:
    done = linli("person", "create-administrator", "root", "--name", "Anna")
    person = Person.objects.get()
    assert (person.is_administrator, person.display_name) == (True, "Anna")
    password = done.out.split()[-1]
    assert person.check_password(password)


def test_a_password_is_asked_for(linli, db, monkeypatch) -> None:
    module = "linli.surfaces.cli.management.commands.person"
    monkeypatch.setattr(f"{module}.sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(f"{module}.getpass.getpass", lambda prompt: "a-long-enough-secret")
    done = linli("person", "create-administrator", "root", "--ask-password")
    assert "secret" not in done.out
    assert Person.objects.get().check_password("a-long-enough-secret")


@pytest.mark.parametrize(
    ("answers", "told"), [(["a" * 12, "b" * 12], "differ"), (["short", "short"], "10")]
)
def test_a_password_that_will_not_do_is_refused(linli, db, monkeypatch, answers, told) -> None:
    module = "linli.surfaces.cli.management.commands.person"
    given = iter(answers)
    monkeypatch.setattr(f"{module}.sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(f"{module}.getpass.getpass", lambda prompt: next(given))
    done = linli("person", "create-administrator", "root", "--ask-password")
    assert done.code == 1
    assert told in done.err
    assert not Person.objects.exists()


@pytest.mark.parametrize("name", ["no spaces", "dh-HANDLER", "x" * 81])
def test_a_user_name_that_will_not_do_is_refused(linli, here, name) -> None:
    before = Person.objects.count()
    assert linli("person", "create-administrator", name).code == 1
    assert Person.objects.count() == before


# --- tokens ---------------------------------------------------------------------------------------
def test_a_token_is_shown_once_and_works(linli, here) -> None:
    done = linli("token", "create", "dh-handler", "--name", "reports")
    token = verify(done.out.strip())
    assert token is not None
    assert (token.person, token.community, token.name) == (
        here.handler, here.community, "reports",
    )  # fmt: skip
    assert token.expires_at is not None


def test_a_token_may_last_for_ever(linli, here) -> None:
    linli("token", "create", "dh-handler", "--name", "x", "--days", 0)
    assert ApiToken.objects.get().expires_at is None


def test_tokens_are_listed_without_their_text(linli, here) -> None:
    text = linli("token", "create", "dh-handler", "--name", "reports").out.strip()
    listed = linli("token", "list", "--json")
    assert json.loads(listed.out)[0]["name"] == "reports"
    assert text not in listed.out
    assert "dh-handler" in linli("token", "list").out


def test_a_token_is_revoked_and_a_second_time_changes_nothing(linli, here) -> None:
    text = linli("token", "create", "dh-handler", "--name", "reports").out.strip()
    token = ApiToken.objects.get()
    assert linli("token", "revoke", token.uuid).code == 0
    assert verify(text) is None
    token.refresh_from_db()
    ended = token.revoked_at
    assert linli("token", "revoke", token.uuid).code == 0
    token.refresh_from_db()
    assert token.revoked_at == ended
    assert "revoked" in linli("token", "list").out


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("create", "nobody", "--name", "x"), "Nobody has the user name"),
        (("create", "dh-handler", "--name", ""), "1 to 80"),
        (("create", "dh-handler", "--name", "x" * 81), "1 to 80"),
        (("create", "dh-handler", "--name", "x", "--days", "-1"), "0 to 3660"),
        (("create", "dh-handler", "--name", "x", "--days", "99999"), "0 to 3660"),
        (("create", "dh-handler", "--name", "x", "--community", "xx"), "There is no community"),
        (("revoke", "not-a-uuid"), "There is no such token"),
        (("revoke", "01890000-0000-7000-8000-000000000000"), "There is no such token"),
    ],
)
def test_a_wrong_token_call_is_told(linli, here, wrong, told) -> None:
    done = linli("token", *wrong)
    assert done.code == 1
    assert told in done.err
    assert not ApiToken.objects.exists()


def test_a_closed_account_gets_no_token(linli, here) -> None:
    here.handler.is_active = False
    here.handler.save()
    assert "closed" in linli("token", "create", "dh-handler", "--name", "x").err


def test_with_two_communities_one_must_be_named(linli, here, elsewhere) -> None:
    done = linli("token", "list")
    assert (done.code, done.err) == (
        1, "Name a community by --community. Known are: dh, xh.\n",
    )  # fmt: skip


def test_djangos_own_command_makes_an_administrator_too(db, monkeypatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct-horse-battery")
    call_command("createsuperuser", username="root", interactive=False, verbosity=0)
    made = Person.objects.get(username="root")
    assert made.is_administrator
    assert made.check_password("correct-horse-battery")
