"""What the pages of a signal show, in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from referral.access.requests import MemberRequest
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals.actions import (
    OpenedDeepening,
    OpenedMerging,
    OpenedParking,
    OpenedQuestion,
    OpenedReading,
    OpenedSignal,
)
from signals.models import (
    AgeGroup,
    Chapter,
    DeepeningAnswer,
    Exploitation,
    PlaceKind,
    Sex,
    Signal,
    Strength,
)
from signals.rules import (
    can_amend,
    can_answer,
    can_deepen,
    can_hand_over,
    can_judge,
    can_move,
    can_read_second,
    can_split,
    can_take_up,
    can_withdraw,
    clock_due,
    feedback_due,
    side_holds,
    triage_due,
    urgency_reasons,
)
from signals.urgency import Level
from signals.views.changes import change, kin
from signals.views.facts import facts
from signals.views.said import item_groups, shown_answers
from signals.workflow import JUDGED, QuestionStatus, ReadingStatus, Side, Status

VERSION = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, for the timeline."""

    at: datetime
    label: str
    by: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What has to happen, and who has it."""

    step: str
    owner: str
    due: datetime | date | None = None
    mine: bool = False
    url: str = ""
    action: str = ""


def seen_version(request: MemberRequest) -> int | None:
    """Which version of the signal the page of this form showed; None when it does not say.

    What is no version is that of no page: 0.
    """
    version = request.POST.get("version")
    if version is None:
        return None
    return int(version) if VERSION.fullmatch(version) else 0


@dataclass(frozen=True, slots=True)
class Revision:
    """What a reporter added: the answers by chapter, with what speaks against apart."""

    opened: OpenedDeepening
    chapters: list[tuple[Chapter, list[DeepeningAnswer]]]
    against: list[DeepeningAnswer]


def tone(signal: Signal) -> str:
    """The colour beside the words of the urgency."""
    return "bad" if signal.urgency <= Level.DANGER else "waiting"


def signal_page(opened: OpenedSignal, member: Membership) -> dict[str, Any]:
    """Everything that the page of one signal shows to this member."""
    signal, inside = opened.signal, member.may(Permission.SIGNAL_TRIAGE)
    question = next((q for q in opened.questions if q.question.ended_at is None), None)
    parking = next((p for p in opened.parkings if p.parking.ended_at is None), None)
    reading = next((r for r in opened.readings if r.reading.read_at is None), None)
    merging = next((m for m in opened.mergings if m.merging.ended_at is None), None)
    handles = side_holds(member, signal, Side.HANDLER)
    return {
        "opened": opened,
        "signal": signal,
        "inside": inside,
        "status": Status(signal.status) if inside else signal.told_status,
        "facts": facts(signal),
        "said": shown_answers(opened.said),
        "groups": item_groups(opened.items, opened.said),
        "details": [(name.replace("_", " "), words(said)) for name, said in opened.details.items()],
        "timeline": timeline(opened, inside=inside),
        "next": next_step(opened, member, inside=inside),
        "reasons": ", ".join(urgency_reasons(signal)),
        "question": question,
        "parking": parking,
        "reading": reading,
        "returned": returned(opened),
        "merging": merging,
        "version": signal.version,
        "levels": opened.levels.of(signal),
        "can_take_up": can_take_up(member, signal),
        # Not `tone`: that would colour every badge on the page.
        "urgency_tone": tone(signal),
        "revisions": [revision(deepening) for deepening in opened.deepenings],
        "can_deepen": can_deepen(member, signal),
        "can_amend": can_amend(member, signal),
        "can_split": can_split(member, signal, [one.item for one in opened.items]),
        "can_withdraw": can_withdraw(member, signal),
        "changes": [change(opened, number) for number in range(len(opened.amendments))][::-1],
        "family": kin(opened),
        "would_help": would_help(opened),
        "can_judge": can_judge(member, signal),
        "can_ask": can_move(member, signal, Status.NEEDS_INFO),
        "can_answer": question is not None and can_answer(member, signal),
        "can_withdraw_question": question is not None and handles,
        "can_park": can_move(member, signal, Status.PARKED),
        "can_bring_back": parking is not None and handles,
        "can_merge": can_move(member, signal, Status.MERGED),
        "can_unmerge": merging is not None and signal.status == Status.MERGED and handles,
        "can_hand_over": can_hand_over(member, signal),
        "can_read_second": can_read_second(member, reading.reading if reading else None),
        "can_close": not lacks_feedback(opened) and can_move(member, signal, Status.CLOSED),
        "can_close_with_feedback": lacks_feedback(opened)
        and can_move(member, signal, Status.CLOSED),
        "may_register": not inside and member.may(Permission.REGISTRATION_SUBMIT),
    }


def returned(opened: OpenedSignal) -> OpenedReading | None:
    """The reading that gave it back to triage, until it is judged anew."""
    if opened.signal.status != Status.TRIAGE or not opened.readings:
        return None
    last = opened.readings[-1]
    return last if last.reading.status == ReadingStatus.RETURNED else None


def lacks_feedback(opened: OpenedSignal) -> bool:
    """Whether it is still to be told what the receiver of a forwarded signal did."""
    return opened.signal.status == Status.FORWARDED and opened.feedback is None


def revision(opened: OpenedDeepening) -> Revision:
    def chapter_of(answer: DeepeningAnswer) -> str:
        return answer.indicator.chapter

    against = [one for one in opened.answers if one.indicator.strength == Strength.CONTRA]
    signs = [one for one in opened.answers if one not in against]
    chapters = [(Chapter(chapter), list(rows)) for chapter, rows in groupby(signs, key=chapter_of)]
    return Revision(opened, chapters, against)


def would_help(opened: OpenedSignal) -> Sequence[str]:
    """What is not known yet, in words; it asks, and never blocks."""
    signal = opened.signal
    last = opened.deepenings[0] if opened.deepenings else None
    asked = {
        _("which indicators you know of, and how you know them"): not (last and last.answers),
        _("what you think is going on, apart from the facts"): not (last and last.interpretation),
        _("what happens there"): Exploitation.UNKNOWN in signal.forms,
        _("when it was seen"): signal.observed is None,
        _("what kind of place it is"): signal.place_kind == PlaceKind.UNKNOWN,
        _("how many people there are"): signal.n_victims is None,
        _("how old they seem to be"): signal.age_group == AgeGroup.UNKNOWN,
        _("whether they are male or female"): signal.sex == Sex.UNKNOWN,
    }
    return [words for words, unknown in asked.items() if unknown]


def words(said: object) -> str:
    return ", ".join(map(str, said)) if isinstance(said, list) else str(said)


def timeline(opened: OpenedSignal, *, inside: bool) -> list[Entry]:
    """What happened, newest first. Who at the expert centre did it, only they read."""
    signal = opened.signal
    entries = [Entry(signal.created_at, _("Received"), signal.reporter_organisation.name)]
    if signal.taken_up_at:
        who = str(signal.taken_up_by) if inside else ""
        entries.append(Entry(signal.taken_up_at, _("Taken up by the expert centre"), who))
    for asked in opened.questions:
        entries += question_entries(asked, inside=inside)
    for parked in opened.parkings:
        entries += parking_entries(parked)
    for read in opened.readings:
        entries += reading_entries(read)
    entries += [
        Entry(told.told_at, _("Term over: %s") % told.get_term_display())
        for told in opened.escalations
    ]
    for merged in opened.mergings:
        entries += merging_entries(merged)
    if signal.outcome_at:
        judge = str(opened.judgement.judged_by) if opened.judgement else ""
        entries.append(Entry(signal.outcome_at, signal.get_outcome_display(), judge))
    if signal.closed_at:
        entries.append(
            Entry(
                signal.closed_at,
                _("Closed"),
                str(signal.closed_by) if inside else "",
                opened.feedback.get_code_display() if opened.feedback else "",
            )
        )
    # Of one moment the later deed stands on top: sorting keeps the order of what is equal.
    entries += reporter_entries(opened)
    return sorted(entries, key=lambda entry: entry.at)[::-1]


def reporter_entries(opened: OpenedSignal) -> list[Entry]:
    """What the reporter's side added, changed and took back."""
    added, changed = _("The reporter added what they know"), _("The reporter changed the signal")
    entries = [Entry(deepening.at, added, deepening.by) for deepening in opened.deepenings[::-1]]
    entries += [Entry(one.at, changed, one.by, one.reason) for one in opened.amendments]
    if opened.withdrawal:
        taken = opened.withdrawal
        why = f"{taken.get_reason_display()}. {opened.why_withdrawn}"
        entries.append(Entry(taken.withdrawn_at, _("Taken back"), str(taken.withdrawn_by), why))
    return entries


