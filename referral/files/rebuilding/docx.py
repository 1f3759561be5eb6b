"""Word documents: a packed folder of which each part is known, read as XML and written again."""

import re
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath

from lxml import etree

from referral.files.rebuilding.images import rebuild_jpg, rebuild_png
from referral.files.rebuilding.rebuilt import Rebuilt, Unfit
from referral.files.workflow import Reason, Removal

MOST_PARTS = 2000
LARGEST_UNPACKED = 150_000_000
#: Text packs to a tenth; only what is made to burst packs to a thousandth.
MOST_TIMES, FREE = 200, 1_000_000
NEEDED = {"[Content_Types].xml", "word/document.xml"}
READ_AS_XML = {".xml", ".rels"}
IMAGES = {".jpg": rebuild_jpg, ".jpeg": rebuild_jpg, ".png": rebuild_png}
MACROS = re.compile(r"vba|macro|activex|oleobject|control\d", re.IGNORECASE)
COMMAND = re.compile(r"\bDDE(AUTO)?\b|\bMACROBUTTON\b", re.IGNORECASE)
FETCHES = re.compile(r"\bINCLUDE(PICTURE|TEXT)\b", re.IGNORECASE)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: A link that opens when somebody follows it is no fetching by itself.
LINK = "/hyperlink"
EMPTY_PROPERTIES = {
    "docProps/core.xml": (
        b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        b'core-properties"/>'
    ),
    "docProps/app.xml": (
        b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'extended-properties"/>'
    ),
    "docProps/custom.xml": (
        b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'custom-properties"/>'
    ),
}
EARLIEST = (1980, 1, 1, 0, 0, 0)


def rebuild_docx(data: bytes) -> Rebuilt:
    """A new folder with the same parts, each read and written again, without who wrote it."""
    removed: dict[Removal, None] = {}
    written = BytesIO()
    try:
        with (
            zipfile.ZipFile(BytesIO(data)) as old,
            zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for part in _checked(old):
                content, less = _part(part.filename, old.read(part))
                removed.update(dict.fromkeys(less))
                new.writestr(
                    zipfile.ZipInfo(part.filename, EARLIEST), content, zipfile.ZIP_DEFLATED
                )
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise Unfit(Reason.BROKEN) from error
    except etree.XMLSyntaxError as error:
        raise Unfit(Reason.BROKEN) from error
    except zlib.error as error:
        raise Unfit(Reason.BROKEN) from error
    return Rebuilt(written.getvalue(), tuple(removed))


def _checked(folder: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The parts, none of which is unpacked before all have been looked at."""
    parts = [part for part in folder.infolist() if not part.is_dir()]
    names = [part.filename for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise Unfit(Reason.PASSWORD)
    if not set(names) >= NEEDED or len(set(names)) < len(names):
        raise Unfit(Reason.OTHER_KIND)
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    too_dense = unpacked > FREE and unpacked > MOST_TIMES * packed
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or too_dense:
        raise Unfit(Reason.BOMB)
    for name in names:
        _check_name(name)
    return parts


def _check_name(name: str) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        raise Unfit(Reason.BROKEN)
    if MACROS.search(name):
        raise Unfit(Reason.MACROS)
    if path.suffix.lower() not in {*READ_AS_XML, *IMAGES}:
        raise Unfit(Reason.INSIDE)


def _part(name: str, content: bytes) -> tuple[bytes, tuple[Removal, ...]]:
    if name in EMPTY_PROPERTIES:
        return EMPTY_PROPERTIES[name], (Removal.AUTHORS,)
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in IMAGES:
        image = IMAGES[suffix](content)
        return image.data, image.removed
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    tree = etree.fromstring(content, parser).getroottree()
    if tree.docinfo.doctype:
        raise Unfit(Reason.OUTSIDE)
    _check_tree(name, tree)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True), ()


def _check_tree(name: str, tree: "etree._ElementTree") -> None:
    root = tree.getroot()
    if name == "[Content_Types].xml" and MACROS.search(" ".join(_attributes(root, "ContentType"))):
        raise Unfit(Reason.MACROS)
    if name.endswith(".rels"):
        for one in root:
            outside = one.get("TargetMode", "").lower() == "external"
            if outside and not one.get("Type", "").endswith(LINK):
                raise Unfit(Reason.OUTSIDE)
    said = "".join(text.text or "" for text in root.iter(f"{WORD}instrText"))
    said += " ".join(one.get(f"{WORD}instr", "") for one in root.iter(f"{WORD}fldSimple"))
    if COMMAND.search(said):
        raise Unfit(Reason.MACROS)
    if FETCHES.search(said):
        raise Unfit(Reason.OUTSIDE)


def _attributes(root: "etree._Element", name: str) -> list[str]:
    return [one.get(name, "") for one in root.iter()]
