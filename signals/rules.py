"""What a signal must hold, who may make which move, and by when: each refusal in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.core.exceptions import PermissionDenied
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.geography.models import Municipality
from referral.lib.refusals import Refused
from referral.lib.working_days import working_days_after
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.organisations.roles import Role
from signals.models import (
    AgeGroup,
    Channel,
    Exploitation,
    ImportBatch,
    PlaceKind,
    Question,
    SecondReading,
    Sex,
    Signal,
    WorldRegion,
)
from signals.workflow import AFTER_VERDICT, MOVES, Side, Status

# Once, and not for each draft: an enumeration makes its list of values anew each time.
FORMS = frozenset(Exploitation.values)
PLACE_KINDS = frozenset(PlaceKind.values)
SEXES = frozenset(Sex.values)
AGE_GROUPS = frozenset(AgeGroup.values)
CHANNELS = frozenset(Channel.values)
WORLD_REGIONS = frozenset(WorldRegion.values)

#: Before this day no signal was ever seen: the year of such a date was mistyped.
EARLIEST = date(1990, 1, 1)
LONGEST_FACTS = 10_000
LONGEST_MOTIVATION = 5_000
#: A question, an answer, a reason to park, a remark of the second reader.
LONGEST_TEXT = 2_000
LONGEST_PARKING = timedelta(days=366)
#: Terms of the expert centre in working days: an answer, and the wait after the reminder.
ANSWER_DAYS = 10
REMINDED_DAYS = 5
MOST_VICTIMS = 999
URGENT_HOURS = timedelta(hours=4)
DESK_CLOSES = time(17)


class SignalRefused(Refused):
    """A draft that is no signal yet; `reasons` holds a sentence for each field."""

    def __init__(self, errors: Mapping[str, str], *, index: int = 0) -> None:
        super().__init__(" ".join(errors.values()))
        self.reasons, self.index = dict(errors), index


class MoveRefused(Refused, PermissionDenied):
    """The table does not know this move, or it is somebody else's to make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """Which row of which file a draft comes from."""

    batch: ImportBatch
    key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A signal before it is one: what a form, a file or a partner system says."""

    forms: Sequence[str]
    facts: str
    place_kind: str
    danger: bool
    municipality_code: str = ""
    observed: DateRange | None = None
    n_victims: int | None = None
    sex: str = Sex.UNKNOWN
    age_group: str = AgeGroup.UNKNOWN
    channel: str = Channel.WEB
    world_region: str = ""
    #: Loose facts without a field of their own; sealed with the narrative.
    details: Mapping[str, object] = field(default_factory=dict)
    row: FileRow | None = None


def draft_errors(draft: Draft, *, at: datetime) -> dict[str, str]:
    """What is wrong with a draft, by field; empty when it can be submitted.

    The one check for the web form, the bulk path and every file. It asks the database
    nothing: whether a municipality exists is asked once for all by `draft_refusals`.
    """
    checks = {
        "forms": _forms_error(draft),
        "facts": _facts_error(draft),
        "municipality": _place_error(draft),
        "place_kind": _known(draft.place_kind, PLACE_KINDS),
        "observed": _observed_error(draft.observed, timezone.localdate(at)),
        "n_victims": _number_error(draft),
        "sex": _known(draft.sex, SEXES),
        "age_group": _known(draft.age_group, AGE_GROUPS),
        "channel": _known(draft.channel, CHANNELS),
    }
    return {name: error for name, error in checks.items() if error}


def draft_refusals(
    drafts: Sequence[Draft], moments: Sequence[datetime]
) -> dict[int, dict[str, str]]:
    """The errors of each draft that cannot be submitted, by its place in the row."""
    named = {draft.municipality_code for draft in drafts if draft.municipality_code}
    known = set(Municipality.objects.filter(pk__in=named).values_list("pk", flat=True))
    refusals = {}
    for index, (draft, at) in enumerate(zip(drafts, moments, strict=True)):
        errors = draft_errors(draft, at=at)
        if draft.municipality_code and draft.municipality_code not in known:
            errors["municipality"] = _("Choose a municipality from the list.")
        if errors:
            refusals[index] = errors
    return refusals


def check_drafts(drafts: Sequence[Draft], moments: Sequence[datetime]) -> None:
    """Raise SignalRefused for the first draft that cannot be submitted."""
    for index, errors in draft_refusals(drafts, moments).items():
        raise SignalRefused(errors, index=index)


def _known(value: str, values: frozenset[str]) -> str:
    return "" if value in values else _("Choose one of the answers.")


def _forms_error(draft: Draft) -> str:
    if not draft.forms:
        return _("Choose at least one form of exploitation, or “I do not know”.")
    if not set(draft.forms) <= FORMS:
        return _("Choose one of the answers.")
    if Exploitation.UNKNOWN in draft.forms and len(set(draft.forms)) > 1:
        return _("You chose “I do not know” and also a form. Choose one or the other.")
    return ""


def _facts_error(draft: Draft) -> str:
    if len(draft.facts) > LONGEST_FACTS:
        return _("This is too long. Use at most %s characters.") % LONGEST_FACTS
    if not draft.facts.strip() and not draft.details:
        return _("Write down what you saw or heard.")
    return ""


def _place_error(draft: Draft) -> str:
    if draft.channel == Channel.INTERNATIONAL and not draft.municipality_code:
        return _known(draft.world_region, WORLD_REGIONS)
    if not draft.municipality_code or draft.world_region:
        return _("Choose a municipality from the list.")
    return ""


def _observed_error(observed: DateRange | None, today: date) -> str:
    if observed is None:
        return ""
    if not observed.lower or not observed.upper or observed.lower >= observed.upper:
        return _("Give a day, a month or a year.")
    if observed.lower > today:
        return _("This lies in the future. Give the day on which you saw it.")
    if observed.lower < EARLIEST:
        return _("This is before %s. Check the year.") % EARLIEST.year
    return ""


def _number_error(draft: Draft) -> str:
    if draft.n_victims is None:
        return ""
    if not 0 < draft.n_victims <= MOST_VICTIMS:
        return _("Give a number from 1 to %s, or leave it empty.") % MOST_VICTIMS
    if draft.n_victims == 1 and (draft.sex == Sex.MIXED or draft.age_group == AgeGroup.MIXED):
        return _("You described different people, so there is more than one.")
    return ""


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
        raise MoveRefused(
            _("Signal %(reference)s is now “%(status)s”; this can no longer be done.")
            % {"reference": signal.reference, "status": signal.get_status_display()}
        )
    if not can_move(member, signal, to):
        raise _with_another(signal)


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


def check_until(until: date, *, today: date) -> None:
    """A signal is parked until a later day, and not for longer than a year."""
    if until <= today:
        raise SignalRefused({"until": _("Choose a day after today.")})
    if until - today > LONGEST_PARKING:
        raise SignalRefused({"until": _("Park a signal for at most one year.")})


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


def answer_due(at: datetime) -> date:
    """The last day on which an answer is in time."""
    return working_days_after(timezone.localdate(at), ANSWER_DAYS)


def no_answer_came(question: Question, *, at: datetime) -> bool:
    """Whether the reporter was reminded, and the working days after that are over as well."""
    if question.reminded_at is None:
        return False
    last = working_days_after(timezone.localdate(question.reminded_at), REMINDED_DAYS)
    return timezone.localdate(at) > last


def urgency_reasons(signal: Signal) -> list[str]:
    """Why a signal stands where it stands in the queue, in words."""
    reasons = []
    if signal.danger:
        reasons.append(_("acute danger"))
    if signal.minors:
        reasons.append(_("a minor"))
    return reasons


def triage_due(signal: Signal) -> datetime:
    """When the expert centre has looked at it: 4 hours with danger or a minor, else one
    working day later, at the end of the day. The time in which it waited does not count.
    """
    since = signal.created_at + signal.paused
    if signal.danger or signal.minors:
        return since + URGENT_HOURS
    day = working_days_after(timezone.localdate(since), 1)
    return timezone.make_aware(datetime.combine(day, DESK_CLOSES))
