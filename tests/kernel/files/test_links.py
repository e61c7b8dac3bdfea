"""Files are served by signed links that end, each made for who may see the file."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client

from linli.kernel.events.timeline import timeline
from linli.kernel.files import links
from linli.kernel.files.links import HOUR, WEEK, link_to, read_link
from linli.kernel.files.models import Upload
from linli.kernel.files.storing import store_upload
from linli.kernel.matters.models import Attachment, Matter
from linli.kernel.procedures.performing import perform
from tests.kernel.files.made import a_pdf
from tests.pictures import picture


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def solved(here) -> Matter:
    """A public matter with a picture for the parties and one for everyone."""
    one, other = (str(store_upload(here.community, picture()).uuid) for _ in range(2))
    matter = here.at_stage("in_hand", pictures=[one])
    perform(matter, "solve", by=here.handler, facts={"text": "修好了。", "after": [other]})
    matter.refresh_from_db()
    return matter


def attached(matter: Matter, purpose: str) -> Attachment:
    return Attachment.objects.select_related("upload").get(matter=matter, purpose=purpose)


def get(url: str, **more: Any) -> Any:
    return Client().get(url, **more)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_it_works(here, solved) -> None:
    for purpose, reader in (("report", "private"), ("after", "public")):
        file = attached(solved, purpose)
        answer = get(link_to(file))

        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Cache-Control"] == f"{reader}, max-age=3600"
        assert len(body(answer)) == file.upload.size


def test_the_thumbnail_is_smaller_than_the_picture(here, settings) -> None:
    upload = store_upload(here.community, picture(size=(900, 900)))
    whole, small = body(get(link_to(upload))), body(get(link_to(upload, "small")))

    assert small.startswith(b"\xff\xd8\xff")
    assert len(small) < len(whole) == upload.size


def test_a_document_is_saved_and_has_no_thumbnail(here) -> None:
    upload = store_upload(here.community, a_pdf("../合同.pdf"))
    answer = get(link_to(upload, "small"))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%90%88")
    assert body(answer).startswith(b"%PDF-")


def test_nothing_in_a_file_can_run(solved) -> None:
    answer = get(link_to(attached(solved, "report")))

    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Content-Disposition"] == 'inline; filename="picture.jpg"'


def test_a_browser_that_has_it_is_told_so(solved) -> None:
    url = link_to(attached(solved, "report"))
    tag = get(url)["ETag"]
    answer = get(url, headers={"If-None-Match": tag})

    assert (answer.status_code, answer["ETag"], answer.content) == (304, tag, b"")
    assert get(link_to(attached(solved, "report"), "small"))["ETag"] != tag


@pytest.mark.parametrize(
    "asked", ["bytes=0-9", "bytes=5-1", "bytes=999999-", "nonsense", "bytes=-0"]
)
def test_asked_for_a_part_it_sends_the_whole(solved, asked) -> None:
    file = attached(solved, "report")
    answer = get(link_to(file), headers={"Range": asked})

    assert (answer.status_code, answer["Accept-Ranges"]) == (200, "none")
    assert len(body(answer)) == file.upload.size


def test_head_answers_without_a_body_and_post_not_at_all(solved) -> None:
    url = link_to(attached(solved, "report"))
    head = Client().head(url)

    assert (head.status_code, body(head)) == (200, b"")
    assert Client().post(url).status_code == 405


def test_the_link_stays_the_same_within_the_hour(solved, monkeypatch) -> None:
    file = attached(solved, "report")
    start = 1_800_000_000 - 1_800_000_000 % HOUR
    made = []
    for now in (start, start + HOUR - 1, start + HOUR):
        monkeypatch.setattr(time, "time", lambda now=now: now)
        made.append(link_to(file))

    assert made[0] == made[1] != made[2]


@pytest.mark.parametrize(("purpose", "lives", "ends"), [
    ("report", 2 * HOUR, 3 * HOUR + 1), ("after", 3 * WEEK, 4 * WEEK + 1),
])  # fmt: skip
def test_a_link_ends(solved, monkeypatch, purpose, lives, ends) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    url = link_to(attached(solved, purpose))
    monkeypatch.setattr(time, "time", lambda: now + lives)
    assert get(url).status_code == 200
    monkeypatch.setattr(time, "time", lambda: now + ends)
    answer = get(url)

    assert answer.status_code == 404
    assert answer["Cache-Control"] == "no-store"
    assert "此文件" in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


def test_every_change_of_a_letter_is_noticed(solved) -> None:
    url = link_to(attached(solved, "report"))
    signed = url.removeprefix("/files/")
    for place in range(len(signed)):
        other = "A" if signed[place] != "A" else "B"
        assert read_link(signed[:place] + other + signed[place + 1 :]) is None, place


def test_a_link_for_one_reader_or_size_is_none_for_another(solved) -> None:
    signed = link_to(attached(solved, "report"), "small").removeprefix("/files/")

    assert read_link(signed.replace("shown.", "public.")) is None
    assert read_link(signed.replace(".small.", ".full.")) is None


@pytest.mark.parametrize("url", [
    "/files/x", "/files/shown.full.x", "/files/..", "/files/shown.full.%00.x.y", "/files/" + "a" * 5000,
    "/files/shown", "/files/public..", "/files/%ED%A0%80",
])  # fmt: skip
def test_nonsense_gets_a_page_and_never_a_failure(here, url) -> None:
    answer = get(url)

    assert answer.status_code in (404, 400)
    assert "<h1>" in answer.content.decode()


def test_what_is_withdrawn_from_the_public_is_gone_though_the_link_lives(here, solved) -> None:
    file = attached(solved, "after")
    url = link_to(file)
    Matter.objects.filter(pk=solved.pk).update(audience="staff")

    assert get(url).status_code == 404
    file.matter.refresh_from_db()
    assert get(link_to(file)).status_code == 200  # whoever may still see it gets another link
    assert link_to(file) != url


def test_a_file_lost_from_the_disk_is_a_page_and_a_line_in_the_log(solved, caplog) -> None:
    file = attached(solved, "report")
    from pathlib import Path

    from django.conf import settings

    (Path(settings.MEDIA_ROOT) / file.upload.path).unlink()

    assert get(link_to(file)).status_code == 404
    assert str(file.upload.uuid) in caplog.text


def test_a_path_that_leaves_the_uploads_is_never_opened(here, settings) -> None:
    upload = store_upload(here.community, picture())
    Upload.objects.filter(pk=upload.pk).update(path="../../etc/passwd")

    assert Client(raise_request_exception=False).get(link_to(upload)).status_code in (400, 404)


def test_serving_costs_one_query(solved, django_assert_num_queries) -> None:
    for purpose in ("report", "after"):
        url = link_to(attached(solved, purpose))
        with django_assert_num_queries(1):
            get(url)


def test_links_of_a_timeline_cost_no_query(here, solved, django_assert_num_queries) -> None:
    entries = timeline(solved, here.resident)
    files = [file for entry in entries for file in entry.attachments]

    with django_assert_num_queries(0):
        made = [link_to(file) for file in files]
    assert [url.split(".")[0] for url in made] == ["/files/shown", "/files/public"]


def test_pages_link_what_their_reader_may_see(here, solved) -> None:
    report, after = attached(solved, "report"), attached(solved, "after")
    board = get(f"/board/{solved.number}/").content.decode()
    client = Client()
    client.force_login(here.resident)
    own = client.get(f"/matters/{solved.number}/").content.decode()

    assert link_to(after, "small") in board
    assert report.upload.uuid.hex not in board
    for file in (report, after):
        assert link_to(file) in own
        assert link_to(file, "small") in own


def test_other_keys_sign_other_links(here, settings) -> None:
    upload = store_upload(here.community, picture())
    url = link_to(upload)
    settings.SECRET_KEY = "another"

    assert links.read_link(url.removeprefix("/files/")) is None
