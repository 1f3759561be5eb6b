"""Reading a file of signals without ever holding more of it than one line.

A file is broken, and then nothing of it is taken in, when it cannot be trusted as a whole: not
text, a column missing, a line without end, a year that cannot be. Any other mistake refuses
its own row.
"""

import codecs
import csv
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext as _

from signals.actions import ReadRow
from signals.forms.fields import AbsurdPeriod
from signals.forms.profiles import Profile, RowRefused
from signals.rules import EARLIEST

#: Far beyond any real line, far below what would fill the memory.
LONGEST_LINE = 64_000
ROWS_IN_HEAD = 100


class FileBroken(ValueError):
    """Nothing of this file can be taken in; the message says why and where."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it stands in the file: its line, and its cells unless their number is wrong."""

    line: int
    cells: dict[str, str] | None
    mistake: str = ""


def check_head(pieces: Iterable[bytes], profile: Profile) -> None:
    """Look at the beginning of a file, enough to know that it is of this layout.

    Raises FileBroken. The whole is checked by count_rows, which takes longer.
    """
    if not any(True for _row in islice(_rows(pieces, profile), ROWS_IN_HEAD)):
        raise FileBroken(_("The file has no rows."))


def count_rows(pieces: Iterable[bytes], profile: Profile) -> int:
    """Read the whole file once and count its rows.

    Raises FileBroken for the first thing by which it cannot be trusted.
    """
    rows = 0
    for row in _rows(pieces, profile):
        rows += 1
        if row.cells is not None:
            _check_year(row.line, row.cells, profile)
    if not rows:
        raise FileBroken(_("The file has no rows."))
    return rows


def read_rows(pieces: Iterable[bytes], profile: Profile, *, start: int = 0) -> Iterator[ReadRow]:
    """The rows from `start` on, each as a draft or with the reason why it is none."""
    for row in islice(_rows(pieces, profile), start, None):
        if row.cells is None:
            content = hashlib.sha256(f"{row.line}|{row.mistake}".encode()).digest()
            yield ReadRow(line=row.line, content=content, reason=row.mistake)
            continue
        try:
            draft = profile.read(row.cells)
        except RowRefused as refusal:
            yield ReadRow(line=row.line, content=_content(row.cells), reason=str(refusal))
        else:
            yield ReadRow(line=row.line, content=_content(row.cells), draft=draft)


def _content(cells: dict[str, str]) -> bytes:
    """The same for rows that say the same, in whatever order the columns stand."""
    said = sorted(f"{name}\x1e{value}" for name, value in cells.items() if value)
    return hashlib.sha256("\x1f".join(said).encode()).digest()


def _check_year(line: int, cells: dict[str, str], profile: Profile) -> None:
    """A year that cannot be shows that columns have moved or digits were lost: the rest of the
    file is not to be trusted either. A word instead of a year is a mistake of one row.
    """
    text, today = profile.period_said(cells), timezone.localdate()
    try:
        period = profile.period(cells)
        absurd = period is not None and not EARLIEST <= period.lower <= today
    except AbsurdPeriod:
        absurd = True
    except ValueError:
        absurd = not any(character.isalpha() for character in text)
    if absurd:
        raise FileBroken(
            _("Line %(line)s: the year “%(year)s” cannot be right. Nothing was imported.")
            % {"line": line, "year": text[:20]}
        )


def _rows(pieces: Iterable[bytes], profile: Profile) -> Iterator[RawRow]:
    layout = profile.layout
    lines = _lines(pieces, layout.encoding)
    reader = csv.reader(lines, delimiter=layout.delimiter, strict=True)
    try:
        header = _header(next(reader, []), profile)
        before = reader.line_num
        for values in reader:
            line, before = before + 1, reader.line_num
            if values:
                yield _row(line, header, values)
    except csv.Error as error:
        raise FileBroken(
            _("Line %(line)s cannot be read as CSV (%(error)s). Nothing was imported.")
            % {"line": reader.line_num, "error": error}
        ) from error


def _row(line: int, header: Sequence[str], values: Sequence[str]) -> RawRow:
    if len(values) != len(header):
        mistake = _("There are %(found)s values, and the first line names %(expected)s columns.")
        return RawRow(line, None, mistake % {"found": len(values), "expected": len(header)})
    stripped = (value.strip() for value in values)
    return RawRow(line, dict(zip(header, stripped, strict=True)))


def _header(names: Sequence[str], profile: Profile) -> list[str]:
    """The names of the columns as the layout spells them; others stay as they are."""
    if not any(names):
        raise FileBroken(_("The file is empty."))
    spelled = {name.casefold(): name for name in profile.columns}
    header = [spelled.get(name.strip().casefold(), name.strip()) for name in names]
    missing = [name for name in profile.columns if name not in header]
    if missing:
        raise FileBroken(
            _("The first line does not name %(columns)s. Is this a %(profile)s file, as CSV?")
            % {"columns": ", ".join(missing), "profile": profile.label}
        )
    if len(set(header)) != len(header):
        raise FileBroken(_("The first line names a column twice."))
    return header


def _lines(pieces: Iterable[bytes], encoding: str) -> Iterator[str]:
    """The lines of a text, each at most LONGEST_LINE long."""
    before, rest = 0, ""
    for text in _text(pieces, encoding):
        *whole, rest = (rest + text).split("\n")
        for number, line in enumerate([*whole, rest], start=before + 1):
            if len(line) > LONGEST_LINE:
                raise FileBroken(
                    _("Line %(line)s is longer than %(most)s characters. Nothing was imported.")
                    % {"line": number, "most": LONGEST_LINE}
                )
        before += len(whole)
        yield from (f"{line}\n" for line in whole)
    if rest:
        yield rest


def _text(pieces: Iterable[bytes], encoding: str) -> Iterator[str]:
    # With the mark that some programs put before a text in UTF-8.
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)()
    try:
        for piece in pieces:
            yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise FileBroken(_("This file is not text in %s.") % encoding) from error
        raise FileBroken(
            _("This file is not text in UTF-8. Save it as “CSV UTF-8” and send it again.")
        ) from error
