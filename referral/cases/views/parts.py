"""The parts of the case file: each a small function that says what one reader may see.

A part is a title, a template and what that template shows. What is not needed at the first glance
stays folded: it is fetched, and its reading recorded, when the reader opens it. A room above adds
its own: it hands `case_page` a function with the same signature (referral.cases.views.file). A
part that may be printed brings its paper along: who does not see the part does not print it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Protocol, Self

from django.http import QueryDict
from django.utils.translation import gettext as _

from referral.cases import actions
from referral.cases.forms import NoteForm
from referral.cases.models import Case, Handoff
from referral.cases.rules import Reach
from referral.cases.views.paper import Block, Paper, in_days, in_moments
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.oversight.querysets import openings
from referral.persons.actions import open_identity
from referral.registrations.templatetags.registered import born, nationalities
from referral.sharing.actions import list_consents
from referral.sharing.models import Consent


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the page; `slug` is its address on the page, in the rail and in links."""

    slug: str
    title: str
    template: str
    data: Mapping[str, object] = field(default_factory=dict)
    #: Fetches the data once the reader opens the part, or `at_once`; until then it is folded.
    fetch: Callable[[], Mapping[str, object]] | None = None
    at_once: bool = False
    #: Reads the part by its recorded deed and writes it on paper; None where it is not printed.
    paper: Callable[[], Paper] | None = None

    @property
    def is_folded(self) -> bool:
        return self.fetch is not None

    def opened(self) -> Self:
        return self if self.fetch is None else replace(self, data=self.fetch(), fetch=None)


