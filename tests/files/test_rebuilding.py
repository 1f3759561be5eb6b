"""What a file shows stays; what it hides, does or fetches goes, or the file is refused."""

import zipfile
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from referral.files.rebuilding import Unfit, images, rebuild
from referral.files.workflow import Kind, Reason, Removal
from tests.attachments.files import OUTSIDE, document, letter, photograph


@pytest.mark.parametrize(("kind", "form"), [(Kind.JPG, "JPEG"), (Kind.PNG, "PNG")])
def test_an_image_keeps_its_pixels_and_loses_where_it_was_taken_and_what_hides_behind_it(
    kind, form
):
    polyglot = photograph(form, place=True) + letter()

    rebuilt = rebuild(kind, polyglot)

    image = Image.open(BytesIO(rebuilt.data))
    assert (image.format, image.size, dict(image.getexif())) == (form, (60, 40), {})
    assert image.convert("RGB").getpixel((5, 5))[0] > 190
    assert b"Canary" not in rebuilt.data
    assert b"word/document.xml" not in rebuilt.data
    assert rebuilt.removed == (Removal.METADATA, Removal.HIDDEN)
    assert rebuild(kind, photograph(form)).removed == ()


def test_a_photograph_stands_upright_as_the_camera_said():
    written = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("L", (60, 40)).save(written, "JPEG", exif=exif)

    assert Image.open(BytesIO(rebuild(Kind.JPG, written.getvalue()).data)).size == (40, 60)


def test_what_shows_through_still_does():
    written = BytesIO()
    Image.new("RGBA", (4, 4), (1, 2, 3, 0)).save(written, "PNG")

    assert Image.open(BytesIO(rebuild(Kind.PNG, written.getvalue()).data)).mode == "RGBA"


def test_a_document_keeps_its_pages_and_loses_what_acts_and_what_it_carries():
    rebuilt = rebuild(Kind.PDF, document(script=True, inside=True))

    with pikepdf.open(BytesIO(rebuilt.data)) as new:
        assert new.pages[0].Contents.read_bytes() == b"0 0 100 100 re f"
        assert set(new.Root.keys()) == {"/Type", "/Pages"}
        assert "/A" not in new.pages[0].Annots[0]
        assert not new.attachments
        everything = new.Root.unparse() + b"".join(one.unparse() for one in new.objects)
    assert b"canary" not in everything
    assert rebuilt.removed == (Removal.SCRIPTS, Removal.FILES)


def test_a_word_document_keeps_its_text_and_loses_its_author():
    image = photograph(place=True)
    rebuilt = rebuild(Kind.DOCX, letter(text="Words.", word__media__image1_jpg=image))

    with zipfile.ZipFile(BytesIO(rebuilt.data)) as folder:
        assert b"Words." in folder.read("word/document.xml")
        assert b"Canary" not in b"".join(folder.read(name) for name in folder.namelist())
    assert rebuilt.removed == (Removal.AUTHORS, Removal.METADATA)


FIELD = "<w:instrText>DDEAUTO c:\\a.exe</w:instrText>"
FETCH = "<w:instrText>INCLUDEPICTURE http://elsewhere.example</w:instrText>"
ENTITY = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
HARMFUL = {
    "half a photograph": (Kind.JPG, photograph(size=(900, 900))[:4000], Reason.BROKEN),
    "an image in name only": (Kind.PNG, b"\x89PNG\r\n\x1a\n" + b"no image", Reason.BROKEN),
    "half a document": (Kind.PDF, document()[:200], Reason.BROKEN),
    "a broken document": (Kind.PDF, b"%PDF-1.7\nnothing\n%%EOF", Reason.BROKEN),
    "a document with a password": (Kind.PDF, document(password="secret"), Reason.PASSWORD),
    "a folder that is no letter": (Kind.DOCX, letter()[:-30], Reason.BROKEN),
    "half a letter": (Kind.DOCX, b"PK\x03\x04 nothing", Reason.BROKEN),
    "macros": (Kind.DOCX, letter(word__vbaProject_bin=b"a"), Reason.MACROS),
    "a command in a field": (Kind.DOCX, letter(text=FIELD), Reason.MACROS),
    "a picture from elsewhere": (Kind.DOCX, letter(text=FETCH), Reason.OUTSIDE),
    "a template from elsewhere": (
        Kind.DOCX, letter(word___rels__document_xml_rels=OUTSIDE), Reason.OUTSIDE,
    ),
    "an entity": (Kind.DOCX, letter(word__a_xml=ENTITY), Reason.OUTSIDE),
    "a file inside": (Kind.DOCX, letter(word__embeddings__a_xlsx=b"a"), Reason.INSIDE),
    "a bomb": (Kind.DOCX, letter(word__a_xml=b" " * 5_000_000), Reason.BOMB),
    "a way out of the folder": (Kind.DOCX, letter(___xml="<a/>", **{"..__a_xml": "<a/>"}), Reason.BROKEN),
}  # fmt: skip


@pytest.mark.parametrize("case", HARMFUL)
def test_what_cannot_be_made_safe_is_refused_with_its_reason(case):
    kind, data, reason = HARMFUL[case]

    with pytest.raises(Unfit) as refused:
        rebuild(kind, data)

    assert refused.value.reason == reason
    assert str(reason.label).endswith(".")


def test_an_image_that_would_fill_the_memory_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(images, "MOST_PIXELS", 60 * 40 - 1)
    with pytest.raises(Unfit) as refused:
        rebuild(Kind.PNG, photograph("PNG"))
    assert refused.value.reason == Reason.TOO_MANY_PIXELS
