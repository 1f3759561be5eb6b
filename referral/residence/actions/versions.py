"""The lines of a file as somebody saw them: nobody moves a line that was moved meanwhile."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from referral.audit.actions import record
from referral.lib.versions import Version, check_seen, mark_of
from referral.organisations.models import Membership
from referral.residence.models import PoliceReport, Reflection, ResidenceFile, Step, Track
from referral.residence.workflow import Line

AnyLine = Reflection | Track | PoliceReport
LINES: dict[Line, type[AnyLine]] = {
    Line.REFLECTION: Reflection,
    Line.TRACK: Track,
    Line.REPORT: PoliceReport,
}


def mark_of_line(file: ResidenceFile, line: Line, *, by: Membership) -> str:
    """The sign of a line as it stands; empty where this member sees none."""
    return _mark(_line(file, line, by=by))


def check_line(file: ResidenceFile, line: Line, seen: str | None, *, by: Membership) -> None:
    """Hold the line still for a deed in the same transaction. Raises StaleRefused."""
    if seen is not None:
        check_seen(_mark(_line(file, line, by=by, hold=True)), seen)


@transaction.atomic(savepoint=False)
def read_line(file: ResidenceFile, line: Line, *, by: Membership, at: datetime) -> Version:
    """Where a line stands now, since which day, and who moved it; the look is recorded."""
    row = _line(file, line, by=by)
    record("residence_file_opened", on=file, by=by, at=at)
    if row is None:
        return Version("", [])
    lines = [(_("Status"), str(row.get_status_display()))]
    step = Step.objects.visible_to(by).filter(file=file, line=line).oldest_first().last()
    if step is not None:
        lines.append((_("On which day?"), date_format(step.happened_on)))
    ends = {Line.REFLECTION: "ends_on", Line.TRACK: "permit_to"}.get(line)
    if ends and (day := getattr(row, ends)):
        lines.append((_("Holds until"), date_format(day)))
    return Version(_mark(row), lines, by=str(row.changed_by), at=row.changed_at)


def _line(file: ResidenceFile, line: Line, *, by: Membership, hold: bool = False) -> AnyLine | None:
    seen = LINES[line].objects.visible_to(by).filter(file=file).select_related("changed_by")
    found: AnyLine | None = (seen.select_for_update(of=["self"]) if hold else seen).first()
    return found


def _mark(row: AnyLine | None) -> str:
    return mark_of(row.status, row.changed_at, row.changed_by_id) if row else ""
