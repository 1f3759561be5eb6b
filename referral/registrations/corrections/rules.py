"""What may be corrected, by whom, and where two versions differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from referral.persons.models import AgeGroup, Sex
from referral.persons.rules import minority
from referral.registrations.corrections.models import Version
from referral.registrations.corrections.workflow import MOVES, Side, Status
from referral.registrations.models import Registration
from referral.registrations.rules import Reported, side_of, wrong_answers
from referral.registrations.workflow import Status as RegistrationStatus

#: What a version says, by the words above it and the fields that say it.
ANSWERS = {
    "forms": (gettext_lazy("Forms of exploitation"), ("forms",)),
    "primary_form": (gettext_lazy("Main form"), ("primary_form",)),
    "sector": (gettext_lazy("Sector"), ("sector",)),
    "period": (gettext_lazy("Period"), ("period_from", "period_to", "period_absent")),
    "place": (
        gettext_lazy("Place"),
        ("place_municipality_id", "place_country", "place_absent"),
    ),
    "crossing": (gettext_lazy("Border"), ("crossing",)),
    "sex": (gettext_lazy("Sex"), ("sex",)),
    "age": (gettext_lazy("Age"), ("age_group",)),
    "minor": (gettext_lazy("Under 18?"), ("is_minor",)),
}
#: The columns that a registration and its versions share, and those that they share with a person.
OF_REPORT = (
    "forms", "primary_form", "sector", "period_from", "period_to", "period_absent",
    "place_municipality_id", "place_country", "place_absent", "crossing",
)  # fmt: skip
OF_PERSON = ("sex", "age_group", "is_minor")


class CorrectionRefused(Refused):
    """A correction that cannot be made, or not by this member; `reasons` says why, by field."""

    def __init__(self, message: str = "", reasons: dict[str, str] | None = None) -> None:
        super().__init__(message or " ".join((reasons or {}).values()))
        self.reasons = reasons or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(Reported):
    """What a registration should have said: all of it, so that each version is whole."""

    sex: str
    age_group: str
    is_minor: bool | None = None

    def columns(self) -> dict[str, object]:
        """As a version keeps it."""
        place = self.place_municipality
        return {
            "forms": self.ordered_forms,
            "primary_form": self.main_form,
            "sector": self.sector,
            "period_from": self.period_from,
            "period_to": self.period_to,
            "period_absent": self.period_absent,
            "place_municipality_id": place.pk if place else None,
            "place_country": self.country,
            "place_absent": self.place_absent,
            "crossing": self.crossing,
            "sex": self.sex,
            "age_group": self.age_group,
            "is_minor": minority(self.age_group, stated=self.is_minor),
        }


@dataclass(frozen=True, slots=True)
class Changed:
    """One answer that a version says otherwise than the one that it corrects."""

    code: str
    label: str
    before: Version
    after: Version


def said_by(registration: Registration) -> dict[str, object]:
    """What a registration says now, as a version keeps it."""
    person = registration.person
    return {name: getattr(registration, name) for name in OF_REPORT} | {
        name: getattr(person, name) for name in OF_PERSON
    }


def changed(after: Version) -> Iterator[Changed]:
    """Where a version differs from the one that it corrects."""
    before = after.corrects
    if before is None:
        return
    for code, (label, fields) in ANSWERS.items():
        if any(getattr(before, one) != getattr(after, one) for one in fields):
            yield Changed(code, str(label), before, after)


def can_correct(member: Membership, registration: Registration) -> bool:
    """Whether this member may say that a registration is wrong."""
    registered = registration.status == RegistrationStatus.REGISTERED
    return registered and side_of(member, registration) is not None


def check_correction(
    member: Membership, registration: Registration, correction: Correction, *, on: date
) -> None:
    """Raise CorrectionRefused with a sentence for each answer that cannot be right."""
    if not can_correct(member, registration):
        raise CorrectionRefused(_("This step is not yours to take."))
    reasons = dict(wrong_answers(correction, on))
    if correction.sex not in Sex.values:
        reasons["sex"] = _("Choose one of the answers.")
    if correction.age_group not in AgeGroup.values:
        reasons["age_group"] = _("Choose one of the answers.")
    if reasons:
        raise CorrectionRefused(reasons=reasons)
    if correction.columns() == said_by(registration):
        raise CorrectionRefused(_("This is what the registration says already. Change something."))


def can_move(member: Membership, version: Version, goal: Status) -> bool:
    side = MOVES[Status(version.status)].get(goal)
    if side == Side.PROPOSER:
        return version.made_by_id == member.user_id
    return side is not None and side_of(member, version.registration) == "desk"


def check_move(member: Membership, version: Version, goal: Status) -> None:
    """Raise CorrectionRefused unless this is a move of the table, and this member's."""
    if goal not in MOVES[Status(version.status)]:
        raise CorrectionRefused(
            _("This correction is “%(status)s”; that cannot be done any more.")
            % {"status": version.get_status_display()}
        )
    if not can_move(member, version, goal):
        raise CorrectionRefused(_("This step is not yours to take."))