@dataclass(frozen=True)
class Reading:
    """Who reads which case, how far, and when: what every part is asked with."""

    case: Case
    reach: Reach
    member: Membership
    at: datetime
    #: What the reader typed in the form on this page before, and kept.
    typed: Callable[[], QueryDict | None] = lambda: None

    @property
    def works(self) -> bool:
        """The reader may write in the case now."""
        return self.reach.works and self.case.status == CaseStatus.ACTIVE

    @cached_property
    def handoffs(self) -> list[Handoff]:
        """All of this case that the reader sees, the newest first."""
        found = Handoff.objects.visible_to(self.member).filter(case=self.case)
        return list(found.with_names().order_by("-offered_at", "pk"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, for the timeline."""

    at: datetime
    label: str
    by: str = ""
    text: str = ""


#: None when there is nothing for this reader.
PartMaker = Callable[[Reading], Part | None]


class NextStep(Protocol):
    """What comes next, who has it, and before which day."""

    @property
    def words(self) -> str: ...
    @property
    def who(self) -> str: ...
    @property
    def due(self) -> date | None: ...
    @property
    def part(self) -> str: ...


StepMaker = Callable[[Reading], NextStep | None]


def summary(reading: Reading) -> Part:
    case = reading.case
    facts: list[tuple[str, object]] = [
        (_("Responsible"), case.owner_organisation.name),
        (_("Coordinator"), str(case.coordinator or "")),
        (_("Care region"), case.care_region.name),
        (_("Priority"), case.get_priority_display()),
        (_("Needs"), ", ".join(case.need_labels)),
        (_("Age group"), case.age_label),
    ]
    if case.status == CaseStatus.CLOSED:
        facts += [
            (_("Closed because"), case.get_closure_reason_display()),
            (_("Outcome"), case.get_outcome_display()),
            (_("The person is informed"), _("Yes") if case.person_informed else _("No")),
        ]
    if case.status == CaseStatus.INTAKE:
        facts[1] = (_("Offered to"), str(case.offered_to or ""))  # nobody coordinates it yet
    data = {
        "facts": facts,
        "works": reading.works,
        "manages": reading.reach.manages,
        "may_offer": case.status == CaseStatus.INTAKE
        and case.owner_organisation_id == reading.member.organisation_id
        and reading.member.may(Permission.CASE_OFFER),
    }
    status = (_("Status"), case.get_status_display())
    return Part(
        "summary",
        _("Summary"),
        "cases/parts/summary.html",
        data,
        paper=lambda: Paper([status, *facts]),
    )


def identity(reading: Reading) -> Part | None:
    """Only the door: who somebody is, is shown after asking, and then it is recorded."""
    if not reading.reach.reads_identity:
        return None
    data = {"person": reading.case.person}
    return Part(
        "identity",
        _("Identity"),
        "cases/parts/identity.html",
        data,
        paper=lambda: _identity_on_paper(reading),
    )


def _identity_on_paper(reading: Reading) -> Paper:
    facts = open_identity(reading.case.person, by=reading.member, at=reading.at)
    return Paper(
        [
            (_("Name"), facts.full_name),
            (_("Also called"), ", ".join(facts.aliases)),
            (_("Birth date"), born(facts)),
            (_("Nationalities"), nationalities(facts)),
            (_("Telephone"), facts.phone),
            (_("V-number"), facts.v_number),
        ]
    )


def consents(reading: Reading) -> Part | None:
    if not (reading.reach.reads_all and reading.member.may(Permission.CONSENT_READ)):
        return None

    def listed() -> list[Consent]:
        return list_consents(reading.case.person, by=reading.member, at=reading.at)

    return Part(
        "consents",
        _("Consents"),
        "cases/parts/consents.html",
        fetch=lambda: {"consents": listed(), "works": reading.works},
        paper=lambda: Paper(blocks=[_consent_on_paper(consent) for consent in listed()]),
    )


def _consent_on_paper(consent: Consent) -> Block:
    more = [_("asked on %s") % in_days(consent.asked_at)]
    if consent.recipient:
        more.append(consent.recipient.name)
    elif consent.recipient_kind:
        more.append(consent.get_recipient_kind_display())
    if consent.valid and consent.valid.upper:
        more.append(_("holds until %s") % in_days(consent.valid.upper))
    return Block(f"{consent.get_purpose_display()}: {consent.get_state_display()}", more=more)


def notes(reading: Reading) -> Part | None:
    """Nothing for a role that reads none: it would say that there are no notes."""
    readers = (Permission.CARE_NOTE_READ, Permission.EMERGENCY_READ_NOTES)
    if not (reading.reach.reads_all and any(map(reading.member.may, readers))):
        return None

    def read() -> list[actions.ReadNote]:
        return actions.read_care_notes(
            reading.case, by=reading.member, at=reading.at, reach=reading.reach
        )

    def fetch() -> Mapping[str, object]:
        form = NoteForm(reading.typed()) if reading.works else None
        return {"notes": read(), "form": form}

    def paper() -> Paper:
        return Paper(
            blocks=[
                Block(in_moments(one.note.written_at), one.text, [str(one.note.written_by)])
                for one in read()
            ]
        )

    return Part("notes", _("Care notes"), "cases/parts/notes.html", fetch=fetch, paper=paper)


def handoffs(reading: Reading) -> Part | None:
    if not (reading.reach.reads_all and reading.member.may(Permission.HANDOFF_ANSWER)):
        return None

    def fetch() -> Mapping[str, object]:
        return {
            "handoffs": reading.handoffs,
            "can_offer": reading.works and reading.reach.manages and not reading.case.offered_to_id,
            "draft": any(handoff.is_draft for handoff in reading.handoffs),
        }

    return Part("handoff", _("Handoff"), "cases/parts/handoffs.html", fetch=fetch)


def timeline(reading: Reading) -> Part | None:
    """What happened, newest first; of a note only that it was written."""
    if not reading.reach.reads_header:
        return None

    def paper() -> Paper:
        return Paper(
            blocks=[
                Block(f"{in_moments(entry.at)}: {entry.label}", entry.text, [entry.by])
                for entry in _entries(reading)
            ]
        )

    return Part(
        "timeline",
        _("What happened"),
        "cases/parts/timeline.html",
        fetch=lambda: {"entries": _entries(reading)},
        paper=paper,
    )


def _entries(reading: Reading) -> list[Entry]:
    case = reading.case
    entries = [Entry(case.opened_at, _("Opened by the national desk"))]
    if case.accepted_at:
        entries.append(Entry(case.accepted_at, _("Accepted by a care coordinator")))
    if case.closed_at:
        entries.append(Entry(case.closed_at, _("Closed"), text=case.get_closure_reason_display()))
    if reading.reach.reads_all:
        for handoff in reading.handoffs:
            entries += _of_handoff(handoff)
    entries.sort(key=lambda entry: entry.at)
    entries.reverse()
    return entries


def _of_handoff(handoff: Handoff) -> list[Entry]:
    sender, receiver = handoff.from_organisation, handoff.to_organisation
    if handoff.is_draft:
        return [Entry(handoff.offered_at, _("A handoff is being prepared"), by=str(sender))]
    entries = [Entry(handoff.offered_at, _("Offered to %s") % receiver, by=str(sender))]
    if handoff.answered_at:
        taken_over = _("Taken over by %s") % receiver
        answers = {
            HandoffStatus.ACCEPTED: taken_over,
            HandoffStatus.COMPLETED: taken_over,
            HandoffStatus.DECLINED: _("Declined by %s") % receiver,
            HandoffStatus.WITHDRAWN: _("The handoff was withdrawn"),
            HandoffStatus.EXPIRED: _("The handoff was not answered in time"),
        }
        why = handoff.get_decline_reason_display()
        entries.append(Entry(handoff.answered_at, answers[HandoffStatus(handoff.status)], text=why))
    if handoff.completed_at:
        entries.append(Entry(handoff.completed_at, _("The coordinators met"), by=str(receiver)))
    return entries


def opened(reading: Reading) -> Part | None:
    if not reading.reach.reads_header:
        return None
    return Part(
        "opened",
        _("Who opened this"),
        "cases/parts/opened.html",
        fetch=lambda: {"openings": openings(reading.case)},
    )


#: In the order of the page; what rooms above add comes after FIRST.
FIRST: tuple[PartMaker, ...] = (summary, identity, consents)
LAST: tuple[PartMaker, ...] = (notes, handoffs, timeline, opened)
