"""Who may sit at a case table, and what may be done with it: each refusal in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from referral.cases.planning.rules import PlanningRefused
from referral.cases.referrals.rules import RECEIVERS
from referral.cases.rules import CaseRefused, MoveRefused
from referral.cases.tables.models import CaseTable
from referral.cases.tables.workflow import TABLE_MOVES, TableStatus
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType
from referral.persons.models import Person
from referral.sharing.matrix.rules import Ruling
from referral.sharing.rules import Ground, Sharing, SharingRefused

#: Who can be asked: helpers, and coordinators of other regions.
INVITED = (*RECEIVERS, OrganisationType.CARE_COORD)
LONGEST_AHEAD = timedelta(days=366)


def check_day(day: date | None, *, today: date) -> date:
    if day is None or not today <= day <= today + LONGEST_AHEAD:
        raise PlanningRefused(held_on=_("Choose a day from today, within a year."))
    return day


def check_guests(guests: Sequence[Organisation], *, by: Membership) -> None:
    """At least one other organisation, and each once."""
    if not guests or len({guest.pk for guest in guests}) < len(guests):
        raise CaseRefused(_("Choose at least one organisation, and each only once."))
    for guest in guests:
        wrong = guest.type not in INVITED or guest.closed_at is not None
        if wrong or guest.pk == by.organisation_id:
            raise CaseRefused(_("%s cannot be invited to a case table.") % guest.name)


def ground_for(
    guest: Organisation, person: Person, *, sharing: Sharing, at: datetime
) -> tuple[Ruling, Ground | None]:
    """What the invitation rests on. Raises SharingRefused, which says for whom it is."""
    try:
        ruling = sharing.check(person, recipient=guest, at=at, named=True)
    except SharingRefused as refusal:
        raise SharingRefused(f"{guest.name}: {refusal}") from refusal
    return ruling, sharing.ground(person, recipient=guest, at=at, named=True)


def can_move_table(table: CaseTable, to: TableStatus) -> bool:
    return to in TABLE_MOVES[TableStatus(table.status)]


def check_move_table(table: CaseTable, to: TableStatus) -> None:
    if not can_move_table(table, to):
        raise MoveRefused(
            _("This case table is now “%(status)s”; this can no longer be done.")
            % {"status": table.get_status_display()}
        )


def check_held(table: CaseTable, *, today: date) -> None:
    if table.held_on > today:
        raise CaseRefused(_("The day of the meeting has not come yet."))


def check_agrees(table: CaseTable, organisation: Organisation, guests: Sequence[int]) -> None:
    """Agreements are made at the meeting, with who called it or is invited."""
    if table.status != TableStatus.HELD:
        raise CaseRefused(_("Agreements are written down when the meeting has been held."))
    if organisation.pk not in guests:
        raise CaseRefused(_("This organisation was not at the table."))
