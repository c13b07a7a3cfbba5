"""An authority's logo: read with suspicion, drawn anew, and nothing of the file kept."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_UPLOAD = 2 * 1024 * 1024  # bytes
LARGEST_PICTURE = 24_000_000  # pixels: what a good camera takes; unpacked it is 96 MB
SHOWN_AT_MOST = (400, 160)  # pixels: twice the size on the page, for sharp screens

# What Pillow raises on a file that is broken, hostile or no picture at all.
_UNREADABLE = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    OSError,
    SyntaxError,
    ValueError,
    OverflowError,
    MemoryError,
)


class NotALogo(Exception):
    """Why we do not take this file, in words for the person who sent it."""


def redraw(data: bytes) -> bytes:
    """A small PNG of the picture in `data`, without anything else that the file carried."""
    if len(data) > LARGEST_UPLOAD:
        raise NotALogo("This file is larger than 2 MB. Please save a smaller one.")
    try:
        # Pillow looks at the content; what the file calls itself counts for nothing.
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as picture:
            if picture.width * picture.height > LARGEST_PICTURE:
                raise NotALogo("This picture has too many pixels. Please save a smaller one.")
            if not _ends_with_the_picture(data, picture.format or ""):
                raise NotALogo("There is more in this file than a picture. Please save it anew.")
            return _png(picture)
    except _UNREADABLE as error:
        raise NotALogo("This is not a PNG, JPEG or WebP picture that we can read.") from error


def _ends_with_the_picture(data: bytes, format: str) -> bool:
    """False where something else, such as a page or an archive, hangs on behind the picture."""
    match format:
        case "PNG":
            return data.endswith(b"IEND\xaeB`\x82")
        case "JPEG":
            return data.rstrip(b"\0").endswith(b"\xff\xd9")
        case _:  # WebP: a RIFF container that says how long it is
            return int.from_bytes(data[4:8], "little") + 8 == len(data)


def _png(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    upright.thumbnail(SHOWN_AT_MOST, Image.Resampling.LANCZOS)
    # Onto a new sheet: colour profiles, comments and places where it was taken stay behind.
    sheet = Image.new("RGBA", upright.size)
    sheet.paste(upright)
    file = io.BytesIO()
    sheet.save(file, format="PNG", optimize=True)
    return file.getvalue()
