"""Who has the duty to register, and who may say why nobody was registered."""

from __future__ import annotations

from django.utils.translation import gettext as _

from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType
from referral.registrations.duty.models import HOURS
from referral.sharing.matrix.models import Outcome
from referral.sharing.matrix.rules import Book
from referral.sharing.models import Purpose
from referral.sharing.rules import legal_basis_for


class DutyRefused(Refused):
    """What cannot be done with a reminder or its term."""

    def __init__(self, sentence: str = "", **reasons: str) -> None:
        super().__init__(sentence or " ".join(reasons.values()))
        self.reasons = reasons


def obliged() -> list[str]:
    """The kinds of organisation that must register each presumed victim, by the law in force."""
    book = Book.read()
    return [
        kind
        for kind in OrganisationType.values
        if legal_basis_for(kind, Purpose.REGISTRATION, book=book).outcome == Outcome.OBLIGED
    ]


def check_hours(hours: int) -> None:
    lowest, highest = HOURS
    if not lowest <= hours <= highest:
        raise DutyRefused(
            hours=_("Choose %(lowest)s to %(highest)s hours.")
            % {"lowest": lowest, "highest": highest}
        )


def can_explain(member: Membership) -> bool:
    return member.may(Permission.REGISTRATION_SUBMIT)
