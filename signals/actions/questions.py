"""A question to the reporter: asked, answered, taken back, reminded of, or never answered.

Whoever ends a question writes the question alone; the database brings its signal back to triage
in the same statement and adds the wait to `Signal.paused` (baken.pause_gives_back).
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.models import DataKey
from referral.access.secrets import seal, unseal
from referral.audit.actions import record
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from signals.actions.levels import level_book
from signals.actions.triage import keys_of, lock, tell_handler, write
from signals.models import Question, Signal
from signals.rules import (
    MoveRefused,
    answer_due,
    check_answer,
    check_handles,
    check_move,
    check_words,
    no_answer_came,
)
from signals.workflow import QuestionStatus, Status


@transaction.atomic
def ask_question(signal: Signal, *, question: str, by: Membership, at: datetime) -> Question:
    """Ask who reported for more; the clock of triage stands still until an answer comes.

    Raises MoveRefused when the signal is somebody else's or a question is open already.
    """
    [signal] = lock([signal], by=by)
    check_move(by, signal, Status.NEEDS_INFO)
    question = check_words(question, answer="question", empty=_("Write down your question."))

    due = answer_due(at, levels=level_book(by=by).of(signal))
    asked = Question(signal=signal, began_at=at, began_by=by.user, due_on=due)
    asked.sealed = seal(
        {"question": question}, key=keys_of([signal], by=by)[signal.pk], about=about(asked.pk)
    )
    asked.save(force_insert=True)
    signal.status = Status.NEEDS_INFO
    write([signal], ["status"])

    record("signal_question_asked", by=by, at=at, on=signal)
    _tell_reporter(Kind.SIGNAL_ASKED, signal, at=at)
    return asked


@transaction.atomic
def answer_question(
    signal: Signal, *, answer: str, by: Membership, at: datetime, to: UUID | None = None
) -> Question:
    """Who reported, or a colleague, answers; the signal is back in triage.

    Raises MoveRefused when the question that was read (`to`, when that is known) is open no more.
    """
    question = _lock_open(signal, by=by)
    if to is not None and question.pk != to:
        raise MoveRefused(_("There is no open question on this signal any more."))
    check_answer(by, question.signal)
    answer = check_words(answer, answer="answer", empty=_("Write down your answer."))

    key = keys_of([question.signal], by=by)[question.signal_id]
    question.answer = seal({"answer": answer}, key=key, about=about(question.pk, "answer"))
    _end(question, QuestionStatus.ANSWERED, by=by, at=at)
    record("signal_question_answered", by=by, at=at, on=question.signal)
    tell_handler(Kind.SIGNAL_ANSWERED, question.signal, at=at)
    return question


@transaction.atomic
def withdraw_question(signal: Signal, *, by: Membership, at: datetime) -> Question:
    """The handler needs no answer any more."""
    question = _lock_open(signal, by=by)
    check_handles(by, question.signal)

    _end(question, QuestionStatus.WITHDRAWN, by=by, at=at)
    record("signal_question_withdrawn", by=by, at=at, on=question.signal)
    return question


@transaction.atomic
def remind_reporters(*, by: Membership, at: datetime) -> int:
    """Say once that an answer is late; tells how many were reminded."""
    late = _lock_late(timezone.localdate(at), by=by)
    fresh = [question for question in late if question.reminded_at is None]
    for question in fresh:
        question.reminded_at = at
        question.save(update_fields=["reminded_at"])
        record("signal_reporter_reminded", by=by, at=at, on=question.signal)
        _tell_reporter(Kind.SIGNAL_ASKED_AGAIN, question.signal, at=at)
    return len(fresh)


@transaction.atomic
def end_unanswered(*, by: Membership, at: datetime) -> int:
    """Bring back to triage what no answer came to, some working days after the reminder."""
    late = _lock_late(timezone.localdate(at), by=by)
    book = level_book(by=by)
    over = [
        question
        for question in late
        if no_answer_came(question, at=at, levels=book.of(question.signal))
    ]
    for question in over:
        _end(question, QuestionStatus.UNANSWERED, by=by, at=at)
        record("signal_question_unanswered", by=by, at=at, on=question.signal)
        tell_handler(Kind.SIGNAL_UNANSWERED, question.signal, at=at)
    return len(over)


def _lock_open(signal: Signal, *, by: Membership) -> Question:
    found = Question.objects.visible_to(by).with_people().open().filter(signal=signal.pk)
    question = found.select_for_update(of=["self"]).first()
    if question is None:
        raise MoveRefused(_("There is no open question on this signal any more."))
    return question


def _lock_late(today: date, *, by: Membership) -> list[Question]:
    late = Question.objects.visible_to(by).with_people().due_before(today)
    return list(late.order_by("pk").select_for_update(of=["self"], skip_locked=True))


def _end(question: Question, status: QuestionStatus, *, by: Membership, at: datetime) -> None:
    question.status, question.ended_at, question.ended_by = status, at, by.user
    question.save(update_fields=["status", "ended_at", "ended_by", "answer"])


def _tell_reporter(kind: Kind, signal: Signal, *, at: datetime) -> None:
    post(kind, to=signal.reporter_organisation, user=signal.created_by, on=signal, at=at)


def words_of(question: Question, key: DataKey) -> tuple[str, str]:
    """The question and the answer; the answer is empty while there is none."""
    asked = unseal(bytes(question.sealed), key=key, about=about(question.pk))
    if question.answer is None:
        return str(asked["question"]), ""
    said = unseal(bytes(question.answer), key=key, about=about(question.pk, "answer"))
    return str(asked["question"]), str(said["answer"])


def about(pk: UUID, part: str = "question") -> str:
    """What the sealed words of a question say they are about; elsewhere they do not open."""
    return f"signals_question|{pk}|{part}|1"
