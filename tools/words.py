"""Gathers every sentence of the pages for translation: python -m tools.words.

Reads Python and templates, without the gettext package; keeps the translations there are, adds
what is new with an empty translation, and prints what has none.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po

from tools.paths import HOUSES, ROOT

CATALOGUE = ROOT / "referral" / "locale" / "nl" / "LC_MESSAGES" / "django.po"
HEADER = """\
# Dutch, the first language of Baken.
msgid ""
msgstr ""
"Language: nl\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
#: An action of the trail is shown in words: `case_opened` as "Case opened".
ACTION = re.compile(r"\b(?:record|record_each|record_refusal|Line)\(\s*(?:action=)?\"([a-z]\w+)\"")
PLACE = re.compile(r"%(?:\((\w+)\))?[-+ #0]*\d*(?:\.\d+)?[sdf]|\{(\w*)[^{}]*\}")
Identity = tuple[str | None, str]


def sources() -> Iterator[tuple[Path, str]]:
    """Each Python file and template, with its text as Python code."""
    # Django's settings must be there first.
    from django.utils.translation.template import templatize  # noqa: PLC0415

    for house in HOUSES:
        for path in sorted((ROOT / house).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text()
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            code = templatize(path.read_text(), origin=str(path))
            # Python minds how far a line is indented; a template does not.
            yield path, "\n".join(line.lstrip() for line in code.splitlines())


def found() -> Catalog:
    """Every sentence of the house."""
    catalogue = Catalog(locale="nl")
    for path, code in sources():
        for line, words, _notes, context in extract(
            "python", io.BytesIO(code.encode()), keywords=KEYWORDS
        ):
            catalogue.add(words, context=context, locations=[(path.name, line)])
        for action in ACTION.findall(code):
            catalogue.add(action.replace("_", " ").capitalize())
    return catalogue


def kept() -> Catalog:
    """The translations there are."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="nl")


def identity(message: Message) -> Identity:
    """What tells one sentence from another: its context, and its first form."""
    words = message.id if isinstance(message.id, str) else message.id[0]
    return message.context, words


def by_identity(catalogue: Catalog) -> dict[Identity, Message]:
    """The sentences without the header, which is the sentence that says nothing."""
    return {identity(message): message for message in catalogue if message.id}


def is_translated(message: Message | None) -> bool:
    """Whether each form has words."""
    if message is None or not message.string:
        return False
    forms = [message.string] if isinstance(message.string, str) else list(message.string)
    return all(forms)


def places(text: str) -> set[str]:
    """Where values are filled in; `%%` is a per cent sign."""
    return {match.group(0) for match in PLACE.finditer(text.replace("%%", ""))}


def missing() -> list[Message]:
    """What has no translation yet."""
    there = by_identity(kept())
    return [m for key, m in by_identity(found()).items() if not is_translated(there.get(key))]


def write() -> list[Message]:
    """Add what is new to the catalogue, and return what has no translation."""
    catalogue, without = kept(), missing()
    there = by_identity(catalogue)
    new = [message for message in without if identity(message) not in there]
    for message in new:
        catalogue.add(message.id, context=message.context)
    if not new:
        return without
    unfinished = CATALOGUE.with_suffix(".po.new")
    with unfinished.open("wb") as out:
        out.write(HEADER.encode())
        write_po(out, catalogue, no_location=True, omit_header=True, width=100)
    unfinished.replace(CATALOGUE)
    return without


def main() -> int:
    """Write the catalogue, print what is missing; 1 when something is."""
    import django  # noqa: PLC0415

    django.setup()
    without = write()
    for message in without:
        where = ", ".join(sorted({place for place, _line in message.locations}))
        print(f"{identity(message)[1]!r} ({where})")
    print(f"{len(without)} sentences have no Dutch translation")
    return 1 if without else 0


if __name__ == "__main__":
    sys.exit(main())
