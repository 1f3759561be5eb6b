"""What a mapping says of a file in another layout: which column means what, checked when it is read.

A mapping is TOML. Each table is a field of a signal: from a column with a table of codes, or the
same in every row. Every mistake is one sentence that names the key, or the line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from signals.models import AgeGroup, Channel, Exploitation, PlaceKind, Sex, WorldRegion
from signals.rules.drafts import MOST_VICTIMS
from signals.rules.tables import LayoutRefused, Table, Value, missing

LONGEST_LAYOUT = 64_000
ENCODINGS = ("utf-8", "latin-1", "windows-1252")
DELIMITERS = (",", ";", "\t", "|")
CODE = re.compile(r"[a-z][a-z0-9_]{1,15}")
#: What a format of a date may hold. Two figures for a year would be a guess.
DATE_FORMAT = re.compile(r"(?=.*%Y)(?:%[dmY]|[-/. ])+")


@dataclass(frozen=True, slots=True)
class Answer:
    """One field: what each code of a column means, and what an empty cell does. Without a column
    it is the same in every row.
    """

    column: str = ""
    codes: Mapping[str, Value] = field(default_factory=dict)
    empty: Value = ""


@dataclass(frozen=True, slots=True)
class Period:
    """When it was seen: one column, in these formats or as people write it; or its parts."""

    columns: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Details:
    """Loose facts: columns under a name of our own, and what is the same in every row."""

    columns: Mapping[str, str] = field(default_factory=dict)
    separator: str = ""
    others: bool = False
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A mapping that was checked: every column is named, every code is one that a signal knows."""

    code: str
    label: str
    version: int
    delimiter: str
    encoding: str
    forms: tuple[Answer, ...]
    separator: str
    no_form: str
    period: Period
    municipality: str
    by_name: bool
    region: Answer
    place_kind: Answer
    number: str
    one_number: int | None
    sex: Answer
    age_group: Answer
    channel: Answer
    danger: Answer
    facts: str
    details: Details

    @property
    def coded(self) -> tuple[tuple[str, Answer], ...]:
        """The fields of a draft that hold one code."""
        return (
            ("world_region", self.region),
            ("place_kind", self.place_kind),
            ("sex", self.sex),
            ("age_group", self.age_group),
            ("channel", self.channel),
            ("danger", self.danger),
        )

    @property
    def fields(self) -> dict[str, str]:
        """The columns that fill a field, each with the field: all but the loose facts."""
        named = {answer.column: "forms" for answer in self.forms}
        named |= {answer.column: name for name, answer in self.coded}
        named |= dict.fromkeys(self.period.columns, "observed")
        named |= {self.municipality: "municipality", self.number: "n_victims", self.facts: "facts"}
        return {column: name for column, name in named.items() if column}

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that a file of this layout names."""
        return tuple(self.fields | dict(self.details.columns))


def read_layout(content: str) -> Layout:
    """The mapping that a text describes. Raises LayoutRefused for the first thing that is wrong."""
    if len(content) > LONGEST_LAYOUT:
        raise LayoutRefused(_("The mapping is longer than %s characters.") % LONGEST_LAYOUT)
    try:
        document = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise LayoutRefused(_("The mapping is not TOML: %s.") % error) from error
    return _layout(Table("", document))


def _layout(top: Table) -> Layout:
    top.allow("code", "label", "version", "file", *TABLES)
    code = top.text("code", required=True)
    if not CODE.fullmatch(code):
        raise LayoutRefused(_("code: use 2 to 16 small letters, figures and underscores."))
    version = top.whole("version", lowest=1)
    if version is None:
        raise missing("version")
    file, forms = top.table("file"), top.table("forms")
    file.allow("delimiter", "encoding")
    place, number = top.table("municipality"), top.table("number")
    place.allow("column", "by")
    number.allow("column", "constant")
    answers, no_form = _forms(forms)
    layout = Layout(
        code=code,
        label=top.text("label", required=True, longest=60),
        version=version,
        delimiter=file.choice("delimiter", DELIMITERS, ","),
        encoding=file.choice("encoding", ENCODINGS, "utf-8"),
        forms=answers,
        separator=forms.text("separator", longest=3),
        no_form=no_form,
        period=_period(top.table("period")),
        municipality=place.text("column", required=bool(place)),
        by_name=place.choice("by", ("code", "name"), "code") == "name",
        region=_answer(top.table("region"), WorldRegion.values, ""),
        place_kind=_answer(top.table("place_kind"), PlaceKind.values, PlaceKind.UNKNOWN.value),
        number=number.text("column"),
        one_number=number.whole("constant", lowest=1, highest=MOST_VICTIMS),
        sex=_answer(top.table("sex"), Sex.values, Sex.UNKNOWN.value),
        age_group=_answer(top.table("age_group"), AgeGroup.values, AgeGroup.UNKNOWN.value),
        channel=_answer(top.table("channel"), Channel.values, ""),
        danger=_danger(top.table("danger")),
        facts=_story(top.table("facts")),
        details=_details(top.table("details")),
    )
    _check_filled(layout)
    _check_columns(layout)
    return layout


TABLES = (
    "forms", "period", "municipality", "region", "place_kind", "number", "sex", "age_group",
    "channel", "danger", "facts", "details",
)  # fmt: skip


def _check_filled(layout: Layout) -> None:
    """What a signal cannot do without is filled by something."""
    abroad = layout.region.column or layout.region.empty
    needed = {
        "forms": bool(layout.forms or layout.no_form),
        "channel": bool(layout.channel.column or layout.channel.empty),
        "municipality": bool(layout.municipality or abroad),
        "facts": bool(layout.facts or layout.details.columns or layout.details.others),
    }
    for name, filled in needed.items():
        if not filled:
            raise LayoutRefused(_("%s: a signal needs this, and nothing fills it.") % name)
    if abroad and Channel.INTERNATIONAL not in (
        layout.channel.empty,
        *layout.channel.codes.values(),
    ):
        raise LayoutRefused(
            _("region: only a signal from abroad has one; its channel is “international”.")
        )
    if layout.number and layout.one_number is not None:
        raise LayoutRefused(_("number: give either a column or a constant, not both."))


def _check_columns(layout: Layout) -> None:
    """A column means one thing, and two columns do not say the same loose fact."""
    used: set[str] = set()
    answers = (*layout.forms, *(answer for _name, answer in layout.coded))
    named = [answer.column for answer in answers]
    named += [*layout.period.columns, layout.municipality, layout.number, layout.facts]
    for column in [*filter(None, named), *layout.details.columns]:
        if column.casefold() in used:
            raise LayoutRefused(_("The column “%s” is used for two fields.") % column)
        used.add(column.casefold())
    names = [*layout.details.columns.values(), *layout.details.constants]
    for name in names:
        if names.count(name) > 1:
            raise LayoutRefused(_("details: two columns fill “%s”.") % name)


def _forms(table: Table) -> tuple[tuple[Answer, ...], str]:
    """Forms of exploitation: a column to tick for each, or one column with their codes."""
    table.allow("ticks", "yes", "no", "column", "separator", "codes", "empty", "constant")
    known = Exploitation.values
    table.one_of("ticks", "column", "constant")
    if constant := table.known("constant", known):
        return (), constant
    empty = table.known("empty", known, Exploitation.UNKNOWN.value)
    if "column" in table:
        table.refuse("yes", "no", beside="column")
        column = table.text("column")
        return (Answer(column, table.codes("codes", known), ""),), empty
    table.refuse("codes", "separator", beside="ticks")
    yes = table.words("yes") or ["1"]
    no = dict.fromkeys(table.words("no"), "")
    ticks = table.codes("ticks", known)
    return tuple(Answer(one, dict.fromkeys(yes, form) | no, "") for one, form in ticks.items()), (
        empty
    )


def _period(table: Table) -> Period:
    table.allow("column", "formats", "year", "month", "day")
    table.one_of("column", "year")
    if "column" in table:
        table.refuse("month", "day", beside="column")
        formats = table.words("formats")
        for one in formats:
            if not DATE_FORMAT.fullmatch(one) or ("%d" in one and "%m" not in one):
                raise LayoutRefused(
                    _("period.formats: “%s” is no format; use %%Y, %%m and %%d.") % one
                )
        return Period((table.text("column"),), tuple(formats))
    table.refuse("formats", beside="year")
    if "day" in table and "month" not in table:
        raise LayoutRefused(_("period.day: a day needs the column of its month."))
    parts = [table.text(name) for name in ("year", "month", "day") if name in table]
    return Period(tuple(parts))


def _answer(table: Table, known: Collection[str], empty: str) -> Answer:
    """One code, from a column or the same in every row."""
    table.allow("column", "codes", "empty", "constant")
    table.one_of("column", "constant")
    if "column" not in table:
        table.refuse("codes", "empty", beside="constant")
        return Answer(empty=table.known("constant", known, empty))
    return Answer(
        table.text("column"), table.codes("codes", known), table.known("empty", known, empty)
    )


def _danger(table: Table) -> Answer:
    table.allow("column", "yes", "no", "constant")
    table.one_of("column", "constant")
    constant = table.get("constant", default=False)
    if not isinstance(constant, bool):
        raise LayoutRefused(_("danger.constant: write true or false."))
    if "column" not in table:
        return Answer(empty=constant)
    codes = dict.fromkeys(table.words("no"), False) | dict.fromkeys(table.words("yes"), True)
    if not codes:
        raise missing("danger.yes")
    return Answer(table.text("column"), codes, empty=False)


def _story(table: Table) -> str:
    table.allow("column")
    return table.text("column", required=bool(table))


def _details(table: Table) -> Details:
    table.allow("columns", "separator", "others", "constants")
    others = table.get("others", default=False)
    if not isinstance(others, bool):
        raise LayoutRefused(_("details.others: write true or false."))
    return Details(
        columns=table.pairs("columns"),
        separator=table.text("separator", longest=3),
        others=others,
        constants=table.pairs("constants"),
    )
