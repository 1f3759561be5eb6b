"""The life of a meeting and of what goes through it, as tables.

The trigger `deliberation_moves_along_the_table` in the database says the same.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class MeetingStatus(models.TextChoices):
    """Where a meeting stands (status van een overleg)."""

    PLANNED = "planned", _("Planned")
    AGENDA_SET = "agenda_set", _("Agenda set")
    HELD = "held", _("Being held")
    LOCKED = "locked", _("Minutes locked")
    CANCELLED = "cancelled", _("Cancelled")


class Side(StrEnum):
    """Whose move it is."""

    COORDINATOR = "coordinator"  # of the expert centre, who prepares the meeting
    CHAIR = "chair"  # the national public prosecutor, of this meeting
    ANALYST = "analyst"  # anyone who judges signals at the expert centre


_COORDINATOR, _CHAIR = frozenset({Side.COORDINATOR}), frozenset({Side.CHAIR})
_EITHER, _ANALYST = _COORDINATOR | _CHAIR, frozenset({Side.ANALYST})

MEETING_MOVES: dict[MeetingStatus, dict[MeetingStatus, frozenset[Side]]] = {
    MeetingStatus.PLANNED: {
        MeetingStatus.AGENDA_SET: _COORDINATOR,
        MeetingStatus.CANCELLED: _COORDINATOR,
    },
    MeetingStatus.AGENDA_SET: {
        MeetingStatus.PLANNED: _COORDINATOR,
        MeetingStatus.HELD: _CHAIR,
        MeetingStatus.CANCELLED: _COORDINATOR,
    },
    MeetingStatus.HELD: {MeetingStatus.LOCKED: _CHAIR},
    MeetingStatus.LOCKED: {},
    MeetingStatus.CANCELLED: {},
}
#: While a meeting stands here its packs can be read.
PACKS_OPEN = (MeetingStatus.AGENDA_SET, MeetingStatus.HELD)
#: Nothing of such a meeting changes any more.
FROZEN = tuple(status for status in MeetingStatus if not MEETING_MOVES[status])


class ProposalStatus(models.TextChoices):
    """Where a proposal to discuss a signal stands (status van een voorstel)."""

    WAITING = "waiting", _("Waiting for a meeting")
    PLACED = "placed", _("On an agenda")
    DECIDED = "decided", _("Decided on")
    WITHDRAWN = "withdrawn", _("Taken back")


PROPOSAL_MOVES: dict[ProposalStatus, dict[ProposalStatus, frozenset[Side]]] = {
    ProposalStatus.WAITING: {
        ProposalStatus.PLACED: _COORDINATOR,
        ProposalStatus.WITHDRAWN: _ANALYST,
    },
    # Taken off the agenda, or not reached: it waits for the next meeting.
    ProposalStatus.PLACED: {
        ProposalStatus.WAITING: _EITHER,
        ProposalStatus.DECIDED: _CHAIR,
    },
    ProposalStatus.DECIDED: {},
    ProposalStatus.WITHDRAWN: {},
}
OPEN_PROPOSALS = (ProposalStatus.WAITING, ProposalStatus.PLACED)


class PackStatus(models.TextChoices):
    """Where the papers of one participant stand (status van een vergaderstuk)."""

    ORDERED = "ordered", _("Being made")
    READY = "ready", _("Ready")
    CLOSED = "closed", _("Closed with the meeting")


PACK_MOVES: dict[PackStatus, dict[PackStatus, frozenset[Side]]] = {
    PackStatus.ORDERED: {
        PackStatus.READY: _COORDINATOR,
        PackStatus.CLOSED: _EITHER,
    },
    PackStatus.READY: {PackStatus.CLOSED: _EITHER},
    PackStatus.CLOSED: {},
}


class FollowUpStatus(models.TextChoices):
    """Where the follow-up of a decision stands (status van een vervolgactie)."""

    OPEN = "open", _("To be done")
    DONE = "done", _("Done")


FOLLOW_UP_MOVES: dict[FollowUpStatus, dict[FollowUpStatus, frozenset[Side]]] = {
    FollowUpStatus.OPEN: {FollowUpStatus.DONE: _ANALYST},
    FollowUpStatus.DONE: {},
}


class TrendStatus(models.TextChoices):
    """Where a note on a trend stands (status van een trendnotitie)."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


TREND_MOVES: dict[TrendStatus, dict[TrendStatus, frozenset[Side]]] = {
    TrendStatus.DRAFT: {TrendStatus.PUBLISHED: _ANALYST, TrendStatus.WITHDRAWN: _ANALYST},
    TrendStatus.PUBLISHED: {TrendStatus.WITHDRAWN: _ANALYST},
    TrendStatus.WITHDRAWN: {},
}


class Code(models.TextChoices):
    """What the chair decides on a signal (besluit van het overleg)."""

    START = "start_investigation", _("Start an investigation")
    ADD = "add_to_running", _("Add to a running investigation")
    UNIT = "forward_unit", _("Forward to a police unit")
    KMAR = "forward_kmar", _("Forward to the Marechaussee")
    NLA = "forward_nla", _("Forward to the Labour Authority")
    ABROAD = "forward_international", _("Forward abroad")
    ADMINISTRATIVE = "admin_approach", _("Administrative approach")
    ENRICH = "enrich", _("Enrich further")
    TREND = "trend", _("Register as a trend")
    MONITOR = "monitor", _("Monitor")
    PARK = "park", _("Park")
    NOTHING = "no_action", _("Not pursue")


#: These name who receives the signal.
WITH_RECEIVER = (Code.START, Code.ADD, Code.UNIT, Code.KMAR, Code.NLA)


class Section(models.TextChoices):
    """What of a signal a participant may see (onderdeel van een vergaderstuk)."""

    QUESTION = "question", _("The question to the meeting")
    CODES = "codes", _("What, where and when, in codes")
    STORY = "story", _("What was seen, in words")
    INDICATORS = "indicators", _("What the reporter added later")
