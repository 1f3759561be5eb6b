"""Clean input: the look-up form, and the official files that the importer is given."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.geography.models import CareRegion, Municipality, PoliceUnit, Province, SafetyRegion
from referral.geography.querysets import MunicipalityQuerySet, dutch_order
from referral.geography.rules import ListedMunicipality, ListRefused

# CBS writes a code twice: with its letters and as a bare number. Either will do. The last two
# are not in its list; someone may add them for a new municipality.
COLUMNS = {
    "code": ("gemeentecodegm", "gemeentecode"),
    "name": ("gemeentenaam",),
    "province": ("provinciecodepv", "provinciecode"),
    "safety_region": ("veiligheidsregiocode",),
    "centre": ("centrumgemeentecode",),
}
NEEDED = ("code", "name", "province")
CODES = (
    ("code", "GM", True),
    ("province", "PV", True),
    ("safety_region", "VR", False),
    ("centre", "GM", False),
)
DIGITS = {"GM": 4, "PV": 2, "VR": 2}
LONGEST_NAME = 60
REGIONS = ("province", "police_unit", "safety_region", "care_region")
# What accents become when UTF-8 was opened as Windows text; no Dutch place name holds these.
WRONGLY_DECODED = frozenset("ÃÂ\N{REPLACEMENT CHARACTER}")


class LookUpForm(forms.Form):
    """Words, a day and a region; each may stay empty."""

    words = forms.CharField(
        label=gettext_lazy("Name or code"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("For example Den Haag, sudwest or GM0363."),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    day = forms.DateField(
        label=gettext_lazy("On this day"),
        required=False,
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        error_messages={"invalid": gettext_lazy("Write the day as 31-12-2026.")},
        help_text=gettext_lazy("For example 31-12-2026. Empty means today."),
        widget=forms.DateInput(format="%d-%m-%Y", attrs={"class": "short"}),
    )
    province = forms.ModelChoiceField(
        Province.objects.order_by(dutch_order()),
        label=gettext_lazy("Province"),
        required=False,
        empty_label=gettext_lazy("All provinces"),
    )
    police_unit = forms.ModelChoiceField(
        PoliceUnit.objects.order_by(dutch_order()),
        label=gettext_lazy("Police unit"),
        required=False,
        empty_label=gettext_lazy("All police units"),
    )
    safety_region = forms.ModelChoiceField(
        SafetyRegion.objects.order_by(dutch_order()),
        label=gettext_lazy("Safety region"),
        required=False,
        empty_label=gettext_lazy("All safety regions"),
    )
    care_region = forms.ModelChoiceField(
        CareRegion.objects.in_dutch_order(),
        label=gettext_lazy("Care region"),
        required=False,
        empty_label=gettext_lazy("All care regions"),
    )

    def clean(self) -> dict[str, object]:
        unknown = self.data.keys() - self.fields.keys() - {"page"}
        if unknown:
            raise forms.ValidationError(_("This form does not ask for: %s.") % ", ".join(unknown))
        return self.cleaned_data

    @property
    def chosen_day(self) -> date:
        """The day asked for; today when there is none or it cannot be read."""
        day = getattr(self, "cleaned_data", {}).get("day")
        return day if isinstance(day, date) else timezone.localdate()

    @property
    def asks_for_a_region(self) -> bool:
        return any(self.data.get(region) for region in REGIONS)

    def found(self) -> MunicipalityQuerySet:
        """The municipalities that the answers leave; of a wrong answer, none."""
        if not self.is_valid():
            return Municipality.objects.none()
        day, asked = self.chosen_day, self.cleaned_data
        found = Municipality.objects.valid_on(day)
        if asked["words"]:
            found = found.matching(asked["words"])
        if asked["province"]:
            found = found.filter(province=asked["province"])
        if asked["police_unit"]:
            found = found.filter(safety_region__police_unit=asked["police_unit"])
        if asked["safety_region"]:
            found = found.filter(safety_region=asked["safety_region"])
        if asked["care_region"]:
            found = found.in_care_region_on(asked["care_region"], day)
        return found.with_regions_on(day).in_dutch_order()


def read_municipalities(content: bytes) -> tuple[ListedMunicipality, ...]:
    """Read the list of municipalities as CBS lays it out, saved as CSV.

    Semicolons or commas, columns in any order, other columns ignored. Raises ListRefused with a
    sentence for each thing that is wrong.
    """
    rows = _rows(content)
    header = [name.strip().casefold() for name in rows.pop(min(rows))]
    place = {
        key: next((header.index(name) for name in names if name in header), None)
        for key, names in COLUMNS.items()
    }
    missing = [key for key in NEEDED if place[key] is None]
    if missing:
        raise ListRefused(
            [_("The column %s is missing.") % COLUMNS[key][-1].capitalize() for key in missing]
        )
    if not rows:
        raise ListRefused(_("The file names no municipality."))

    lines = {
        number: {
            key: row[at].strip() if at is not None and at < len(row) else ""
            for key, at in place.items()
        }
        for number, row in rows.items()
    }
    reasons = [
        *(reason for number, line in lines.items() for reason in _reasons(number, line)),
        *_repeated(_code(line["code"], "GM") or "" for line in lines.values()),
        *_repeated(line["name"] for line in lines.values()),
    ]
    if reasons:
        raise ListRefused(reasons)
    return tuple(
        ListedMunicipality(
            cbs_code=_code(line["code"], "GM"),
            name=line["name"],
            province_code=_code(line["province"], "PV"),
            safety_region_code=_code(line["safety_region"], "VR"),
            centre_code=_code(line["centre"], "GM"),
        )
        for line in lines.values()
    )


def read_successors(content: bytes) -> dict[str, str]:
    """Read which code follows which: old code; new code, with or without a line of headings."""
    rows = _rows(content)
    first = min(rows)
    if not any(character.isdigit() for character in "".join(rows[first])):
        del rows[first]
    reasons: list[str] = []
    successors: dict[str, str] = {}
    for number, row in rows.items():
        codes = [_code(value.strip(), "GM") for value in row if value.strip()]
        if len(codes) != 2 or "" in codes or codes[0] == codes[1]:
            reasons.append(_("Line %d does not hold an old and a new code.") % number)
        elif codes[0] in successors:
            reasons.append(
                _("Line %(number)d: %(code)s is named before. Name the one that takes most over.")
                % {"number": number, "code": codes[0]}
            )
        else:
            successors[codes[0]] = codes[1]
    if reasons:
        raise ListRefused(reasons)
    return successors


def _rows(content: bytes) -> dict[int, list[str]]:
    """The lines of a CSV file that hold anything, by their number."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ListRefused(_("The file is not in UTF-8. Save it as CSV UTF-8.")) from error
    headings = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";,\t", key=headings.count)
    reader = csv.reader(text.splitlines(), delimiter=separator)
    rows = {}
    for row in reader:
        if any(value.strip() for value in row):
            rows[reader.line_num] = row
    if not rows:
        raise ListRefused(_("The file is empty."))
    return rows


