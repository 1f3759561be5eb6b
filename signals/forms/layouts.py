"""A mapping that a coordinator brings, looked at before it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.access.forms import HouseForm
from signals.actions import ReadRow
from signals.forms.profiles import profile_of
from signals.forms.reading import FileBroken, check_head, read_rows
from signals.rules import Answer, Layout, LayoutRefused, read_layout
from signals.rules.layouts import LONGEST_LAYOUT

FIRST_ROWS = 10
LARGEST_EXAMPLE = 5_000_000


class TryForm(HouseForm):
    """A mapping and, if there is one, a file to try it on. Nothing of either is kept."""

    mapping = forms.FileField(
        label=gettext_lazy("Mapping"),
        help_text=gettext_lazy(
            "A TOML file. Download the version of another layout to see how one is written."
        ),
        widget=forms.FileInput(attrs={"accept": ".toml,application/toml"}),
    )
    example = forms.FileField(
        label=gettext_lazy("Example of a file"),
        required=False,
        help_text=gettext_lazy("Its first ten rows are shown; nothing of it is kept."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content, self.layout = "", None

    content: str
    layout: Layout | None
    rows: tuple[ReadRow, ...] = ()

    def clean(self) -> dict[str, Any]:
        super().clean()
        mapping, example = self.cleaned_data.get("mapping"), self.cleaned_data.get("example")
        if isinstance(mapping, UploadedFile):
            self._read(mapping)
        if self.layout is not None and isinstance(example, UploadedFile):
            self._try(self.layout, example)
        return self.cleaned_data

    def _read(self, file: UploadedFile[bytes]) -> None:
        try:
            # A text has at most four bytes for each letter; the rest would not be read anyway.
            self.content = file.read(4 * LONGEST_LAYOUT + 1).decode()
            self.layout = read_layout(self.content)
        except UnicodeDecodeError:
            self.add_error("mapping", _("This file is not text in UTF-8."))
        except LayoutRefused as refusal:
            self.add_error("mapping", str(refusal))

    def _try(self, layout: Layout, file: UploadedFile[bytes]) -> None:
        if (file.size or 0) > LARGEST_EXAMPLE:
            self.add_error("example", _("An example of at most 5 MB is enough."))
            return
        profile = profile_of(layout)
        try:
            check_head(file.chunks(), profile)
            self.rows = tuple(islice(read_rows(file.chunks(), profile), FIRST_ROWS))
        except FileBroken as broken:
            self.add_error("example", str(broken))


class KeepForm(HouseForm):
    """A mapping that was looked at, and why it comes."""

    content = forms.CharField(
        widget=forms.HiddenInput, strip=False, max_length=LONGEST_LAYOUT, required=True
    )
    reason = forms.CharField(
        label=gettext_lazy("Why this version comes"),
        max_length=200,
        help_text=gettext_lazy("Such as: the partner sends the municipality by its name now."),
    )


@dataclass(frozen=True, slots=True)
class Understood:
    """One field of a signal, from where it comes, and what its codes mean."""

    field: str
    source: str
    codes: tuple[tuple[str, str], ...] = ()


def understood(layout: Layout) -> list[Understood]:
    """What a mapping says, in the order of a signal."""
    period = ", ".join((*layout.period.columns, *layout.period.formats))
    number = layout.number or (str(layout.one_number) if layout.one_number else "")
    place = f"{layout.municipality} ({_('name') if layout.by_name else _('CBS code')})"
    lines = [
        Understood(_("Delimiter and encoding"), f"{layout.delimiter!r}, {layout.encoding}"),
        *(_answer(_("Form of exploitation"), answer) for answer in layout.forms),
        Understood(_("Otherwise"), layout.no_form),
        Understood(_("Seen in"), period),
        Understood(_("Municipality"), place if layout.municipality else ""),
        _answer(_("Region of the world"), layout.region),
        _answer(_("Kind of place"), layout.place_kind),
        Understood(_("Number of persons"), number),
        _answer(_("Sex"), layout.sex),
        _answer(_("Age"), layout.age_group),
        _answer(_("Channel"), layout.channel),
        _answer(_("Acute danger"), layout.danger),
        Understood(_("What was seen or heard"), layout.facts),
        *_details(layout),
    ]
    return [line for line in lines if line.source]


def _answer(field: str, answer: Answer) -> Understood:
    if not answer.column:
        return Understood(field, _said(answer.empty))
    codes = [(code, _said(meaning)) for code, meaning in answer.codes.items() if meaning != ""]
    if answer.empty != "":
        codes.append((_("empty"), _said(answer.empty)))
    return Understood(field, answer.column, tuple(codes))


def _said(value: str | bool) -> str:  # noqa: FBT001
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value


def _details(layout: Layout) -> Iterable[Understood]:
    details, label = layout.details, _("Loose facts")
    for column, name in details.columns.items():
        yield Understood(label, column, (("", name),))
    for name, value in details.constants.items():
        yield Understood(label, value, (("", name),))
    if details.others:
        yield Understood(label, _("every other column, under its own name"))
