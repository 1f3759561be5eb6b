"""Lists of persons as files: whatever the columns are called and whatever stands between them."""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from referral.lib import numbers
from referral.persons.rules.dates import NOT_KNOWN, month_comes_first, read_birth
from referral.persons.rules.facts import IdentityFacts

DELIMITERS = ",;\t|"
SEVERAL = re.compile(r"[;|/\n]|,(?!\d)")
#: Whoever writes these leaves the cell empty.
NOTHING = frozenset(["-", "n/a", "na", "none", "null", "unknown", "onbekend", "?", "nvt"])
COLUMNS: Mapping[str, str] = {
    "id": "id identifier identity key ref reference kenmerk record recordid nr no personid person"
    " persoonid persoon queryid knownid uid uuid code",
    "name": "name names fullname naam namen volledigenaam",
    "given": "given givenname givennames firstname firstnames forename forenames voornaam"
    " voornamen roepnaam first",
    "prefix": "prefix tussenvoegsel tussenvoegsels voorvoegsel middle middlename",
    "family": "family familyname lastname surname achternaam familienaam geslachtsnaam last",
    "aliases": "alias aliases aka othername othernames alsoknownas bijnaam bijnamen nickname"
    " alternativenames anderenamen",
    "birth": "birth birthdate dateofbirth dob birthday geboortedatum geboren gebdatum born"
    " birthyear yearofbirth geboortejaar",
    "phone": "phone phones phonenumber telephone tel mobile telefoon telefoonnummer mobiel gsm"
    " phone1",
    "v_number": "vnumber vnummer vnr vreemdelingennummer vno",
    "bsn": "bsn burgerservicenummer citizenservicenumber sofinummer",
    "numbers": "number numbers nummer nummers documents documentnumber documentnumbers ids",
}
MEANINGS = {heading: field for field, said in COLUMNS.items() for heading in said.split()}


class SheetRefused(ValueError):
    """A file that cannot be read as a list of persons; the sentence says why and where."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a list."""

    id: str
    facts: IdentityFacts


def read_sheet(content: bytes, *, warn: Callable[[str], object]) -> list[Line]:
    """Every person of a list, in its order; a birth date that says nothing is warned of.

    Raises SheetRefused.
    """
    rows = _rows(_text(content))
    header = _meanings(next(rows, []))
    cells = [(number, _cells(header, row)) for number, row in enumerate(rows, start=2) if any(row)]
    month_first = month_comes_first(cell.get("birth", "") for _number, cell in cells)
    lines = [_line(number, cell, month_first=month_first, warn=warn) for number, cell in cells]
    if not lines:
        raise SheetRefused("it has a header and no persons")
    _check_ids(lines)
    return lines


def _text(content: bytes) -> str:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise SheetRefused("it is a workbook: save it as CSV first")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SheetRefused(f"line {line} is not UTF-8: save the file as CSV UTF-8") from error
    if "\0" in text:
        raise SheetRefused("it is not text")
    return text


def _rows(text: str) -> Iterator[list[str]]:
    """The rows, by the mark that splits the header most often."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    mark = max(DELIMITERS, key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=mark, skipinitialspace=True)
    try:
        for row in reader:
            yield [unicodedata.normalize("NFC", cell).strip() for cell in row]
    except csv.Error as error:
        raise SheetRefused(f"line {reader.line_num} cannot be read: {error}") from error


def _meanings(header: list[str]) -> list[str]:
    """What each column is; empty for one that says nothing here."""
    found = [MEANINGS.get(re.sub(r"[^a-z0-9]", "", name.casefold()), "") for name in header]
    if "id" not in found:
        raise SheetRefused(f"it has no column id; its columns are: {', '.join(header) or 'none'}")
    if not {"name", "given", "family", "phone", "v_number", "bsn", "numbers"} & set(found):
        raise SheetRefused(
            "it has no column with a name (name, or given names and family name) or a number;"
            f" its columns are: {', '.join(header)}"
        )
    return found


def _cells(header: list[str], row: list[str]) -> dict[str, str]:
    """What a row says; two columns of one meaning are read as one."""
    cells: dict[str, str] = {}
    for field, cell in zip(header, row, strict=False):
        if field and cell and cell.casefold() not in NOTHING:
            cells[field] = f"{cells[field]}; {cell}" if field in cells else cell
    return cells


def _line(
    number: int, cells: dict[str, str], *, month_first: bool, warn: Callable[[str], object]
) -> Line:
    if not cells.get("id"):
        raise SheetRefused(f"line {number} has no id")
    try:
        birth, precision, until = read_birth(cells.get("birth", ""), month_first=month_first)
    except ValueError:
        warn(f"line {number}: {cells['birth']!r} is no birth date; compared without it")
        birth, precision, until = NOT_KNOWN
    given, family, others = _names(cells)
    found = _numbers(cells)
    facts = IdentityFacts(
        given_names=given,
        family_name=family,
        aliases=(*others, *_parts(cells, "aliases")),
        birth_date=birth,
        birth_precision=precision,
        birth_until=until,
        phone=found["phone"],
        v_number=found["v_number"],
        bsn=found["bsn"],
    )
    return Line(cells["id"], facts)


def _names(cells: dict[str, str]) -> tuple[str, str, list[str]]:
    """First names, family name and other names.

    A name that is written as a whole stands as first names: its order says nothing.
    """
    family = " ".join(filter(None, [cells.get("prefix", ""), cells.get("family", "")]))
    whole, *others = re.split(r"\s*[;|/]\s*", cells.get("name", "").replace(",", " "))
    if family or "given" in cells:
        return cells.get("given", ""), family, others
    return whole, "", others


def _numbers(cells: dict[str, str]) -> dict[str, str]:
    """Each number in its own field; one of which the kind is not said, by what it can be."""
    found = {
        "phone": _phone(_first(cells, "phone")),
        "v_number": _digits(_first(cells, "v_number")),
        # A spreadsheet eats the nought in front.
        "bsn": _digits(_first(cells, "bsn")).rjust(9, "0") if "bsn" in cells else "",
    }
    for part in _parts(cells, "numbers"):
        digits = _digits(part)
        if numbers.is_bsn(digits):
            field, value = "bsn", digits
        elif numbers.is_v_number(digits) and not digits.startswith("0"):
            field, value = "v_number", digits
        else:
            field, value = ("phone", phone) if (phone := _phone(part)) else ("v_number", digits)
        found[field] = found[field] or value
    return found


def _parts(cells: dict[str, str], field: str) -> list[str]:
    return list(filter(None, map(str.strip, SEVERAL.split(cells.get(field, "")))))


def _first(cells: dict[str, str], field: str) -> str:
    return next(iter(_parts(cells, field)), "")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _phone(text: str) -> str:
    """With its country; a number that a spreadsheet robbed of its nought or plus as well."""
    digits = _digits(text)
    dutch = f"0{digits}" if len(digits) == 9 and digits.startswith("6") else ""
    return numbers.phone(text) or numbers.phone(dutch) or numbers.phone(f"+{digits}")


def _check_ids(lines: list[Line]) -> None:
    seen: set[str] = set()
    for line in lines:
        if line.id in seen:
            raise SheetRefused(f"the id {line.id!r} stands there twice")
        seen.add(line.id)