def _reasons(number: int, line: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with one line of the list of municipalities."""
    for key, letters, needed in CODES:
        if not _code(line[key], letters) and (needed or line[key]):
            yield _("Line %(number)d: “%(value)s” is not a code %(letters)s%(digits)s.") % {
                "number": number,
                "value": line[key],
                "letters": letters,
                "digits": "0" * DIGITS[letters],
            }
    if not line["name"] or len(line["name"]) > LONGEST_NAME:
        yield _("Line %d has no name, or one that is too long.") % number
    elif not WRONGLY_DECODED.isdisjoint(line["name"]):
        yield _("Line %(number)d: “%(name)s” was spoilt. Save the file as CSV UTF-8.") % {
            "number": number,
            "name": line["name"],
        }


def _code(value: str, letters: str) -> str:
    """The code in full (363 → GM0363); empty when it is none."""
    digits = value.upper().removeprefix(letters)
    if not digits.isascii() or not digits.isdigit() or not 0 < int(digits) < 10 ** DIGITS[letters]:
        return ""
    return f"{letters}{int(digits):0{DIGITS[letters]}}"


def _repeated(values: Iterable[str]) -> Iterator[str]:
    for value, times in Counter(values).items():
        if value and times > 1:
            yield _("“%(value)s” stands in the file %(times)d times.") % {
                "value": value,
                "times": times,
            }
