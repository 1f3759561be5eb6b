"""Photographs and scans: the pixels, and nothing else."""

import threading
import warnings
from io import BytesIO

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from referral.files.rebuilding.rebuilt import Rebuilt, Unfit
from referral.files.workflow import Reason, Removal

#: A page of A4 at 600 dpi has 35 million.
MOST_PIXELS = 60_000_000
QUALITY = 92
PNG_END = b"IEND\xaeB`\x82"
JPG_END = b"\xff\xd9"
_LOADING = threading.Lock()


def rebuild_jpg(data: bytes) -> Rebuilt:
    hidden = not data.rstrip(b"\0").endswith(JPG_END)
    return _rebuild(data, "JPEG", hidden=hidden, quality=QUALITY)


def rebuild_png(data: bytes) -> Rebuilt:
    return _rebuild(data, "PNG", hidden=not data.rstrip(b"\0").endswith(PNG_END), optimize=False)


def _rebuild(data: bytes, form: str, *, hidden: bool, **options: int) -> Rebuilt:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(data), formats=[form])
        if image.width * image.height > MOST_PIXELS:
            raise Unfit(Reason.TOO_MANY_PIXELS)
        _load_whole(image)
        told = bool(image.getexif()) or bool(set(image.info) & {"xmp", "comment", "photoshop"})
        told = told or bool(getattr(image, "text", None))
        pixels = ImageOps.exif_transpose(image).convert(_mode(image, form))
    except Image.DecompressionBombError as error:
        raise Unfit(Reason.TOO_MANY_PIXELS) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, KeyError) as error:
        raise Unfit(Reason.BROKEN) from error
    new = Image.new(pixels.mode, pixels.size)
    new.paste(pixels)
    written = BytesIO()
    new.save(written, form, **options)
    removed = [Removal.METADATA] * told + [Removal.HIDDEN] * hidden
    return Rebuilt(written.getvalue(), tuple(removed))


def _load_whole(image: Image.Image) -> None:
    """Half an image is none. WeasyPrint, in the same process, tells Pillow to take it for one."""
    with _LOADING:
        lenient = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            image.load()
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def _mode(image: Image.Image, form: str) -> str:
    """Grey stays grey; what shows through stays so where the format can say it."""
    if image.mode in {"1", "L"}:
        return "L"
    see_through = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    return "RGBA" if see_through and form == "PNG" else "RGB"
