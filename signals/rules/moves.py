"""Who may make which move at the desk, and what it takes: each refusal in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.organisations.roles import Role
from signals.models import SecondReading, Signal
from signals.rules.refusals import MoveRefused, SignalRefused
from signals.workflow import AFTER_VERDICT, MOVES, Feedback, Side, Status

LONGEST_MOTIVATION = 5_000
#: A question, an answer, a reason to park, a remark of the second reader.
LONGEST_TEXT = 2_000


def side_holds(member: Membership, signal: Signal, side: Side) -> bool:
    """Whether it is this member's turn, as far as the signal itself tells."""
    match side:
        case Side.CLOCK:
            return member.may(Permission.DEADLINE_SWEEP)
        case Side.REPORTER:
            same = signal.reporter_organisation_id == member.organisation_id
            return same and member.may(Permission.SIGNAL_SUBMIT)
        case Side.READER:
            return member.may(Permission.SIGNAL_JUDGE)
        case Side.ANALYST:
            return member.may(Permission.SIGNAL_TRIAGE)
    # The coordinator stands in for an analyst who is ill or on leave.
    own = signal.taken_up_by_id == member.user_id or member.role == Role.EMM_COORDINATOR
    return own and member.may(Permission.SIGNAL_TRIAGE)


def can_move(member: Membership, signal: Signal, to: Status) -> bool:
    sides = MOVES[Status(signal.status)].get(to, frozenset())
    return any(side_holds(member, signal, side) for side in sides)


def check_move(member: Membership, signal: Signal, to: Status) -> None:
    if to not in MOVES[Status(signal.status)]:
        raise no_such_move(signal)
    if not can_move(member, signal, to):
        raise _with_another(signal)


def no_such_move(signal: Signal) -> MoveRefused:
    return MoveRefused(
        _("Signal %(reference)s is now “%(status)s”; this can no longer be done.")
        % {"reference": signal.reference, "status": signal.get_status_display()}
    )


def check_handles(member: Membership, signal: Signal) -> None:
    """What only the handler ends, though others may bring the signal back by another deed."""
    if not side_holds(member, signal, Side.HANDLER):
        raise _with_another(signal)


def _with_another(signal: Signal) -> MoveRefused:
    return MoveRefused(
        _("Signal %(reference)s is with %(name)s, who decides on it.")
        % {"name": signal.taken_up_by, "reference": signal.reference}
    )


def can_take_up(member: Membership, signal: Signal) -> bool:
    """Whether nobody works on it yet: other signals come back to triage by other deeds."""
    return signal.status == Status.RECEIVED and can_move(member, signal, Status.TRIAGE)


def check_take_up(member: Membership, signal: Signal) -> None:
    if signal.status != Status.RECEIVED:
        raise MoveRefused(
            _("%(name)s has already taken up signal %(reference)s.")
            % {"name": signal.taken_up_by, "reference": signal.reference}
        )
    check_move(member, signal, Status.TRIAGE)


def can_judge(member: Membership, signal: Signal) -> bool:
    return any(can_move(member, signal, status) for status in AFTER_VERDICT.values())


def can_answer(member: Membership, signal: Signal) -> bool:
    asked = signal.status == Status.NEEDS_INFO
    return asked and side_holds(member, signal, Side.REPORTER)


def check_answer(member: Membership, signal: Signal) -> None:
    if not can_answer(member, signal):
        raise MoveRefused(_("This question waits for an answer of who reported."))


def can_read_second(member: Membership, reading: SecondReading | None) -> bool:
    """Anyone who judges, except who proposed to reject."""
    if reading is None or not member.may(Permission.SIGNAL_JUDGE):
        return False
    return reading.proposed_by_id != member.user_id


def check_read_second(member: Membership, reading: SecondReading) -> None:
    if not can_read_second(member, reading):
        raise MoveRefused(_("You proposed this yourself. A colleague has to read it."))


def check_motivation(motivation: str) -> str:
    """The motivation without white space around it. Raises SignalRefused when there is none."""
    return check_words(
        motivation,
        answer="motivation",
        empty=_("Write down why you decide this."),
        most=LONGEST_MOTIVATION,
    )


def check_words(words: str, *, answer: str, empty: str, most: int = LONGEST_TEXT) -> str:
    """The words without white space around them. Raises SignalRefused, with the sentence `empty`
    beside the question `answer`, when there are none.
    """
    words = words.strip()
    if not words:
        raise SignalRefused({answer: empty})
    if len(words) > most:
        raise SignalRefused({answer: _("This is too long. Use at most %s characters.") % most})
    return words


def check_feedback(signal: Signal, feedback: Feedback | None, *, told: bool) -> None:
    """A forwarded signal is closed with what its receiver did, and no other is; `told`: the
    receiver has said so itself.
    """
    if told and feedback is not None:
        raise SignalRefused({"feedback": _("The receiver has given feedback already.")})
    if signal.status == Status.FORWARDED and feedback is None and not told:
        raise SignalRefused(
            {"feedback": _("Record what the receiver did with it, and then close it.")}
        )
    if signal.status != Status.FORWARDED and feedback is not None:
        raise SignalRefused({"feedback": _("Only a forwarded signal has feedback.")})


def check_into(signal: Signal, into: Signal) -> None:
    """A signal is joined with another one that stands by itself."""
    if into.pk == signal.pk:
        raise SignalRefused({"into": _("This is the signal itself. Name another one.")})
    if into.status == Status.MERGED:
        raise SignalRefused(
            {"into": _("That signal is joined with another one itself. Name that one.")}
        )


def check_seen(signal: Signal, seen: int | None) -> None:
    """The page showed the signal as it is now. None: the page did not say what it showed."""
    if seen is not None and seen != signal.version:
        raise MoveRefused(
            _(
                "%(name)s has changed signal %(reference)s meanwhile: it is now “%(status)s”."
                " Look at it again before you decide."
            )
            % {
                "name": signal.changed_by,
                "reference": signal.reference,
                "status": signal.get_status_display(),
            }
        )


def can_hand_over(member: Membership, signal: Signal) -> bool:
    """Its handler or the coordinator, while somebody has it and it is not closed."""
    taken = signal.status not in (Status.RECEIVED, Status.CLOSED)
    return taken and side_holds(member, signal, Side.HANDLER)


def check_hand_over(member: Membership, signal: Signal, to: Membership) -> None:
    if signal.status in (Status.RECEIVED, Status.CLOSED):
        raise MoveRefused(
            _("Signal %(reference)s is now “%(status)s”; this can no longer be done.")
            % {"reference": signal.reference, "status": signal.get_status_display()}
        )
    check_handles(member, signal)
    if not to.may(Permission.SIGNAL_TRIAGE):
        raise SignalRefused({"to": _("This colleague does not work on signals.")})
    if to.user_id == signal.taken_up_by_id:
        raise SignalRefused({"to": _("This colleague has the signal already.")})
