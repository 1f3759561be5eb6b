"""Documents: the pages with what they show, without anything that acts."""

from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import Dictionary

from referral.files.rebuilding.rebuilt import Rebuilt, Unfit
from referral.files.workflow import Reason, Removal

MOST_PAGES = 2000
MOST_OBJECTS = 500_000
#: What acts, wherever it stands (ISO 32000-2, 12.6): scripts, and actions on opening or a click.
ACTING = ("/JS", "/JavaScript", "/AA", "/OpenAction", "/A", "/PA", "/URI")
#: Of these the sender is told; the others also stand in links and in the marking of text.
TELLING = ("/JS", "/JavaScript", "/AA", "/OpenAction")
#: What carries a file or another program's data (7.11, 14.5, 12.7.8).
CARRYING = ("/EF", "/EmbeddedFiles", "/AF", "/FS", "/RF", "/XFA", "/PieceInfo")
#: Annotations that are only words and drawings; every other kind is left out.
HARMLESS = frozenset(
    {
        "/Text", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight",
        "/Underline", "/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Popup", "/Link",
        "/Widget",
    }
)  # fmt: skip


def rebuild_pdf(data: bytes) -> Rebuilt:
    """A new document with the pages of the old one; its catalogue, where what acts by itself
    stands, is not taken over.
    """
    if b"%%EOF" not in data[-1024:]:
        raise Unfit(Reason.BROKEN)
    try:
        with pikepdf.open(BytesIO(data), attempt_recovery=False) as old, pikepdf.new() as new:
            if not 0 < len(old.pages) <= MOST_PAGES or len(old.objects) > MOST_OBJECTS:
                raise Unfit(Reason.BROKEN)
            removed = _what_acts(old)
            new.pages.extend(old.pages)
            for page in new.pages:
                _keep_harmless(page.obj)
            for one in new.objects:
                _clear(one)
            written = BytesIO()
            new.save(written, deterministic_id=True)
    except pikepdf.PasswordError as error:
        raise Unfit(Reason.PASSWORD) from error
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, RecursionError) as error:
        raise Unfit(Reason.BROKEN) from error
    return Rebuilt(written.getvalue(), removed)


def _what_acts(old: pikepdf.Pdf) -> tuple[Removal, ...]:
    keys = {key for one in old.objects for place in _dictionaries(one) for key in place.keys()}  # noqa: SIM118
    found = []
    if "/Info" in old.trailer or "/Metadata" in keys:
        found.append(Removal.AUTHORS)
    if keys & set(TELLING):
        found.append(Removal.SCRIPTS)
    if keys & set(CARRYING):
        found.append(Removal.FILES)
    return tuple(found)


def _keep_harmless(page: pikepdf.Object) -> None:
    if "/Annots" in page:
        kept = [one for one in page.Annots if str(one.get("/Subtype", "")) in HARMLESS]
        page.Annots = pikepdf.Array(kept)


def _clear(one: pikepdf.Object) -> None:
    for place in _dictionaries(one):
        for key in (*ACTING, *CARRYING, "/Metadata"):
            if key in place:
                del place[key]


def _dictionaries(one: object) -> Iterator[pikepdf.Object]:
    """Its dictionary and those that stand in it; those that it refers to come by themselves."""
    waiting = [one]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, pikepdf.Stream):
            thing = thing.stream_dict
        if isinstance(thing, Dictionary):
            yield thing
            inside = [value for _key, value in thing.items()]
        elif isinstance(thing, pikepdf.Array):
            inside = list(thing)
        else:
            continue
        waiting += [value for value in inside if not getattr(value, "is_indirect", True)]
