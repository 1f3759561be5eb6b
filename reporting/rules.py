"""Who may order, propose, approve and download figures: each refusal in words."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.organisations.roles import Role
from reporting.models import Release, ReportProgramme
from reporting.workflow import MOVES, Side, Status


class MoveRefused(Refused, PermissionDenied):
    """The table does not know this move, or it is somebody else's to make."""


def can_publish(member: Membership, programme: ReportProgramme) -> bool:
    """django-guardian holds it: the role-groups to which a programme was given."""
    if member.role == Role.SERVICE_STATISTICS:
        return True
    return member.user.has_perm("reporting.publish_programme", programme)


def sides_of(member: Membership, release: Release) -> set[Side]:
    """Where a member stands towards a release; who proposed it does not approve it."""
    sides = set()
    if member.may(Permission.TRUE_COUNTS):
        sides.add(Side.SERVICE)
    if not can_publish(member, release.programme):
        return sides
    if member.may(Permission.RELEASE_PROPOSE):
        sides.add(Side.PROPOSER)
    if member.may(Permission.RELEASE_APPROVE) and release.proposed_by_id != member.user_id:
        sides.add(Side.APPROVER)
    return sides


def can_move(member: Membership, release: Release, to: Status) -> bool:
    mover = MOVES[Status(release.status)].get(to)
    return mover is not None and mover in sides_of(member, release)


def check_move(member: Membership, release: Release, to: Status) -> None:
    if can_move(member, release, to):
        return
    if to == Status.SEALED and release.proposed_by_id == member.user_id:
        raise MoveRefused(_("You proposed this release; a colleague must approve it."))
    raise MoveRefused(
        _("This release is “%(status)s” now; that can no longer be done.")
        % {"status": release.get_status_display()}
    )


def check_order(member: Membership, programme: ReportProgramme) -> None:
    if not (member.may(Permission.RELEASE_COMPUTE) and can_publish(member, programme)):
        raise MoveRefused(_("You may not publish this programme."))


def quarter_before(day: date) -> tuple[date, date]:
    """The last whole quarter before a day, half-open."""
    first_month = 3 * ((day.month - 1) // 3) + 1
    end = date(day.year, first_month, 1)
    begin = date(end.year - 1, 10, 1) if end.month == 1 else date(end.year, end.month - 3, 1)
    return begin, end


def quarter_name(begin: date) -> str:
    return f"{begin.year} Q{(begin.month - 1) // 3 + 1}"


def recent_periods(day: date, quarters: int = 8, years: int = 3) -> dict[str, tuple[date, date]]:
    """The last whole quarters and calendar years before a day, newest first, by name."""
    periods = {}
    begin = day
    for _number in range(quarters):
        begin, end = quarter_before(begin)
        periods[quarter_name(begin)] = (begin, end)
    for year in range(day.year - 1, day.year - 1 - years, -1):
        periods[str(year)] = (date(year, 1, 1), date(year + 1, 1, 1))
    return periods
