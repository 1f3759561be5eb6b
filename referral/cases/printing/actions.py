"""Printing a case file. Each section is read by its own deed, which records the look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import cast

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from referral.audit.actions import record
from referral.cases.actions import open_case, read_care_notes
from referral.cases.models import Case
from referral.cases.planning.actions import Planning, read_planning
from referral.cases.planning.actions.reading import ReadGoal
from referral.cases.printing.rules import PrintPurpose, PrintSection, check_print
from referral.cases.views.parts import Entry, Reading, summary, timeline
from referral.lib.ids import uuid7
from referral.lib.pdf import pdf_of_html
from referral.organisations.models import Membership
from referral.persons.actions import open_identity
from referral.persons.models import Person
from referral.registrations.templatetags.registered import born, nationalities
from referral.sharing.actions import list_consents

STYLE = Path(settings.BASE_DIR, "templates", "components", "paper.css")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text under its own line: a note, a goal, a task."""

    title: str
    text: str = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Printed:
    """A section as it stands on paper."""

    title: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


@transaction.atomic
def print_case(
    case: Case, *, sections: Sequence[str], purpose: str, by: Membership, at: datetime
) -> bytes:
    """The chosen sections as PDF; on each page who printed them, when and what for.

    Raises Case.DoesNotExist, and CaseRefused where a section is not this reader's.
    """
    case, reach = open_case(case, by=by, at=at)
    chosen = check_print(by, reach, sections=sections, purpose=purpose)
    if reach.reads_identity:
        case.person = Person.objects.visible_to(by).select_related("key").get(pk=case.person_id)
    made_for = str(PrintPurpose(purpose).label)
    record(
        "case_printed",
        on=case,
        by=by,
        at=at,
        grant=reach.grant or "",
        purpose=made_for,
        details={"sections": [section.value for section in chosen], "purpose": purpose},
    )
    paper = _Paper(Reading(case, reach, by, at))
    context = {
        "case": case,
        "purpose": made_for,
        "reader": by,
        "printed_at": timezone.localtime(at),
        "sections": [paper.section(section) for section in chosen],
        "language": get_language(),
    }
    html = render_to_string("printing/case_pdf.html", context)
    return pdf_of_html(html, style=STYLE.read_text(), identifier=str(uuid7()))


class _Paper:
    """Writes the sections of one case for one reader; what is planned is read once."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._writers: dict[PrintSection, Callable[[], Printed]] = {
            PrintSection.SUMMARY: self._summary,
            PrintSection.IDENTITY: self._identity,
            PrintSection.CONSENTS: self._consents,
            PrintSection.PLAN: self._plan,
            PrintSection.TASKS: self._tasks,
            PrintSection.RISK: self._risk,
            PrintSection.NOTES: self._notes,
            PrintSection.COURSE: self._course,
        }

    def section(self, section: PrintSection) -> Printed:
        return self._writers[section]()

    @cached_property
    def planning(self) -> Planning:
        reading = self.reading
        return read_planning(reading.case, by=reading.member, at=reading.at, reach=reading.reach)

    def _summary(self) -> Printed:
        facts = cast("list[tuple[str, object]]", summary(self.reading).data["facts"])
        case = self.reading.case
        status = (_("Status"), case.get_status_display())
        return _facts(PrintSection.SUMMARY, [status, *facts])

    def _identity(self) -> Printed:
        facts = open_identity(self.reading.case.person, by=self.reading.member, at=self.reading.at)
        known = [
            (_("Name"), facts.full_name),
            (_("Also called"), ", ".join(facts.aliases)),
            (_("Birth date"), born(facts)),
            (_("Nationalities"), nationalities(facts)),
            (_("Telephone"), facts.phone),
            (_("V-number"), facts.v_number),
        ]
        return _facts(PrintSection.IDENTITY, known)

    def _consents(self) -> Printed:
        case, by = self.reading.case, self.reading.member
        blocks = []
        for consent in list_consents(case.person, by=by, at=self.reading.at):
            more = [_("asked on %s") % _day(consent.asked_at)]
            if consent.recipient:
                more.append(consent.recipient.name)
            elif consent.recipient_kind:
                more.append(consent.get_recipient_kind_display())
            if consent.valid and consent.valid.upper:
                more.append(_("holds until %s") % _day(consent.valid.upper))
            title = f"{consent.get_purpose_display()}: {consent.get_state_display()}"
            blocks.append(Block(title, more=tuple(more)))
        return _blocks(PrintSection.CONSENTS, blocks)

    def _plan(self) -> Printed:
        plan = self.planning.situation.plan
        facts = []
        if plan is not None:
            facts = [
                (_("Status"), plan.get_status_display()),
                (_("agreed on").capitalize(), _day(plan.agreed_on)),
                (_("review before").capitalize(), _day(plan.review_on)),
            ]
        printed = _facts(PrintSection.PLAN, facts)
        printed.blocks.extend(_goal(one) for one in self.planning.goals)
        return printed

    def _tasks(self) -> Printed:
        blocks = [
            Block(
                f"{one.task.get_kind_display()}: {one.task.get_status_display()}",
                one.words,
                (_("before %s") % _day(one.task.due_on), str(one.task.owner or "")),
            )
            for one in self.planning.tasks
        ]
        return _blocks(PrintSection.TASKS, blocks)

    def _risk(self) -> Printed:
        blocks = [
            Block(
                f"{_day(one.risk.assessed_on)}: {one.risk.get_level_display()}",
                one.words,
                tuple(one.risk.factor_labels),
            )
            for one in self.planning.risks
        ]
        return _blocks(PrintSection.RISK, blocks)

    def _notes(self) -> Printed:
        reading = self.reading
        notes = read_care_notes(reading.case, by=reading.member, at=reading.at, reach=reading.reach)
        blocks = [
            Block(_moment(read.note.written_at), read.text, (str(read.note.written_by),))
            for read in notes
        ]
        return _blocks(PrintSection.NOTES, blocks)

    def _course(self) -> Printed:
        part = timeline(self.reading)
        entries = cast("list[Entry]", part.opened().data["entries"] if part else [])
        return _blocks(PrintSection.COURSE, [_entry(entry) for entry in entries])


def _goal(one: ReadGoal) -> Block:
    done = [f"{action.task.get_status_display()}: {action.words}" for action in one.actions]
    looks = [
        f"{_day(look.evaluation.held_on)}, {look.evaluation.get_reached_display()}: {look.words}"
        for look in one.evaluations
    ]
    return Block(one.goal.get_need_display(), one.words, (*done, *looks))


def _entry(entry: Entry) -> Block:
    return Block(f"{_moment(entry.at)}: {entry.label}", entry.text, (entry.by,))


def _facts(section: PrintSection, facts: Sequence[tuple[str, object]]) -> Printed:
    return Printed(str(section.label), [(label, str(value)) for label, value in facts if value])


def _blocks(section: PrintSection, blocks: list[Block]) -> Printed:
    return Printed(str(section.label), blocks=blocks)


def _day(day: date | None) -> str:
    if isinstance(day, datetime):
        day = timezone.localtime(day)
    return date_format(day, "DATE_FORMAT") if day else ""


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")
