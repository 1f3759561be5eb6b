"""The part of the case file on residence and police report, as far as the reader may know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from referral.cases.views.paper import Block, Paper, in_days
from referral.cases.views.parts import Part, Reading
from referral.organisations.permissions import Permission
from referral.residence.actions import OpenedFile, days_of, open_file_of
from referral.residence.models import Deadline, PoliceReport
from referral.residence.views.picture import picture_of

READERS = (Permission.RESIDENCE_READ_GRANTED, Permission.RESIDENCE_READ_ALL)


def residence(reading: Reading) -> Part | None:
    """A coordinator and the national desk see the file; a shelter one day; others nothing."""
    member, at, person = reading.member, reading.at, reading.case.person_id
    title = _("Residence and police report")
    if member.may(Permission.REFLECTION_READ_END) and reading.reach.reads_identity:
        days = days_of(person, by=member, at=at)
        if not days:
            return None
        return Part(
            "residence",
            title,
            "residence/_part.html",
            {"days": days},
            paper=lambda: Paper(_days(days)),
        )
    if not any(map(member.may, READERS)) or not reading.reach.reads_header:
        return None

    def fetch() -> Mapping[str, object]:
        opened = open_file_of(person, by=member, at=at)
        picture = picture_of(opened, today=timezone.localdate(at)) if opened else None
        return {"opened": opened, "picture": picture}

    def paper() -> Paper:
        opened = open_file_of(person, by=member, at=at)
        return _on_paper(opened) if opened else Paper()

    return Part("residence", title, "residence/_part.html", fetch=fetch, paper=paper)


def _on_paper(opened: OpenedFile) -> Paper:
    """What the part shows: never what the police keep for themselves (`police_side`)."""
    facts = [(_("Residence file"), opened.file.reference), *_days(opened.deadlines)]
    lines = [_reflection(opened), _track(opened)]
    return Paper(facts, [*lines, _report(opened.report)] if opened.report else lines)


def _days(deadlines: Sequence[Deadline]) -> list[tuple[str, object]]:
    return [(one.get_kind_display(), in_days(one.ends_on)) for one in deadlines]


def _reflection(opened: OpenedFile) -> Block:
    line = opened.reflection
    return _line(
        _("Reflection period"),
        line.get_status_display(),
        [
            (_("Offered on"), _joined(in_days(line.offered_on), line.get_ground_display())),
            (_("Declined on"), in_days(line.declined_on)),
            (_("Day on form M55"), _joined(in_days(line.starts_on), line.get_term_display())),
            (_("Last day"), in_days(line.ends_on)),
            (_("Departure suspended on"), in_days(line.suspended_on)),
            (_("Ended on"), _joined(in_days(line.ended_on), line.get_end_reason_display())),
        ],
    )


def _track(opened: OpenedFile) -> Block:
    line = opened.track
    permit = _("from %(begins)s until %(ends)s") % {
        "begins": in_days(line.permit_from),
        "ends": in_days(line.permit_to),
    }
    return _line(
        _("Residence"),
        line.get_status_display(),
        [
            (_("Form M55 sent on"), in_days(line.m55_sent_on)),
            (_("Last decision on"), in_days(line.decided_on)),
            (_("Ground (Vb 3.48)"), line.get_ground_display()),
            (_("Permit"), permit if line.permit_from else ""),
            (_("Continued stay"), line.get_continued_ground_display()),
            (_("Continued stay can be asked from"), in_days(opened.continued_from)),
            (_("Criminal case ended on"), in_days(line.ground_fell_on)),
        ],
    )


def _report(line: PoliceReport) -> Block:
    return _line(
        _("Police report"),
        line.get_status_display(),
        [
            (_("Since"), in_days(line.status_on)),
            (_("Informative talk"), in_days(line.talk_on)),
            (_("Reported on"), in_days(line.reported_on)),
            (_("The person was told on"), in_days(line.informed_on)),
        ],
    )


def _line(name: str, status: str, facts: Sequence[tuple[str, str]]) -> Block:
    return Block(f"{name}: {status}", more=[f"{label}: {said}" for label, said in facts if said])


def _joined(day: str, code: str) -> str:
    """A day with what it says beside it; nothing where there is no day."""
    return ", ".join(filter(None, [day, code])) if day else ""