def question_entries(opened: OpenedQuestion, *, inside: bool) -> list[Entry]:
    """Asked, reminded, ended. The reporter reads no name of the expert centre."""
    question = opened.question
    asker = str(question.began_by) if inside else _("the expert centre (EMM)")
    entries = [Entry(question.began_at, _("Question asked"), asker, opened.text)]
    if question.reminded_at:
        entries.append(Entry(question.reminded_at, _("Reminded of the question")))
    if question.ended_at:
        answered = question.status == QuestionStatus.ANSWERED
        who = str(question.ended_by) if answered else ""
        label = question.get_status_display()
        entries.append(Entry(question.ended_at, label, who, opened.answer))
    return entries


def parking_entries(opened: OpenedParking) -> list[Entry]:
    parking = opened.parking
    label = _("Parked until %s") % f"{parking.until:%d-%m-%Y}"
    entries = [Entry(parking.began_at, label, str(parking.began_by), opened.reason)]
    if parking.ended_at:
        entries.append(Entry(parking.ended_at, _("Back in triage"), str(parking.ended_by)))
    return entries


def merging_entries(opened: OpenedMerging) -> list[Entry]:
    merging = opened.merging
    label = _("Joined with %s") % merging.into.reference
    entries = [Entry(merging.began_at, label, str(merging.began_by), opened.reason)]
    if merging.ended_at:
        entries.append(Entry(merging.ended_at, _("Taken apart"), str(merging.ended_by)))
    return entries


