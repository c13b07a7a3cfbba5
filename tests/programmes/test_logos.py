"""Logos: what is taken, what is refused, and that nothing of the file is kept."""

import io
import random
import struct
import zipfile
import zlib

import pytest
from PIL import Image, PngImagePlugin

from programmes.logos import LARGEST_UPLOAD, NotALogo, redraw
from programmes.models import AuthorityLogo

UNREADABLE = "This is not a PNG, JPEG or WebP picture that we can read."
MORE = "There is more in this file than a picture. Please save it anew."


def _picture(format: str = "PNG", size=(60, 40), mode: str = "RGB", **how) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, 7).save(file, format, **how)
    return file.getvalue()


def _read(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png))
    picture.load()
    return picture


def _refusal(data: bytes) -> str:
    with pytest.raises(NotALogo) as refused:
        redraw(data)
    return str(refused.value)


def _chunk(kind: bytes, data: bytes) -> bytes:
    checked = kind + data
    return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))


def _png_that_says(width: int, height: int) -> bytes:
    """A picture of a few bytes that claims a size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + body + _chunk(b"IEND", b"")


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_each_kind_is_drawn_anew_as_png(format):
    drawn = _read(redraw(_picture(format)))
    assert (drawn.format, drawn.size, drawn.mode) == ("PNG", (60, 40), "RGBA")


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
def test_every_way_of_holding_colours_is_read(mode):
    assert _read(redraw(_picture(mode=mode))).mode == "RGBA"


def test_a_jpeg_for_print_is_read():
    assert _read(redraw(_picture("JPEG", mode="CMYK"))).mode == "RGBA"


def test_a_transparent_ground_stays_transparent():
    file = io.BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(file, "PNG")
    assert _read(redraw(file.getvalue())).getpixel((0, 0))[3] == 0


@pytest.mark.parametrize(
    ("size", "shown"), [((800, 320), (400, 160)), ((100, 1600), (10, 160)), ((30, 20), (30, 20))]
)
def test_a_large_picture_is_made_small_and_keeps_its_shape(size, shown):
    assert _read(redraw(_picture(size=size))).size == shown


def test_a_picture_that_lies_on_its_side_is_put_upright():
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turned by a quarter
    Image.new("RGB", (60, 40)).save(file, "JPEG", exif=exif)
    assert _read(redraw(file.getvalue())).size == (40, 60)


# --- nothing of the file is kept


def test_words_and_places_in_the_file_stay_behind():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "canary-in-a-comment")
    info.add_itxt("XML:com.adobe.xmp", "<x>canary-in-xmp</x>", zip=True)
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "canary-in-exif"
    Image.new("RGB", (8, 8)).save(file, "PNG", pnginfo=info, exif=exif, icc_profile=b"canary" * 9)
    drawn = redraw(file.getvalue())
    assert (b"canary" in file.getvalue(), b"canary" in drawn) == (True, False)
    assert set(_read(drawn).info) == set()


def test_the_bytes_are_ours():
    sent = _picture("PNG", compress_level=1)
    assert redraw(sent) != sent


def test_a_picture_with_an_archive_inside_comes_out_without_it():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("canary.html", "<script>alert(1)</script>")
    png = _picture()
    at = png.index(b"IDAT") - 4
    polyglot = png[:at] + _chunk(b"prVt", archive.getvalue()) + png[at:]
    assert zipfile.is_zipfile(io.BytesIO(polyglot))
    assert not zipfile.is_zipfile(io.BytesIO(redraw(polyglot)))


def test_a_page_inside_a_comment_of_a_jpeg_comes_out_without_it():
    sent = _picture("JPEG", comment=b"<script>alert(1)</script>")
    assert (b"<script>" in sent, b"<script>" in redraw(sent)) == (True, False)


# --- refused


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", b"PK\x03\x04", b"%PDF-1.7"])
def test_a_picture_with_something_behind_it_is_refused(format, tail):
    assert _refusal(_picture(format) + tail) == MORE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7\n",
        b"PK\x03\x04",
        b"<html><body>hello</body></html>",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"RIFF\x10\0\0\0WEBPVP8 ",
    ],
)
def test_what_is_no_picture_of_ours_is_refused(data):
    assert _refusal(data) == UNREADABLE


@pytest.mark.parametrize("format", ["GIF", "BMP", "TIFF", "ICO", "PDF", "EPS"])
def test_other_kinds_are_refused_whatever_they_hold(format):
    assert _refusal(_picture(format)) == UNREADABLE


def test_a_file_that_is_cut_short_is_refused():
    png = _picture(size=(200, 200))
    assert _refusal(png[: len(png) // 2]) in (UNREADABLE, MORE)


def test_a_bomb_is_refused_by_the_size_that_it_claims():
    """Refused from its header: nothing of it is unpacked."""
    assert _refusal(_png_that_says(20_000, 2_000)) == (
        "This picture has too many pixels. Please save a smaller one."
    )
    assert _refusal(_png_that_says(60_000, 60_000)) == UNREADABLE
    assert _refusal(_png_that_says(2**31 - 1, 2**31 - 1)) == UNREADABLE


def test_a_bomb_of_words_is_refused():
    words = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * 80_000_000))
    png = _picture()
    at = png.index(b"IDAT") - 4
    assert _refusal(png[:at] + words + png[at:]) == UNREADABLE


def test_a_file_that_is_too_large_is_refused_before_it_is_read():
    assert _refusal(_picture() + b"\0" * LARGEST_UPLOAD) == (
        "This file is larger than 2 MB. Please save a smaller one."
    )


def test_whatever_is_wrong_with_a_file_the_answer_is_a_refusal():
    """Broken at random, always in the same way: never another error than `NotALogo`."""
    chance = random.Random(1)
    whole = [_picture(format, size=(40, 40)) for format in ("PNG", "JPEG", "WEBP")]
    answers = set()
    for _ in range(1500):
        data = bytearray(chance.choice(whole))
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            answers.add(type(redraw(bytes(data))))
        except NotALogo:
            answers.add(NotALogo)
    assert answers == {bytes, NotALogo}


# --- shown


def test_a_logo_is_shown_to_members_alone(cast, client_of):
    png = redraw(_picture())
    AuthorityLogo.objects.create(authority=cast.authority, png=png)
    answer = client_of(cast.practitioner).get("/own/logo.png")
    assert (answer.content, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        *(png, "image/png", "nosniff"),
    )
    assert client_of(cast.outsider).get("/own/logo.png").status_code == 404


def test_without_a_logo_there_is_none(cast, practitioner):
    assert practitioner.get("/own/logo.png").status_code == 404
