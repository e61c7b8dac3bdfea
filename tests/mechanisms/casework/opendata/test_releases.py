"""A closed month is prepared once, looked at, released or refused; then it never changes."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from linli.kernel.access.models import AuditEntry
from linli.kernel.packs.loading import adopt, pack_of, store_pack
from linli.mechanisms.casework.models import ServiceRequest
from linli.mechanisms.casework.opendata.columns import CLASS, NAMES, OUTCOMES, band
from linli.mechanisms.casework.opendata.files import content_of_file, rows_of
from linli.mechanisms.casework.opendata.models import Release
from linli.mechanisms.casework.opendata.preparing import correct, prepare, prepare_due
from linli.mechanisms.casework.opendata.releasing import OpenDataRefused, let_out, refuse
from tests.mechanisms.casework.opendata.a_month import DAY, a_month, reported, residents


@pytest.fixture
def release(here) -> Release:
    a_month(here)
    return prepare(here.community, DAY)


@pytest.fixture
def released(here, release) -> Release:
    let_out(release, here.supervisor, "看过最小的组合")
    return let_out(release, here.secretary, "同意发布")


def with_open_data(here, **changes) -> None:
    """Give the community a pack that asks something else of open data."""
    content = pack_of(here.community)
    setting = content.open_data.model_copy(update=changes)
    adopt(here.community, store_pack(content.model_copy(update={"open_data": setting})))


def test_it_works(here, release) -> None:
    rows = rows_of(release)

    assert release.state == Release.State.PREPARED
    assert release.period == "2026-03"
    assert {tuple(row[place] for place in CLASS) for row in rows} == {
        ("dh-grid-1", "2026-03-02/2026-03-08", "pothole"),
        ("dh-grid-1", "2026-03-02/2026-03-08", "streetlight"),
    }
    assert len(rows) == 11
    assert release.loss["suppressed"] == 1
    assert release.loss["smallest"] == 5
    assert AuditEntry.objects.filter(action="open_data.prepared").count() == 1


def test_the_files_agree_and_hold_no_words_of_people(here, released) -> None:
    files = {file.name: content_of_file(file) for file in released.files.all()}
    name = "requests-dh-2026-03-1"
    table = json.loads(files[f"{name}.json"])
    read = list(csv.reader(io.StringIO(files[f"{name}.csv"].decode("utf-8-sig"))))
    package = json.loads(files[f"{name}.datapackage.json"])

    assert read == [list(NAMES), *table["rows"]]
    assert [one["name"] for one in package["resources"][0]["schema"]["fields"]] == list(NAMES)
    assert package["resources"][0]["bytes"] == len(files[f"{name}.csv"])
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    for content in files.values():
        text = content.decode()
        assert "秘密" not in text
        assert "DH-2026" not in text
        assert "neighbour" not in text.lower()


def test_equal_data_gives_equal_bytes(here, release) -> None:
    first = [file.sha256 for file in release.files.order_by("pk")][:2]
    refuse(release, here.supervisor, "再来一次")

    again = prepare(here.community, DAY)

    assert [file.sha256 for file in again.files.order_by("pk")][:2] == first


def test_many_reports_of_one_person_stay_one_person(here) -> None:
    people = residents(here, 4)
    for _again in range(3):
        reported(here, people[0])
    for one in people[1:]:
        reported(here, one)

    with pytest.raises(OpenDataRefused, match="5"):
        prepare(here.community, DAY)


def test_guests_with_one_telephone_are_one_person_and_without_any_are_nobody(here) -> None:
    for _again in range(6):
        reported(here, None, phone="13911112222", name="王")
        reported(here, None)

    with pytest.raises(OpenDataRefused):
        prepare(here.community, DAY)


def test_a_sensitive_category_does_not_stand_alone(here) -> None:
    for one in residents(here, 6):
        reported(here, one, "health")

    rows = rows_of(prepare(here.community, DAY))

    assert {row[NAMES.index("category")] for row in rows} == {"livelihood"}


def test_a_period_that_is_not_over_is_refused(here) -> None:
    with pytest.raises(OpenDataRefused):
        prepare(here.community, here.community.day_of(timezone.now()))


def test_no_two_releases_share_a_day(here, release) -> None:
    with pytest.raises(OpenDataRefused):
        prepare(here.community, DAY + timedelta(days=20))
    with_open_data(here, period="quarter")
    with pytest.raises(OpenDataRefused):
        prepare(here.community, DAY)


def test_two_people_must_look_where_the_pack_says_so(here, release) -> None:
    seen = let_out(release, here.supervisor, "看过")

    assert seen.state == Release.State.SEEN
    with pytest.raises(OpenDataRefused):
        let_out(release, here.supervisor, "再看")
    assert let_out(release, here.secretary, "同意").state == Release.State.RELEASED
    audited = AuditEntry.objects.filter(action__startswith="open_data.").order_by("pk")
    assert [one.action for one in audited][1:] == ["open_data.seen", "open_data.released"]
    assert audited.last().details["reason"] == "同意"


def test_one_person_is_enough_where_the_pack_says_so(here) -> None:
    with_open_data(here, second_person=False)
    a_month(here)

    done = let_out(prepare(here.community, DAY), here.supervisor, "看过")

    assert done.state == Release.State.RELEASED


@pytest.mark.parametrize("reason", ["", "  ", "\x00", "长" * 501])
def test_a_reason_is_needed(here, release, reason) -> None:
    with pytest.raises(OpenDataRefused):
        let_out(release, here.supervisor, reason)
    release.refresh_from_db()
    assert release.state == Release.State.PREPARED


@pytest.mark.parametrize("role", ["handler", "dispatcher", "resident", "stranger"])
def test_who_may_not_release(here, release, role) -> None:
    with pytest.raises(OpenDataRefused):
        let_out(release, getattr(here, role), "我想发布")


def test_what_is_decided_stays(here, released) -> None:
    with pytest.raises(OpenDataRefused):
        refuse(released, here.supervisor, "后悔了")
    with pytest.raises(OpenDataRefused):
        let_out(released, here.supervisor, "再来")


def test_refusing_deletes_the_files(here, release) -> None:
    done = refuse(release, here.supervisor, "组合太小")

    assert done.state == Release.State.REFUSED
    assert not done.files.exists()


def test_files_that_were_changed_do_not_go_out(here, release) -> None:
    release.files.update(sha256="0" * 64)

    with pytest.raises(ValueError, match="not what was released"):
        let_out(release, here.supervisor, "看过")


def test_a_correction_keeps_rows_and_classes(here, released) -> None:
    """The attack: lay both editions side by side to single somebody out."""
    ServiceRequest.objects.filter(matter__category="pothole").update(solved_at=timezone.now())
    reported(here, here.resident, "streetlight", day=1)  # came to light later: stays out
    edition = correct(released, here.supervisor, "办结时间漏算")
    before, after = rows_of(released), rows_of(edition)
    let_out(edition, here.supervisor, "看过")
    edition = let_out(edition, here.secretary, "同意")
    released.refresh_from_db()

    assert sorted(row[:OUTCOMES] for row in before) == sorted(row[:OUTCOMES] for row in after)
    assert before != after
    assert released.state == Release.State.REPLACED
    assert correct(edition, here.supervisor, "没有变化").edition == 3


def test_a_later_month_says_nothing_of_the_one_before(here, released) -> None:
    for one in residents_again(here):
        reported(here, one, day=31)
    before = {file.name: file.sha256 for file in released.files.all()}

    prepare(here.community, DAY + timedelta(days=31))

    assert {file.name: file.sha256 for file in released.files.all()} == before


def residents_again(here):
    from linli.kernel.people.models import Person

    return Person.objects.filter(username__contains="neighbour")


def test_what_is_not_out_is_not_corrected(here, release) -> None:
    with pytest.raises(OpenDataRefused):
        correct(release, here.supervisor, "早了")


def test_the_chore_prepares_the_last_month_once(here, monkeypatch) -> None:
    a_month(here)
    moment = datetime(2026, 4, 9, 2, tzinfo=UTC)  # ten in the morning here
    monkeypatch.setattr(timezone, "now", lambda: moment)
    assert prepare_due() == 0
    monkeypatch.setattr(timezone, "now", lambda: moment + timedelta(days=2))

    assert [prepare_due(), prepare_due()] == [1, 0]
    assert Release.objects.get().period == "2026-03"


def test_a_pack_that_publishes_nothing(here) -> None:
    with_open_data(here, publishes=False)
    a_month(here)

    assert prepare_due() == 0


def test_bands() -> None:
    assert [band(days) for days in (None, -1, 0, 1, 3, 7, 30, 31)] == [
        "", "0", "0", "1", "2..3", "4..7", "16..30", "31..",
    ]  # fmt: skip


def test_queries_do_not_grow_with_the_rows(here, django_assert_max_num_queries) -> None:
    a_month(here)
    with django_assert_max_num_queries(20):
        prepare(here.community, DAY)