def reading_entries(opened: OpenedReading) -> list[Entry]:
    reading = opened.reading
    proposer, reader = str(reading.proposed_by), str(reading.read_by)
    entries = [Entry(reading.proposed_at, _("Proposed not to pursue"), proposer)]
    if reading.read_at and reading.status == ReadingStatus.RETURNED:
        label = _("Given back by the second reader")
        entries.append(Entry(reading.read_at, label, reader, opened.remark))
    elif reading.read_at:
        entries.append(Entry(reading.read_at, _("Confirmed by the second reader"), reader))
    return entries


def next_step(opened: OpenedSignal, member: Membership, *, inside: bool) -> NextStep | None:
    """The next step and who has it; None when nothing more is to be done."""
    signal, centre = opened.signal, _("the expert centre (EMM)")
    handler = str(signal.taken_up_by) if inside else centre
    if signal.status == Status.RECEIVED:
        return NextStep(
            _("Take up this signal"), centre, triage_due(signal, opened.levels), mine=inside
        )
    if signal.status == Status.TRIAGE:
        due = clock_due(signal, opened.levels) if inside else None
        return NextStep(_("Judge this signal"), handler, due, mine=can_judge(member, signal))
    if lacks_feedback(opened) and inside:
        mine = can_move(member, signal, Status.CLOSED)
        due = feedback_due(signal, opened.levels)
        return NextStep(_("Close with the feedback of the receiver"), handler, due, mine=mine)
    if signal.status in JUDGED:
        return NextStep(
            _("Close this signal when nothing more is to be done"),
            handler,
            mine=can_move(member, signal, Status.CLOSED),
        )
    return waiting_step(opened, member, inside=inside)


def waiting_step(opened: OpenedSignal, member: Membership, *, inside: bool) -> NextStep | None:
    """What the expert centre waits for; that it is parked or read again, only they know."""
    signal, centre = opened.signal, _("the expert centre (EMM)")
    if signal.status == Status.NEEDS_INFO:
        reporter, mine = signal.reporter_organisation.name, can_answer(member, signal)
        due = opened.questions[-1].question.due_on
        return NextStep(_("Answer the question"), reporter, due, mine=mine)
    if signal.status == Status.PARKED and inside:
        due = opened.parkings[-1].parking.until
        return NextStep(_("Wait until the day has come"), str(signal.taken_up_by), due)
    if signal.status == Status.SECOND_READING and inside:
        reading = opened.readings[-1].reading
        return NextStep(
            _("Read the proposal a second time"),
            _("another analyst"),
            clock_due(signal, opened.levels, reading),
            mine=can_read_second(member, reading),
        )
    if signal.status in (Status.PARKED, Status.SECOND_READING):
        return NextStep(_("Judge this signal"), centre)
    return None
