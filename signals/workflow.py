"""The life of a signal and of an import, as tables. A move that is not listed does not exist.

The trigger `signal_moves_along_the_table` in the database says the same;
tests/signals/test_workflow.py walks every pair of statuses through both.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a signal stands (status van een signaal)."""

    RECEIVED = "received", _("Received")
    TRIAGE = "triage", _("In triage")
    NEEDS_INFO = "needs_info", _("Question to the reporter")
    PARKED = "parked", _("Parked until a date")
    SECOND_READING = "second_reading", _("With a second reader")
    MERGED = "merged", _("Joined with another")
    FORWARDED = "forwarded", _("Forwarded")
    MONITORED = "monitored", _("Monitored")
    REJECTED = "rejected", _("Not pursued")
    WITHDRAWN = "withdrawn", _("Taken back by the reporter")
    CLOSED = "closed", _("Closed")


class Side(StrEnum):
    """Whose move it is."""

    ANALYST = "analyst"  # anyone who triages at the expert centre
    HANDLER = "handler"  # the analyst who took the signal up, or the coordinator
    READER = "reader"  # anyone who judges, except who proposed to reject
    REPORTER = "reporter"  # who reported, or a colleague who reads the signal as well
    CLOCK = "clock"  # the service that keeps the terms


_HANDLER = frozenset({Side.HANDLER})
_REPORTER = frozenset({Side.REPORTER})

# From a status, to a status, and whose move it is: one of these sides.
MOVES: dict[Status, dict[Status, frozenset[Side]]] = {
    Status.RECEIVED: {Status.TRIAGE: frozenset({Side.ANALYST}), Status.WITHDRAWN: _REPORTER},
    Status.TRIAGE: {
        Status.WITHDRAWN: _REPORTER,
        Status.NEEDS_INFO: _HANDLER,
        Status.PARKED: _HANDLER,
        Status.SECOND_READING: _HANDLER,
        Status.MERGED: _HANDLER,
        Status.FORWARDED: _HANDLER,
        Status.MONITORED: _HANDLER,
    },
    # The reporter answers, the handler takes the question back, or no answer came in time.
    Status.NEEDS_INFO: {Status.TRIAGE: frozenset({Side.REPORTER, Side.HANDLER, Side.CLOCK})},
    Status.PARKED: {Status.TRIAGE: frozenset({Side.HANDLER, Side.CLOCK})},
    Status.SECOND_READING: {
        Status.REJECTED: frozenset({Side.READER}),
        Status.TRIAGE: frozenset({Side.READER}),
    },
    Status.MERGED: {Status.TRIAGE: _HANDLER, Status.CLOSED: _HANDLER},
    Status.FORWARDED: {Status.CLOSED: _HANDLER},
    Status.MONITORED: {Status.CLOSED: _HANDLER},
    Status.REJECTED: {Status.CLOSED: _HANDLER},
    Status.WITHDRAWN: {},
    Status.CLOSED: {},
}

BEGIN = Status.RECEIVED
OPEN = tuple(status for status in Status if MOVES[status])
#: The clock of triage runs; while a signal waits for somebody else it stands still. A second
#: reading has a term of its own.
CLOCK_RUNS = (Status.RECEIVED, Status.TRIAGE)
#: What only the expert centre knows; for others such a signal is in triage.
INSIDE = (Status.PARKED, Status.SECOND_READING)
JUDGED = (Status.FORWARDED, Status.MONITORED, Status.REJECTED)
#: The reporter has heard an outcome.
TOLD = (*JUDGED, Status.MERGED, Status.WITHDRAWN)


class Verdict(models.TextChoices):
    """What the expert centre decides (oordeel). The reporter hears this code and no more."""

    FORWARDED = "forwarded", _("Forwarded for investigation")
    MONITORED = "monitored", _("Kept in view, not forwarded now")
    REJECTED = "rejected", _("Not pursued as trafficking")


