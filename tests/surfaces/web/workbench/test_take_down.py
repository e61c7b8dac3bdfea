"""Taking down what was said on the telephone."""

from __future__ import annotations

import pytest

from linli.kernel.files.models import Upload
from linli.kernel.matters.models import Matter
from linli.kernel.people.contacts import masked_contacts
from tests.pictures import picture

ADDRESS = "/desk/take-down/"
CALL = {"channel": "phone", "text": "三号楼停水了。", "key": "k1", "urgency": "normal",
        "address": "东湖路1号2栋1单元", "name": "王女士", "phone": "13955550137"}  # fmt: skip


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_it_works(here, desk, text) -> None:
    answer = desk("dispatcher").post(ADDRESS, CALL)
    matter = Matter.objects.get()
    page = text(answer)
    assert matter.number in page
    assert "/t/" in page
    assert (matter.channel, matter.area) == ("phone", here.grid_area)
    assert masked_contacts(matter.reporter)["phone"].endswith("0137")


def test_the_form_asks_in_the_order_of_a_conversation(here, desk, text) -> None:
    page = text(desk("dispatcher").get(ADDRESS))
    places = [page.index(f'name="{name}"') for name in ("channel", "text", "address", "phone")]
    assert places == sorted(places)
    assert 'data-url="/report/places/"' in page


@pytest.mark.parametrize(
    "wrong", [{"text": ""}, {"channel": ""}, {"channel": "smoke"}, {"text": "停" * 10_001},
              {"longitude": "nonsense"}, {"phone": "1" * 500}],
)  # fmt: skip
def test_what_is_wrong_is_told_and_all_else_kept(here, desk, text, wrong) -> None:
    answer = desk("dispatcher").post(ADDRESS, {**CALL, **wrong})
    assert answer.status_code == 422
    assert 'value="王女士"' in text(answer)
    assert not Matter.objects.exists()


def test_pictures_of_a_form_that_is_wrong_need_not_be_sent_again(here, desk, text) -> None:
    client = desk("dispatcher")
    page = text(client.post(ADDRESS, {**CALL, "text": "", "pictures": picture()}))
    uuid = str(Upload.objects.get().uuid)
    assert f'name="pictures_kept" value="{uuid}"' in page
    client.post(ADDRESS, {**CALL, "pictures_kept": uuid})
    assert Matter.objects.get().attachments.count() == 1


def test_sent_twice_is_one_report(here, desk) -> None:
    client = desk("dispatcher")
    for _ in range(2):
        assert client.post(ADDRESS, {**CALL, "pictures": picture()}).status_code == 200
    assert Matter.objects.count() == 1


def test_the_same_key_for_something_else_is_still_one(here, desk) -> None:
    client = desk("dispatcher")
    client.post(ADDRESS, CALL)
    client.post(ADDRESS, {**CALL, "text": "别的事"})
    assert Matter.objects.count() == 1


@pytest.mark.parametrize("role", ["supervisor", "resident", "stranger"])
def test_who_may_not_take_down_is_refused(here, desk, role) -> None:
    assert desk(role).get(ADDRESS).status_code == 403
    assert desk(role).post(ADDRESS, CALL).status_code == 403
    assert not Matter.objects.exists()


def test_who_is_not_signed_in_signs_in_first(here, client) -> None:
    assert client.get(ADDRESS).status_code == 302
