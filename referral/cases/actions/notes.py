"""Care notes: written by who works on the case, read by who holds the full file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.models import DataKey
from referral.audit.actions import Line, record, record_many
from referral.cases.actions.holding import hold
from referral.cases.models import CareNote, Case
from referral.cases.rules import CaseRefused, Reach, check_note, check_work, reach_of, reaches_of
from referral.lib.moments import When, moments
from referral.organisations.models import Membership


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is to be written, and in which case."""

    case: Case
    text: str


@dataclass(frozen=True, slots=True)
class ReadNote:
    """A note with its words."""

    note: CareNote
    text: str


def write_care_note(case: Case, *, text: str, by: Membership, at: datetime) -> CareNote:
    """One note; see write_care_notes."""
    return write_care_notes([Entry(case=case, text=text)], by=by, at=at)[0]


@transaction.atomic
def write_care_notes(entries: Sequence[Entry], *, by: Membership, at: When) -> list[CareNote]:
    """Keep these notes, each sealed under the key of the person whom it is about.

    Raises MoveRefused when the organisation does not work on a case any more, CaseRefused when
    there are no words.
    """
    times = moments(at, len(entries))
    held = {case.pk: case for case in hold([entry.case for entry in entries], by=by)}
    for pk, reach in reaches_of(held.values(), by).items():
        check_work(by, held[pk], reach)
    prefetch_related_objects(list(held.values()), "person__key")
    notes = []
    for entry, moment in zip(entries, times, strict=True):
        case = held[entry.case.pk]
        note = CareNote(
            case=case,
            organisation_id=by.organisation_id,
            written_at=moment,
            written_by_id=by.user_id,
        )
        note.seal_text(check_note(entry.text), key=key_of(case))
        notes.append(note)
    CareNote.objects.bulk_create(notes, batch_size=1000)
    lines = [
        Line(action="care_note_written", on=note.case, ids=[note.pk], at=note.written_at)
        for note in notes
    ]
    record_many(lines, by=by, at=timezone.now())
    return notes


@transaction.atomic(savepoint=False)
def read_care_notes(
    case: Case, *, by: Membership, at: datetime, reach: Reach | None = None
) -> list[ReadNote]:
    """All notes of a case with their words, newest first; the look is recorded with their keys.

    For who may not read notes there are none, and nothing is recorded. `reach` spares a query
    where the case has just been opened; it opens nothing.
    """
    found = list(
        CareNote.objects.visible_to(by)
        .filter(case=case)
        .select_related("written_by", "organisation")
        .newest_first()
    )
    if not found:
        return []
    key = key_of(case)
    record(
        "care_notes_read",
        on=case,
        by=by,
        at=at,
        ids=[note.pk for note in found],
        grant=(reach or reach_of(case, by)).grant or "",
    )
    return [ReadNote(note, note.opened_text(key=key)) for note in found]


def key_of(case: Case) -> DataKey:
    """The key of the person. Raises CaseRefused when it was destroyed: then all is erased."""
    key = case.person.key
    if key is None:
        raise CaseRefused(_("The data of this person have been erased."))
    return key