class Outcome(models.TextChoices):
    """What the reporter hears (uitkomst): the verdict, that another report is about the same, or
    that it was taken back.
    """

    FORWARDED = Verdict.FORWARDED.value, Verdict.FORWARDED.label
    MONITORED = Verdict.MONITORED.value, Verdict.MONITORED.label
    REJECTED = Verdict.REJECTED.value, Verdict.REJECTED.label
    MERGED = "merged", _("Joined with another report")
    WITHDRAWN = "withdrawn", _("Taken back by the reporter")


#: Where a verdict brings a signal. Rejecting takes two: it is proposed first, and then confirmed.
AFTER_VERDICT: dict[Verdict, Status] = {
    Verdict.FORWARDED: Status.FORWARDED,
    Verdict.MONITORED: Status.MONITORED,
    Verdict.REJECTED: Status.SECOND_READING,
}


class QuestionStatus(models.TextChoices):
    """Where a question to the reporter stands (status van een vraag)."""

    ASKED = "asked", _("Question asked")
    ANSWERED = "answered", _("Answered")
    UNANSWERED = "unanswered", _("No answer came")
    WITHDRAWN = "withdrawn", _("Question taken back")


QUESTION_MOVES: dict[QuestionStatus, dict[QuestionStatus, Side]] = {
    QuestionStatus.ASKED: {
        QuestionStatus.ANSWERED: Side.REPORTER,
        QuestionStatus.UNANSWERED: Side.CLOCK,
        QuestionStatus.WITHDRAWN: Side.HANDLER,
    },
    QuestionStatus.ANSWERED: {},
    QuestionStatus.UNANSWERED: {},
    QuestionStatus.WITHDRAWN: {},
}


class ReadingStatus(models.TextChoices):
    """Where a second reading stands (status van een tweede lezing)."""

    WAITING = "waiting", _("Waiting for a second reader")
    CONFIRMED = "confirmed", _("Confirmed")
    RETURNED = "returned", _("Given back")


READING_MOVES: dict[ReadingStatus, dict[ReadingStatus, Side]] = {
    ReadingStatus.WAITING: {
        ReadingStatus.CONFIRMED: Side.READER,
        ReadingStatus.RETURNED: Side.READER,
    },
    ReadingStatus.CONFIRMED: {},
    ReadingStatus.RETURNED: {},
}


class Feedback(models.TextChoices):
    """What became of a forwarded signal, as its receiver says (terugkoppeling)."""

    STARTED = "started", _("An investigation was started")
    JOINED = "joined", _("It was added to a running investigation")
    TOO_LITTLE = "too_little", _("There were too few leads")
    ADMINISTRATIVE = "administrative", _("The municipality acts (administrative route)")
    CARE_ONLY = "care_only", _("Care only")


class Term(models.TextChoices):
    """What the expert centre does within a fixed time (termijn); signals.models.ServiceLevels says
    how long that is.
    """

    TRIAGE_URGENT = "triage_urgent", _("Decide, with danger or a minor")
    TRIAGE = "triage", _("Decide")
    SECOND_READING = "second_reading", _("Read a second time")
    ANSWER = "answer", _("Answer of the reporter")
    ANSWER_AFTER_REMINDER = "answer_reminded", _("Answer of the reporter, after the reminder")
    FEEDBACK_NEAR = "feedback_near", _("Reminder of the feedback")
    FEEDBACK = "feedback", _("Feedback of the receiver")


class ImportStatus(models.TextChoices):
    """Where an import stands."""

    WAITING = "waiting", _("Waiting for its turn")
    CHECKING = "checking", _("Checking the file")
    IMPORTING = "importing", _("Taking in the rows")
    DONE = "done", _("Done")
    BROKEN = "broken", _("Refused: the file is broken")


IMPORT_MOVES: dict[ImportStatus, tuple[ImportStatus, ...]] = {
    ImportStatus.WAITING: (ImportStatus.CHECKING,),
    ImportStatus.CHECKING: (ImportStatus.IMPORTING, ImportStatus.BROKEN),
    ImportStatus.IMPORTING: (ImportStatus.DONE,),
    ImportStatus.DONE: (),
    ImportStatus.BROKEN: (),
}

IMPORT_UNDER_WAY = tuple(status for status in ImportStatus if IMPORT_MOVES[status])
