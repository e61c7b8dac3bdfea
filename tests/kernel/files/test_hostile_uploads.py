"""Files sent to do harm: refused with a sentence, or stored as nothing but a picture or pages."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings as live
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, example, given
from hypothesis import settings as slow
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from linli.kernel.files import storing
from linli.kernel.files.images import clean_image
from linli.kernel.files.models import Upload
from linli.kernel.files.refusal import UploadRefused
from linli.kernel.files.storing import shown_name, store_upload


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def send(here, content: bytes, name: str = "photo.jpg") -> Upload:
    return store_upload(here.community, SimpleUploadedFile(name, content))


def stored(upload: Upload) -> bytes:
    return (Path(live.MEDIA_ROOT) / upload.path).read_bytes()


def nothing_is_stored() -> bool:
    return not Upload.objects.exists() and not any(
        path.is_file() for path in Path(live.MEDIA_ROOT).rglob("*")
    )


def encoded(form: str = "JPEG", size: tuple[int, int] = (40, 30), **more) -> bytes:
    out = BytesIO()
    image = Image.new("RGB", size, (10, 120, 200))
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 2), (250, 250, 0))
    image.save(out, form, **more)
    return out.getvalue()


def png(
    width: int, height: int, data: bytes = b"", extra: tuple[bytes, bytes] | None = None
) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    between = chunk(*extra) if extra else b""
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + between
        + chunk(b"IDAT", data or zlib.compress(b"\x00" * 100)) + chunk(b"IEND", b"")
    )  # fmt: skip


def zip_bomb() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 10_000_000)
    return out.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = {
    "a zip bomb": zip_bomb(),
    "SVG with a script": SVG,
    "SVG after a declaration": b'<?xml version="1.0"?>' + SVG,
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "a program": b"MZ\x90\x00" + b"\0" * 200,
    "a PostScript": b"%!PS-Adobe-3.0",
    "a TIFF": b"II*\x00" + b"\0" * 100,
    "a BMP": b"BM" + b"\0" * 100,
    "a GIF that is a script": b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)",
    "nothing but the first bytes of a JPEG": b"\xff\xd8\xff",
    "nothing but the first bytes of a PNG": b"\x89PNG\r\n\x1a\n",
    "nothing but the first bytes of a GIF": b"GIF89a",
    "nothing but the first bytes of a PDF": b"%PDF-1.7",
    "RIFF that is sound": b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\0" * 40,
    "an empty WebP": b"RIFF\x04\x00\x00\x00WEBP",
    "a PNG that says 50,000 × 50,000": png(50_000, 50_000),
    "a PNG that says 2³¹ pixels a side": png(2**31 - 1, 2**31 - 1),
    "a PNG with little data for its pixels": png(3000, 3000),
    "a PNG with a text that unpacks to 40 MB": png(
        10, 10, extra=(b"zTXt", b"k\0\0" + zlib.compress(b"\0" * 40_000_000, 9))
    ),
    "a PNG with a profile that unpacks to 40 MB": png(
        10, 10, extra=(b"iCCP", b"k\0\0" + zlib.compress(b"\0" * 40_000_000, 9))
    ),
    "a truncated JPEG": encoded(size=(400, 300))[:700],
}


def test_it_works(here) -> None:
    upload = send(here, encoded())

    assert (upload.kind, upload.content_type, upload.name) == ("image", "image/jpeg", "photo.jpg")
    assert stored(upload).startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_with_a_sentence_and_nothing_is_stored(here, what) -> None:
    with pytest.raises(UploadRefused) as refused:
        send(here, REFUSED[what])

    assert refused.value.sentence.endswith(("。", "."))
    assert nothing_is_stored()


@pytest.mark.parametrize("content", [png(50_000, 50_000), png(9_000, 9_000)])
def test_many_pixels_are_refused_before_they_are_decoded(here, content, monkeypatch) -> None:
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda self: pytest.fail("decoded"))
    with pytest.raises(UploadRefused):
        send(here, content)


def test_html_named_png_is_judged_by_what_it_is(here) -> None:
    with pytest.raises(UploadRefused):
        send(here, REFUSED["HTML"], "logo.png")


@pytest.mark.parametrize(
    "hidden", [b"<script>alert(1)</script>", zip_bomb()[:5000], b"%PDF-1.4 /JS"]
)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_what_hides_behind_a_picture_is_gone(here, form, hidden) -> None:
    content = stored(send(here, encoded(form) + hidden))

    assert hidden[:40] not in content
    assert content[-2:] == b"\xff\xd9" or content.endswith(b"IEND\xaeB`\x82")


def test_a_picture_that_is_also_a_script_is_only_a_picture(here) -> None:
    comment = b"*/=1;alert(document.domain);/*"
    content = stored(send(here, encoded("GIF", comment=comment)))

    assert comment not in content
    assert not content.startswith(b"GIF")


def test_the_place_and_the_camera_are_removed_and_the_picture_is_upright(here) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825)[2] = (30.0, 30.0, 30.0)
    for form in ("JPEG", "PNG", "WEBP"):
        content = stored(send(here, encoded(form, exif=exif)))
        with Image.open(BytesIO(content)) as image:
            assert (image.size, dict(image.getexif())) == ((30, 40), {})
            # What was the upper left corner is the upper right one.
            assert image.convert("RGB").getpixel((25, 5))[2] < 100
        assert b"Secret" not in content
        assert b"Exif" not in content


def test_a_moving_picture_stands_still(here) -> None:
    frames = [Image.new("P", (20, 20), colour) for colour in (1, 2, 3)]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], loop=0)
    with Image.open(BytesIO(stored(send(here, out.getvalue())))) as image:
        assert getattr(image, "n_frames", 1) == 1


def test_transparency_stays_and_the_thumbnail_lies_on_white(here) -> None:
    out = BytesIO()
    Image.new("RGBA", (30, 30), (255, 0, 0, 0)).save(out, "PNG")
    upload = send(here, out.getvalue())

    assert upload.content_type == "image/png"
    with Image.open(Path(live.MEDIA_ROOT) / upload.thumbnail_path) as small:
        assert small.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGB", "RGBA", "CMYK"])
def test_every_kind_of_pixels_comes_out_as_it_looked(here, mode) -> None:
    out = BytesIO()
    if mode == "I;16":
        image = Image.new("I;16", (20, 20), 65535 // 2)
    else:
        image = Image.new("L", (20, 20), 255 if mode == "1" else 128).convert(mode)
    image.save(out, "JPEG" if mode == "CMYK" else "PNG")
    with Image.open(BytesIO(stored(send(here, out.getvalue())))) as image:
        grey = image.convert("L").resize((1, 1)).getpixel((0, 0))
    assert grey == 255 if mode == "1" else 118 <= grey <= 138


def test_a_large_picture_is_made_smaller(here) -> None:
    with Image.open(BytesIO(stored(send(here, encoded(size=(6000, 3000)))))) as image:
        assert image.size == (2560, 1280)


def test_an_empty_file_and_one_too_large_are_refused(here, settings) -> None:
    for content in (b"", b"\xff\xd8\xff" + b"\0" * (16 * 1024 * 1024)):
        with pytest.raises(UploadRefused):
            send(here, content)
    assert nothing_is_stored()


def test_no_more_than_the_limit_is_ever_read(here, settings) -> None:
    settings.UPLOAD_MAX_BYTES = 1000

    class Endless(BytesIO):
        asked = 0

        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert 0 < size <= 1001
            return b"\xff" * size

    with pytest.raises(UploadRefused):
        store_upload(here.community, Endless())


@slow(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["JPEG", "PNG", "GIF", "WEBP"]), st.data())
def test_damage_anywhere_is_refused_or_harmless(form: str, data) -> None:
    content = bytearray(encoded(form, size=(24, 18)))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(content)))
    try:
        clean, _kind, _ending = clean_image(bytes(content[:cut]))
    except UploadRefused:
        return
    with Image.open(BytesIO(clean)) as image:
        image.load()


# --- names -----------------------------------------------------------------------------------
@pytest.mark.parametrize("name", [
    "../../x", "/etc/passwd", "..\\..\\x", "a\x00.php", "x" * 300, "evil\u202egpj.exe", ".", "..",
    "", " ", "con", "\ud800.jpg", "a\r\nSet-Cookie: x=1", "<script>.png", "名字.png", ".htaccess",
    "x.php.jpg", "'; DROP TABLE", "\u200b\u2066",
])  # fmt: skip
def test_tricks_with_names_come_to_nothing(here, name) -> None:
    upload = store_upload(here.community, _Named(encoded(), name))

    assert upload.name.endswith(".jpg")
    assert 4 < len(upload.name) <= 120
    assert not set(upload.name) & set("/\\\x00\r\n<>;'\" \u202e\u2066\u200b\ud800")
    assert not upload.name.startswith(".")
    assert (Path(live.MEDIA_ROOT) / upload.path).resolve().is_relative_to(live.MEDIA_ROOT)
    assert str(upload.uuid) in upload.path


class _Named(BytesIO):
    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name


@given(st.text(max_size=400))
@example("....")
@example("-._")
def test_any_name_becomes_a_plain_one(name: str) -> None:
    plain = shown_name(name, "png")

    assert plain.endswith(".png")
    assert len(plain) <= 104
    assert all(letter.isalnum() or letter in "-_." for letter in plain)


# --- the scanner (documents: test_hostile_pdfs) ---------------------------------------------
@pytest.mark.parametrize(
    "command", ["false", "/nowhere/scanner --quiet", "sleep 30", "sh -c 'kill -9 $$'"]
)
def test_without_the_scanner_s_word_nothing_is_stored(here, settings, monkeypatch, command) -> None:
    settings.UPLOAD_SCANNER = command
    monkeypatch.setattr(storing, "SCAN_SECONDS", 0.3)
    with pytest.raises(UploadRefused):
        send(here, encoded())
    assert nothing_is_stored()


def test_the_scanner_sees_the_file_as_it_was_sent(here, settings, tmp_path) -> None:
    copy = tmp_path / "seen"
    settings.UPLOAD_SCANNER = f"sh -c 'cat \"$1\" > {copy}' scan"
    content = encoded()
    send(here, content)

    assert copy.read_bytes() == content


# --- nothing half done -------------------------------------------------------------------------
def test_when_the_row_cannot_be_written_no_file_stays(here, monkeypatch) -> None:
    def full(*args, **kwargs):
        raise OSError("no space")

    monkeypatch.setattr(Upload, "save", full)
    with pytest.raises(OSError, match="no space"):
        send(here, encoded())
    assert nothing_is_stored()


def test_when_the_disk_is_full_no_half_file_stays(here, monkeypatch) -> None:
    def full(*args):
        raise OSError("no space")

    monkeypatch.setattr(storing.os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        send(here, encoded())
    assert nothing_is_stored()
