"""Layouts of files that are known: which column means what. A new one is a new table here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from signals.forms.fields import read_period
from signals.models import AgeGroup, Channel, Exploitation, PlaceKind, Sex, WorldRegion
from signals.rules import Draft

LONGEST_FACT = 200

Code = TypeVar("Code")


class RowRefused(ValueError):
    """A row that is no signal; the message says which column and why."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A layout: its columns, the one that holds the year, and how a row becomes a draft."""

    code: str
    label: str
    columns: tuple[str, ...]
    period_column: str
    read: Callable[[Mapping[str, str]], Draft]


CTDC_SEX = {"": Sex.UNKNOWN, "Female": Sex.FEMALE, "Male": Sex.MALE}
CTDC_AGE = {"": AgeGroup.UNKNOWN, "Adult": AgeGroup.ADULT, "Minor": AgeGroup.MINOR}
CTDC_TICK = {"": False, "0": False, "1": True}
CTDC_REGION = {
    "": WorldRegion.UNKNOWN,
    "Africa": WorldRegion.AFRICA,
    "Americas/Oceania": WorldRegion.AMERICAS_OCEANIA,
    "Asia": WorldRegion.ASIA,
    "Europe": WorldRegion.EUROPE,
}
#: What is known of the perpetrators (IP: involved person) has no field of its own; it is kept
#: with the sealed narrative under these names. `;` joins several answers.
CTDC_FACTS = {
    "UN_COO_Region": "region_of_origin",
    "IP_Exploiter": "perpetrator_exploits",
    "IP_Gender": "perpetrator_sex",
    "IP_ageBroad": "perpetrator_age",
    "IP_citizen_UNRegion": "perpetrator_region_of_citizenship",
    "IP_Relation": "perpetrator_relation",
    "IP_PayMoney": "perpetrator_paid",
    "IP_RecruiterBroker": "perpetrator_recruits",
    "IP_TransactionProcess": "perpetrator_transports_or_sells",
    "IP_ControlAbuseKidnap": "perpetrator_controls",
}
CTDC_COLUMNS = (
    "yearRegister",
    "gender",
    "majorityStatus",
    "isForcedLabour",
    "isSexualExploit",
    "UN_COE_Region",
    *CTDC_FACTS,
)


def read_ctdc(cells: Mapping[str, str]) -> Draft:
    """One row of the CTDC victim-perpetrator data: one presumed victim, registered abroad.

    Blank is "not stated". The year of registration is the nearest the file comes to when it
    was seen. Raises RowRefused.
    """
    forms = [
        form
        for column, form in (
            ("isSexualExploit", Exploitation.SEXUAL),
            ("isForcedLabour", Exploitation.LABOUR),
        )
        if _code(cells, column, CTDC_TICK)
    ]
    return Draft(
        forms=forms or [Exploitation.UNKNOWN],
        facts="",
        details={"source": "ctdc", **_facts(cells)},
        place_kind=PlaceKind.UNKNOWN,
        danger=False,
        observed=_period(cells, "yearRegister"),
        n_victims=1,
        sex=_code(cells, "gender", CTDC_SEX),
        age_group=_code(cells, "majorityStatus", CTDC_AGE),
        channel=Channel.INTERNATIONAL,
        world_region=_code(cells, "UN_COE_Region", CTDC_REGION),
    )


def _facts(cells: Mapping[str, str]) -> dict[str, list[str]]:
    """Everything else that the row states, also from columns that the layout does not name."""
    coded = set(CTDC_COLUMNS) - CTDC_FACTS.keys()
    stated = {
        CTDC_FACTS.get(column, column): value
        for column, value in cells.items()
        if value and column not in coded
    }
    for name, value in stated.items():
        if len(value) > LONGEST_FACT:
            raise RowRefused(
                _("%(column)s: longer than %(most)s characters.")
                % {"column": name, "most": LONGEST_FACT}
            )
    return {name: value.split(";") for name, value in stated.items()}


def _code(cells: Mapping[str, str], column: str, codes: Mapping[str, Code]) -> Code:
    value = cells[column]
    if value not in codes:
        known = ", ".join(code for code in codes if code)
        raise RowRefused(
            _("%(column)s: “%(value)s” is not one of: %(known)s, or blank.")
            % {"column": column, "value": value[:40], "known": known}
        )
    return codes[value]


def _period(cells: Mapping[str, str], column: str) -> DateRange | None:
    try:
        return read_period(cells[column], today=timezone.localdate())
    except ValueError as error:
        raise RowRefused(
            _("%(column)s: “%(value)s” is not a year, nor two years.")
            % {"column": column, "value": cells[column][:40]}
        ) from error


CTDC = Profile(
    code="ctdc",
    label="CTDC",
    columns=CTDC_COLUMNS,
    period_column="yearRegister",
    read=read_ctdc,
)
