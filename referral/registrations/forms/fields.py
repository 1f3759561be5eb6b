"""The kinds of questions that a registration asks."""

from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.forms import (
    CharField,
    ChoiceField,
    IntegerField,
    RadioSelect,
    TextInput,
    ValidationError,
)
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.persons.models import Absence
from signals.forms.fields import NO_SUCH_PERIOD, AbsurdPeriod, read_period

YES, NO = "yes", "no"
CHOOSE = ("", gettext_lazy("Choose"))
SECTORS = [
    (gettext_lazy("Sex industry"), "window club escort home hotel street massage online parking"),
    (gettext_lazy("Work"), "agriculture industry food construction transport temp_agency"),
    (gettext_lazy("Services"), "domestic_work hospitality trade cleaning beauty care other_work"),
    (gettext_lazy("Crime"), "drugs theft pickpocketing fraud illegal_trade weapons other_crime"),
    (gettext_lazy("Otherwise"), "not_yet none unknown"),
]


class Known(CharField):
    """An answer that is given, or of which another field says why it is not."""

    def validate(self, value: Any) -> None:
        """Whether an empty answer will do is decided by the form, which sees the reason."""


class Part(Known):
    """A day, a month or a year, as people write it."""

    def to_python(self, value: Any) -> DateRange | None:
        try:
            return read_period(super().to_python(value) or "", today=timezone.localdate())
        except AbsurdPeriod as error:
            raise ValidationError(NO_SUCH_PERIOD) from error
        except ValueError as error:
            raise ValidationError(
                _("Write a day (31-12-2026), a month (12-2026) or a year (2026).")
            ) from error

    def run_validators(self, value: Any) -> None:
        """The checks of a text do not fit a period."""


def short(**attrs: str) -> TextInput:
    return TextInput(attrs={"autocomplete": "off", "class": "short", **attrs})


def radio(label: Any, choices: Any, **options: Any) -> ChoiceField:
    return ChoiceField(label=label, choices=choices, widget=RadioSelect, **options)


def age(label: Any) -> IntegerField:
    return IntegerField(
        label=label, required=False, min_value=0, max_value=110, widget=short(inputmode="numeric")
    )


def why(label: Any) -> ChoiceField:
    return ChoiceField(
        label=label, choices=[("", gettext_lazy("I filled it in")), *Absence.choices],
        required=False,
    )  # fmt: skip


def text(label: Any, **options: Any) -> CharField:
    return CharField(
        label=label, required=False, max_length=options.pop("max_length", 120), **options
    )
