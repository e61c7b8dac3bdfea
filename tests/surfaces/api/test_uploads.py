"""Files over the API: checked, cleaned, then named in the facts of an action."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from linli.kernel.files.models import Upload
from linli.kernel.matters.models import Attachment
from tests.surfaces.api.conftest import REPORT, is_problem


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(name: str = "坑.png") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "grey").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


def send(caller, file, field: str = "file"):
    return caller.client.post("/api/v1/uploads", {field: file}, headers=caller.headers())


def test_a_picture_comes_with_a_report(here, calls) -> None:
    caller = calls("resident")

    stored = send(caller, picture())
    assert stored.status_code == 201, stored.content
    facts = {"text": "路上有坑。", "pictures": [stored.json()["uuid"]]}
    number = caller.post("/matters", REPORT | {"facts": facts}).json()["number"]

    events = caller.get(f"/matters/{number}/events").json()
    assert [file["uuid"] for file in events[0]["files"]] == [stored.json()["uuid"]]
    assert Attachment.objects.get().matter.number == number
    assert Upload.objects.get().uploaded_by == here.resident


@pytest.mark.parametrize(
    "content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"PK\x03\x04zip", b"MZ"]
)
def test_what_is_no_picture_is_refused(calls, content) -> None:
    answer = send(calls("resident"), SimpleUploadedFile("x.png", content, "image/png"))

    body = is_problem(answer, 422, "invalid-facts")
    assert list(body["errors"]) == ["file"]
    assert Upload.objects.count() == 0


def test_one_too_large_is_refused(calls, settings) -> None:
    settings.UPLOAD_MAX_BYTES = 50

    assert "file" in is_problem(send(calls("resident"), picture()), 422, "invalid-facts")["errors"]


def test_a_file_is_needed(calls) -> None:
    caller = calls("resident")

    for answer in (
        send(caller, picture(), field="other"),
        caller.client.post("/api/v1/uploads", {}, headers=caller.headers()),
    ):
        assert list(is_problem(answer, 422, "invalid-facts")["errors"]) == ["file"]


def test_a_broken_form_is_refused(calls) -> None:
    caller = calls("resident")

    answer = caller.post("/uploads", b"nonsense", content_type="multipart/form-data; boundary=x")

    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"


def test_a_file_of_another_community_cannot_be_named(here, elsewhere, calls) -> None:
    theirs = send(calls("resident", elsewhere), picture()).json()["uuid"]
    facts = {"text": "x", "pictures": [theirs]}

    answer = calls("resident").post("/matters", REPORT | {"facts": facts})

    assert list(is_problem(answer, 422, "invalid-facts")["errors"]) == ["pictures"]
