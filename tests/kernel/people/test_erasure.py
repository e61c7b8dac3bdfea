"""Being forgotten: personal data goes, what others rely on stays, without a name."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from linli.kernel.access.links import find_link, link_for, token_of
from linli.kernel.access.models import ApiToken, AuditEntry
from linli.kernel.access.reach import Conflicts
from linli.kernel.access.tokens import issue, verify
from linli.kernel.events.models import Event
from linli.kernel.events.timeline import timeline
from linli.kernel.files.models import Upload
from linli.kernel.files.storing import store_upload
from linli.kernel.ledger.leaves import leaf_hash
from linli.kernel.matters.models import Matter, Participant, SearchEntry
from linli.kernel.notify.models import Notice
from linli.kernel.organisations.models import Membership
from linli.kernel.people.contacts import mark_verified, masked_contacts, set_contact
from linli.kernel.people.erasure import erase
from linli.kernel.people.models import ContactReveal, Person, PersonKey
from linli.kernel.procedures.declaration import registry
from linli.kernel.procedures.errors import NotAllowed
from linli.kernel.procedures.performing import perform
from tests.kernel.people.conftest import signed_in
from tests.neighbourhood import PASSWORD
from tests.pictures import picture

SECRET = "zebra7731"
WORD = {"word": "注销"}


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def everything_kept() -> str:
    """Return what stands in the tables about matters and people, readable or not."""
    rows = []
    for model in (Matter, Event, SearchEntry, Person, Notice, AuditEntry, ContactReveal):
        rows += [str(row) for row in model.objects.values()]
    return "\n".join(rows)


def test_it_works(here) -> None:
    set_contact(here.resident, "phone", "13800005678")
    matter = here.report(by=here.resident, text=f"{SECRET} 在我家", address="5栋302").matter
    client = signed_in(here.resident)
    assert matter.number in client.get("/me/erase/").content.decode()

    answer = client.post("/me/erase/", WORD)

    assert answer["Location"] == "/me/erased/"
    assert client.get("/me/erased/").status_code == 200
    assert "_auth_user_id" not in client.session
    person = Person.objects.get(pk=here.resident.pk)
    assert person.erased_at is not None
    assert (person.display_name, person.is_active) == ("", False)
    assert masked_contacts(person) == {}
    assert not PersonKey.objects.filter(person=person).exists()
    for word in (SECRET, "5栋302", "Dh-Resident", "dh-resident"):
        assert word not in everything_kept()


def test_the_matter_goes_on_without_a_name(here) -> None:
    matter = here.at_stage("in_hand", by=here.resident, text=f"{SECRET}。")
    stage, due, version = matter.stage, matter.due_at, matter.version

    erase(here.resident)

    matter.refresh_from_db()
    assert (matter.stage, matter.due_at, matter.version) == (stage, due, version + 1)
    assert matter.text == "（已应反映人要求删除）"
    perform(matter, "solve", by=here.handler, facts={"text": "修好了。"})


def test_what_was_released_to_the_public_stays(here) -> None:
    matter = here.report(by=here.resident, text=SECRET, longitude=114.305, latitude=30.505).matter
    facts = {"category": "pothole", "public_title": "路灯不亮", "public_text": "东门路灯不亮。"}
    perform(matter, "triage", by=here.dispatcher, facts=facts)

    erase(here.resident)

    matter.refresh_from_db()
    assert (matter.title, matter.text) == ("路灯不亮", "东门路灯不亮。")
    assert matter.longitude == 114.305


def test_a_place_nobody_released_goes_too(here) -> None:
    matter = here.report(by=here.resident, text=SECRET, longitude=114.305, latitude=30.505).matter

    erase(here.resident)

    matter.refresh_from_db()
    assert (matter.longitude, matter.latitude, matter.address_text) == (None, None, "")
    assert matter.area == here.grid_area, "whose duty it is stays"


def test_the_ledger_stays_valid(here) -> None:
    matter = here.at_stage("closed", by=here.resident, text=SECRET)
    before = {event.pk: bytes(event.leaf_hash) for event in Event.objects.all()}

    erase(here.resident)

    for event in Event.objects.filter(matter=matter):
        assert bytes(event.leaf_hash) == bytes(leaf_hash(event))
    after = {event.pk: bytes(event.leaf_hash) for event in Event.objects.all()}
    assert before.items() < after.items()
    assert Event.objects.latest("pk").kind == "casework.reporter_forgotten"


def test_the_timeline_shows_that_something_was_there(here) -> None:
    matter = here.report(by=here.resident, text=SECRET).matter
    erase(here.resident)
    matter.refresh_from_db()

    lines = timeline(matter, here.dispatcher)

    shown = str([(line.sentence, line.actor, line.fields) for line in lines])
    assert SECRET not in shown
    assert "（已删除）" in shown
    assert "Dh-Resident" not in shown


def test_files_go_from_the_disk(here, now_not_later, settings) -> None:
    upload = store_upload(here.community, picture(), by=here.resident)
    loose = store_upload(here.community, picture(), by=here.resident)
    here.report(by=here.resident, text="x", pictures=[str(upload.uuid)])
    paths = [Path(settings.MEDIA_ROOT) / row.path for row in (upload, loose)]
    assert all(path.is_file() for path in paths)

    with now_not_later():
        erase(here.resident)

    assert not Upload.objects.exists()
    assert not any(path.exists() for path in paths)


def test_words_and_files_in_the_matter_of_another_go_the_matter_stays(here) -> None:
    matter = here.report(by=here.resident, text="路灯坏了。").matter
    Participant.objects.create(matter=matter, person=here.stranger, role="co_reporter")
    upload = store_upload(here.community, picture(), by=here.stranger)
    facts = {"text": SECRET, "pictures": [str(upload.uuid)]}
    perform(matter, "answer", by=here.stranger, facts=facts)

    erase(here.stranger)

    matter.refresh_from_db()
    assert matter.text == "路灯坏了。"
    assert not matter.attachments.exists()
    shown = str([line.fields for line in timeline(matter, here.dispatcher)])
    assert SECRET not in shown
    assert "路灯坏了" in shown


def test_what_staff_wrote_down_for_a_guest_goes_with_the_guest(here) -> None:
    """The values are the caller's, whoever holds the pen."""
    from linli.kernel.procedures.performing import begin

    facts = {"text": SECRET, "channel": "phone", "name": "王小明", "phone": "13800005678"}
    matter = begin("casework", "take_down", community=here.community, by=here.dispatcher,
                   facts=facts).matter  # fmt: skip
    assert SECRET in str([line.fields for line in timeline(matter, here.dispatcher)])

    erase(matter.reporter, here.community)

    assert SECRET not in str([line.fields for line in timeline(matter, here.dispatcher)])
    assert AuditEntry.objects.get(action="people.erased").community == here.community


