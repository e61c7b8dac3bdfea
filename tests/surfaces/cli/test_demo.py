"""The demo neighbourhood: alive, whole, true to its rules, and made only once."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from io import StringIO
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.test import TestCase, override_settings
from django.utils import timezone

from linli.kernel.deadlines.models import Clock
from linli.kernel.events.models import Event
from linli.kernel.indicators.models import PendingEvent
from linli.kernel.ledger.leaves import leaf_hash
from linli.kernel.mail.models import Arrival
from linli.kernel.matters.models import Attachment, Matter
from linli.kernel.notify.models import Notice
from linli.kernel.organisations.models import Community, Federation, Membership, Organisation
from linli.kernel.packs.loading import pack_of
from linli.kernel.people.models import Person
from linli.kernel.places.doorways import is_sound
from linli.kernel.places.locating import locate
from linli.kernel.places.models import Address, Area
from linli.mechanisms.casework.board import BoardFilter, board_page, counted, figures
from linli.mechanisms.casework.queries import public_requests
from linli.mechanisms.casework.stages import procedure
from linli.surfaces.cli.demo.accounts import demo_accounts
from linli.surfaces.cli.demo.deck import Deck
from linli.surfaces.cli.demo.play import play
from linli.surfaces.cli.demo.settings import Settings

if TYPE_CHECKING:
    from random import Random

pytestmark = pytest.mark.django_db


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
class TestASmallNeighbourhood(TestCase):
    """What is read of one that was built once."""

    @classmethod
    def setUpTestData(cls) -> None:
        with tempfile.TemporaryDirectory() as uploads, override_settings(MEDIA_ROOT=uploads):
            call_command("demo", size="small", verbosity=0)
        cls.demo = Community.objects.get(code="donghu")

    def test_some_wrote_by_e_mail(self) -> None:
        outcomes = Arrival.objects.order_by("pk").values_list("outcome", flat=True)
        assert list(outcomes) == ["began", "began", "began", "repeated", "aside", "aside"]
        assert Matter.objects.filter(channel="email").exclude(address_text="").count() == 2

    def test_it_builds_a_living_neighbourhood(self) -> None:
        assert Matter.objects.count() >= 160
        assert {"received", "in_hand", "solved", "closed"} <= set(
            Matter.objects.values_list("stage", flat=True)
        )
        assert Membership.objects.values("person").distinct().count() == 120
        assert Organisation.objects.exclude(kind="grid").count() == 40
        assert Area.objects.filter(kind="grid").count() == 12
        assert Area.objects.filter(kind="building").count() == 60
        assert not PendingEvent.objects.exists()
        for path in ("/", "/board/", "/board/map/", "/report/"):
            assert self.client.get(path).status_code == 200

    def test_its_events_are_sealed_and_in_order_of_time(self) -> None:
        events = list(Event.objects.select_related("matter").order_by("pk"))
        assert all(bytes(event.leaf_hash) == leaf_hash(event) for event in events)
        assert all(earlier.at <= later.at for earlier, later in pairwise(events))
        assert events[-1].at <= timezone.now()

    def test_its_promises_are_mostly_kept_and_clocks_run(self) -> None:
        promised = Clock.objects.filter(promised=True, kept__isnull=False)
        kept = promised.filter(kept=True).count()
        assert kept > promised.count() * 0.7
        assert promised.filter(kept=False).exists()
        assert not Clock.objects.filter(
            stopped_at=None, paused_at=None, overdue_at=None, due_at__lt=timezone.now()
        ).exists()

    def test_its_places_are_found(self) -> None:
        address = Address.objects.select_related("area__parent").first()
        assert address.area.parent.kind == "grid"
        assert is_sound(address.doorway_code)
        assert locate(self.demo, doorway=address.doorway_code).address == address
        assert locate(self.demo, address=address.text).address == address
        point = locate(self.demo, longitude=address.longitude, latitude=address.latitude)
        assert point.area is not None
        assert point.area.code.startswith(address.area.parent.code)

    def test_the_board_names_the_grid_and_never_the_doorway(self) -> None:
        kinds = set(public_requests(self.demo).values_list("area__kind", flat=True))
        assert kinds <= {"grid", "water"}
        texts = public_requests(self.demo).values_list("public_title", "public_text")
        assert not [text for pair in texts for text in pair if "单元" in text and "栋" in text]

    def test_no_text_comes_twice_on_a_screen(self) -> None:
        cursor = ""
        while True:
            page = board_page(self.demo, BoardFilter(), cursor)
            texts = [matter.public_text for matter in page.items]
            assert len(set(texts)) == len(texts)
            cursor = page.older
            if not cursor:
                break

    def test_the_figures_open_to_what_they_count(self) -> None:
        for figure in figures(self.demo):
            rows = counted(public_requests(self.demo), figure.name, self.demo, figure.month)
            assert rows.count() == figure.count

    def test_the_federation_has_thirteen_members(self) -> None:
        assert Federation.objects.get().members.count() == 13

    def test_every_role_has_an_account_that_signs_in(self) -> None:
        accounts = demo_accounts(self.demo)
        held = Membership.objects.filter(
            person__username__in=[one.username for one in accounts]
        ).values_list("role", flat=True)
        assert set(held) == set(pack_of(self.demo).roles)
        for account in accounts:
            self.client.post(
                "/accounts/login/", {"login": account.username, "password": account.password}
            )
            assert self.client.session.get("_auth_user_id"), account.username
            self.client.logout()

    def test_somebody_holds_several_posts(self) -> None:
        posts = Person.objects.annotate(posts=Count("memberships")).filter(posts__gte=2)
        assert posts.count() >= 4

    def test_notices_are_dated_as_their_events_and_none_is_sent(self) -> None:
        assert not Notice.objects.exclude(channel="site").exists()
        assert not Notice.objects.filter(state="waiting").exists()
        notice = Notice.objects.select_related("event").first()
        assert notice.created_at == notice.event.at

    def test_a_second_one_is_refused(self) -> None:
        before = Matter.objects.count()
        with pytest.raises(CommandError):
            call_command("demo", size="small", verbosity=0)
        call_command("demo", if_empty=True, verbosity=0)
        assert Matter.objects.count() == before

    def test_accounts_are_printed(self) -> None:
        out = StringIO()
        call_command("demo", accounts=True, stdout=out)
        told = out.getvalue()
        assert "linli-demo" in told
        assert "dispatcher" in told
        assert "分拨员 Dispatcher" in told


def test_where_a_community_is_it_does_nothing_if_empty_is_asked(here) -> None:
    call_command("demo", if_empty=True, verbosity=0)
    assert Community.objects.count() == 1


def test_it_refuses_in_production(settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("demo", size="small", verbosity=0)
    assert not Community.objects.exists()


def test_a_failure_leaves_nothing(monkeypatch) -> None:
    def breaks(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("linli.surfaces.cli.demo.build.play", breaks)
    with pytest.raises(RuntimeError):
        call_command("demo", size="small", verbosity=0)
    assert not Community.objects.exists()
    assert play is not breaks


def test_without_a_demo_no_account_is_printed(here) -> None:
    out = StringIO()
    call_command("demo", accounts=True, stdout=out)
    assert "linli-demo" not in out.getvalue()


def test_the_english_city_stands_beside_it(settings, tmp_path, client) -> None:
    settings.MEDIA_ROOT = tmp_path
    call_command("demo", pack="open311-city", size="small", verbosity=0)
    city = Community.objects.get(code="riverside")
    assert city.matters.count() >= 60
    assert "closed" in set(city.matters.values_list("stage", flat=True))
    assert client.get("/board/?c=riverside").status_code == 200
    accounts = demo_accounts(city)
    held = Membership.objects.filter(person__username__in=[one.username for one in accounts])
    assert set(held.values_list("role", flat=True)) == set(pack_of(city).roles)


def test_the_same_seed_gives_the_same_reports() -> None:
    first, second = (Settings.of("cn-community", "small", 7) for _ in range(2))
    assert [first.deal("when") for _ in range(30)] == [second.deal("when") for _ in range(30)]


def test_a_deck_deals_all_before_any_again_and_none_twice_running() -> None:
    random: Random = Settings.of("cn-community").random
    deck = Deck([1, 2, 3, 4], random)
    dealt = [deck.deal() for _ in range(400)]
    assert all(set(dealt[at : at + 4]) == {1, 2, 3, 4} for at in range(0, 400, 4))
    assert all(one != other for one, other in pairwise(dealt))


def test_every_category_has_its_own_words() -> None:
    reports = Settings.of("cn-community").reports
    said = [title for given in reports.values() for title, _text in given["says"]]
    assert len(reports) >= 40
    assert len(said) == len(set(said)) >= 120
    answered = [text for given in reports.values() for text in given["reply"] + given["done"]]
    assert len(set(answered)) >= 60


@pytest.mark.demo
def test_the_full_size_has_every_stage(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    began = datetime.now(UTC)
    call_command("demo", verbosity=0)
    took = (datetime.now(UTC) - began).total_seconds()
    demo = Community.objects.get()
    assert demo.matters.count() >= 2000
    assert Membership.objects.values("person").distinct().count() == 300
    assert {stage.name for stage in procedure.stages} <= set(
        demo.matters.values_list("stage", flat=True)
    )
    kinds = set(Event.objects.values_list("kind", flat=True))
    for past in ("extended", "returned", "assigned", "joined", "replied_together", "reopened",
                 "not_reached", "referred", "withdrawn", "closed", "asked", "answered", "overdue",
                 "called_back", "rated", "informed", "noted", "split"):  # fmt: skip
        assert f"casework.{past}" in kinds
    purposes = set(Attachment.objects.values_list("purpose", flat=True))
    assert {"report", "before", "after"} <= purposes
    assert Clock.objects.filter(stopped_at=None).exclude(overdue_at=None).exists()
    assert took < 600
