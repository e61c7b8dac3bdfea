"""Residents report by one form, without an account and without a script."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.kernel.access.links import find_link
from linli.kernel.files.models import Upload
from linli.kernel.matters.models import Matter
from linli.mechanisms.casework.forms import new_key
from tests.pictures import picture


def key_in(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture
def form(here, client):
    """Fields of an empty form, as a browser would send them."""
    page = client.get("/report/").content.decode()
    return {"key": key_in(page), "text": "楼道灯不亮。", "longitude": "", "latitude": ""}


def test_it_works(here, client, form) -> None:
    answer = client.post("/report/", form)
    matter = Matter.objects.get()
    assert answer.status_code == 302
    assert matter.text == "楼道灯不亮。"
    assert matter.stage == "received"
    receipt = client.get(answer["Location"])
    assert matter.number in receipt.content.decode()


def test_the_receipt_leads_back_and_says_what_comes_next(here, client, form) -> None:
    answer = client.post("/report/", form)
    token = answer["Location"].split("/")[2]
    link = find_link(token)
    assert link
    assert link.matter == Matter.objects.get()
    page = client.get(answer["Location"]).content.decode()
    assert f"http://testserver/t/{token}/" in page
    assert "<svg" in page  # the QR code
    assert page.count('class="steps"') == 1


def test_a_person_signed_in_reports_as_themselves(here, client, form) -> None:
    client.force_login(here.resident)
    answer = client.post("/report/", form)
    matter = Matter.objects.get()
    assert matter.reporter == here.resident
    assert answer["Location"] == f"/matters/{matter.number}/received/"
    assert client.get(answer["Location"]).status_code == 200


def test_contact_data_is_asked_of_guests_alone(here, client) -> None:
    assert 'name="phone"' in client.get("/report/").content.decode()
    client.force_login(here.resident)
    assert 'name="phone"' not in client.get("/report/").content.decode()


def test_pictures_come_with_it(here, client, form) -> None:
    client.post("/report/", {**form, "pictures": [picture("a.png"), picture("b.png")]})
    assert Matter.objects.get().attachments.count() == 2


def test_the_place_of_a_doorway_is_filled_in(here, client) -> None:
    answer = client.get("/d/DH0001/", follow=True)
    page = answer.content.decode()
    assert "东湖路1号2栋1单元" in page
    client.post("/report/", {"key": key_in(page), "text": "门坏了", "doorway": "DH0001"})
    matter = Matter.objects.get()
    assert matter.area == here.grid_area
    assert matter.address_text == "东湖路1号2栋1单元"


def test_a_doorway_chooses_its_community(here, elsewhere, client) -> None:
    assert "西湖路" not in client.get("/report/").content.decode()
    client.get("/d/XH0001/")
    page = client.get("/report/?d=XH0001").content.decode()
    client.post("/report/", {"key": key_in(page), "text": "门坏了", "doorway": "XH0001"})
    assert Matter.objects.get().community == elsewhere.community


def test_an_unknown_doorway_leaves_the_place_open(here, client) -> None:
    page = client.get("/d/NOBODY/", follow=True).content.decode()
    assert 'name="address"' in page
    assert "ll-alert--warning" in page


def test_without_words_nothing_is_sent_and_the_rest_is_kept(here, client, form) -> None:
    answer = client.post(
        "/report/",
        {**form, "text": "  ", "address": "湖边亭子", "phone": "13800000000",
         "pictures": [picture("a.png")]},
    )  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not Matter.objects.exists()
    assert "湖边亭子" in page
    assert "13800000000" in page
    assert f'name="pictures_kept" value="{Upload.objects.get().uuid}" checked' in page
    assert 'id="id_text_error"' in page


def test_kept_pictures_are_not_uploaded_twice(here, client, form) -> None:
    client.post("/report/", {**form, "text": "", "pictures": [picture("a.png")]})
    kept = Upload.objects.get()
    client.post("/report/", {**form, "pictures_kept": [str(kept.uuid)]})
    assert Matter.objects.get().attachments.get().upload == kept


def test_a_picture_that_is_none_is_refused_beside_its_field(here, client, form) -> None:
    wrong = SimpleUploadedFile("a.svg", b"<svg onload='alert(1)'/>", content_type="image/svg+xml")
    answer = client.post("/report/", {**form, "pictures": [wrong]})
    assert answer.status_code == 422
    assert not Matter.objects.exists()
    assert 'id="id_pictures_error"' in answer.content.decode()
    assert form["text"] in answer.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "字" * 5001},
        {"phone": "1" * 201, "text": "灯"},
        {"longitude": "east", "latitude": "30"},
        {"longitude": "200", "latitude": "30"},
        {"longitude": "114.3", "latitude": ""},
        {"category": "no_such_category"},
        {"pictures_kept": ["not-a-uuid"]},
        {"pictures_kept": ["018f0000-0000-7000-8000-000000000000"]},
        {"doorway": "NOBODY"},
    ],
)
def test_wrong_values_are_refused_with_a_sentence(here, client, form, wrong) -> None:
    answer = client.post("/report/", {**form, **wrong})
    assert answer.status_code == 422
    assert "ll-alert--danger" in answer.content.decode()
    assert not Matter.objects.exists()


def test_a_body_beyond_all_measure_is_refused(here, client, form) -> None:
    answer = client.post("/report/", {**form, "text": "x" * 3_000_000})
    assert answer.status_code == 400
    assert not Matter.objects.exists()


def test_sent_twice_it_is_one_matter(here, client, form) -> None:
    first, second = client.post("/report/", form), client.post("/report/", form)
    assert first["Location"] == second["Location"]
    assert Matter.objects.count() == 1


def test_sent_twice_with_pictures_it_is_one_matter(here, client, form) -> None:
    first = client.post("/report/", {**form, "pictures": [picture("a.png")]})
    second = client.post("/report/", {**form, "pictures": [picture("a.png")]})
    assert first["Location"] == second["Location"]
    assert Matter.objects.count() == 1
    assert Upload.objects.count() == 1


def test_other_words_under_a_used_key_are_asked_for_again(here, client, form) -> None:
    client.post("/report/", form)
    answer = client.post("/report/", {**form, "text": "另一件事。"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "另一件事。" in page
    client.post("/report/", {**form, "text": "另一件事。", "key": key_in(page)})
    assert Matter.objects.count() == 2


@pytest.mark.parametrize("kind", ["none", "made up", "signed by somebody", "lengthened"])
def test_only_keys_of_ours_are_taken(here, client, form, kind) -> None:
    key = {"none": "", "made up": "made-up", "signed by somebody": "made-up:signature"}.get(
        kind, new_key() + "x"
    )
    answer = client.post("/report/", {**form, "key": key})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not Matter.objects.exists()
    assert client.post("/report/", {**form, "key": key_in(page)}).status_code == 302


def test_a_flood_is_slowed_and_the_words_are_kept(here, client, form, settings) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "report": "1/d"}
    client.post("/report/", form)
    answer = client.post("/report/", {**form, "key": new_key(), "text": "第二件"})
    assert answer.status_code == 429
    assert "第二件" in answer.content.decode()
    assert Matter.objects.count() == 1


def test_script_in_the_words_is_shown_as_words(here, client, form) -> None:
    answer = client.post("/report/", {**form, "text": "<script>alert(1)</script>", "phone": "<b>"})
    page = client.get(answer["Location"]).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_without_a_community_there_is_no_form(db, client) -> None:
    assert client.get("/report/").status_code == 404


def test_addresses_are_offered_as_one_types(here, client) -> None:
    page = client.get("/report/places/", {"address": "东湖路"}).content.decode()
    assert 'data-address="东湖路1号2栋1单元"' in page
    assert 'data-longitude="114.305"' in page


@pytest.mark.parametrize("typed", ["", "东", "西天取经路", "\x00东湖路", "x" * 5000])
def test_nothing_is_offered_where_nothing_fits(here, client, typed) -> None:
    answer = client.get("/report/places/", {"address": typed})
    assert answer.status_code == 200
    if typed != "\x00东湖路":
        assert "data-address" not in answer.content.decode()


def test_thirteen_pictures_are_refused_before_any_is_stored(
    client, form, settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    pictures = [picture(f"{number}.png") for number in range(13)]
    answer = client.post("/report/", {**form, "text": "太多了", "pictures": pictures})

    assert answer.status_code == 422
    assert "12" in answer.content.decode()
    assert "太多了" in answer.content.decode()
    assert not Upload.objects.exists()
    assert not Matter.objects.exists()