def test_what_is_written_down_afterwards_is_not_kept(here) -> None:
    matter = here.at_stage("solved", by=here.resident)
    erase(here.resident)
    facts = {"contacted": True, "solved": True, "satisfaction": 5, "comment": SECRET}

    event = perform(matter, "call_back", by=here.caller, facts=facts)

    assert "comment" in event.commitments
    assert not event.personal_values.exists()


def test_ways_to_sign_in_tokens_links_and_notices_go(here) -> None:
    mark_verified(set_contact(here.resident, "phone", "13800005678"))
    plain = issue(here.resident, here.community, "x", None)
    Authenticator.objects.create(user=here.resident, type="totp", data={"secret": "x"})
    elsewhere = signed_in(here.stranger)
    here.at_stage("in_hand", by=here.resident)

    erase(here.resident)
    erase(here.stranger)

    assert verify(plain) is None
    assert not ApiToken.objects.exists()
    assert not Authenticator.objects.exists()
    assert not Notice.objects.filter(person=here.resident).exists()
    assert elsewhere.get("/me/").status_code == 302, "every session has ended"
    for login in ("dh-resident", "13800005678"):
        answer = elsewhere.post("/accounts/login/", {"login": login, "password": PASSWORD})
        assert answer.status_code == 200


def test_nobody_is_told_any_more(here) -> None:
    matter = here.at_stage("accepted", by=here.resident)
    erase(here.resident)

    perform(matter, "reply", by=here.handler, facts={"text": "一周内修好。"})

    assert not Notice.objects.filter(person=here.resident).exists()


def test_posts_of_a_resident_end(here) -> None:
    Membership.objects.filter(person=here.resident).update(
        since=timezone.localdate() - timedelta(days=9)
    )
    erase(here.resident)

    assert not Membership.objects.current().filter(person=here.resident).exists()


@pytest.mark.parametrize("name", ["handler", "dispatcher", "secretary", "grid_worker"])
def test_not_while_in_office(here, name) -> None:
    person = getattr(here, name)
    client = signed_in(person)

    page, answer = client.get("/me/erase/"), client.post("/me/erase/", WORD)

    assert "岗位" in page.content.decode()
    assert answer.status_code == 409
    with pytest.raises(Conflicts):
        erase(person)
    assert Person.objects.get(pk=person.pk).erased_at is None


def test_not_as_administrator(here) -> None:
    Person.objects.filter(pk=here.stranger.pk).update(is_administrator=True)

    with pytest.raises(Conflicts):
        erase(here.stranger)


def test_once_out_of_office(here) -> None:
    Membership.objects.filter(person=here.handler).delete()

    erase(here.handler)

    assert Person.objects.get(pk=here.handler.pk).erased_at is not None


@pytest.mark.parametrize("word", ["", "x", "注", "x" * 5_000, "注销 吧"])
def test_not_without_the_word(here, word) -> None:
    answer = signed_in(here.resident).post("/me/erase/", {"word": word})

    assert answer.status_code == 422
    assert Person.objects.get(pk=here.resident.pk).erased_at is None


def test_in_english_the_word_is_english(here) -> None:
    client = signed_in(here.resident)
    client.cookies["linli_language"] = "en"

    assert client.post("/me/erase/", {"word": "Erase"}).status_code == 302


def test_it_asks_once_more_who_one_is(here) -> None:
    client = signed_in(here.resident, again=False)

    for answer in (client.get("/me/erase/"), client.post("/me/erase/", WORD)):
        assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert Person.objects.get(pk=here.resident.pk).erased_at is None


def test_twice_is_once(here) -> None:
    matter = here.report(by=here.resident).matter
    erase(here.resident)
    erase(here.resident)

    assert Event.objects.filter(matter=matter).count() == 2
    assert AuditEntry.objects.filter(action="people.erased").count() == 1


def test_a_guest_is_forgotten_and_the_link_with_them(here) -> None:
    matter = here.report(text=SECRET, phone="13800005678").matter
    token = token_of(link_for(matter, matter.reporter))

    erase(matter.reporter)

    assert find_link(token) is None
    assert SECRET not in everything_kept()


def test_only_linli_itself_makes_a_matter_forget(here) -> None:
    matter = here.report(by=here.resident).matter

    for person in (here.resident, here.dispatcher, here.secretary, here.stranger, None):
        with pytest.raises(NotAllowed):
            perform(matter, "forget_reporter", by=person, facts={"person": here.resident.uuid})


def test_every_procedure_can_forget() -> None:
    for procedure in registry.values():
        action = procedure.actions["forget_reporter"]
        assert set(action.at) == {stage.name for stage in procedure.stages}
        assert action.by == ("system",)
