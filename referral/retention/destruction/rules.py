"""Who may hold, approve and confirm, and what a list destroys: refusals in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.retention.destruction.models import DestructionList, SignalHold
from referral.retention.destruction.querysets import INTELLIGENCE
from referral.retention.destruction.workflow import MOVES, Side, Status
from referral.retention.rules import DESTROYED as OF_PERSONS
from referral.retention.rules import RetentionRefused, check_until, is_desk

#: So many on one list: who approves can look at each of them.
LINES_ON_A_LIST = 100

#: What is destroyed with a signal, by table, as the certificate names it. The trigger
#: `destruction_list_takes_everything_along` deletes from these; a test holds the two together.
OF_SIGNALS = {
    "access_datakey": gettext_lazy("Keys: what they sealed can never be opened again"),
    "signals_signalnarrative": gettext_lazy("What was reported"),
    "signals_amendment": gettext_lazy("Additions and corrections"),
    "signals_withdrawal": gettext_lazy("Reasons of who took it back"),
    "signals_item": gettext_lazy("Persons, places and things that were named"),
    "signals_itemkey": gettext_lazy("Keys by which signals meet"),
    "signals_offshoot": gettext_lazy("Signals that were split off"),
    "signals_deepening": gettext_lazy("Rounds of indicators"),
    "signals_deepeninganswer": gettext_lazy("Answers on indicators"),
    "signals_judgement": gettext_lazy("Judgements"),
    "signals_question": gettext_lazy("Questions to the reporter"),
    "signals_parking": gettext_lazy("Reasons to park"),
    "signals_merging": gettext_lazy("Reasons to join two signals"),
    "signals_secondreading": gettext_lazy("Second readings"),
    "attachments_attachment": gettext_lazy("Attachments"),
    "attachments_attachmentpiece": gettext_lazy("Pieces of attachments"),
    "enrichment_enrichment": gettext_lazy("Findings"),
    "enrichment_enrichmentversion": gettext_lazy("Versions of findings"),
    "enrichment_prolongation": gettext_lazy("Reasons to keep findings longer"),
    "enrichment_partnerrequest": gettext_lazy("Questions to partners"),
    "forwarding_extract": gettext_lazy("Extracts for receivers"),
    "deliberation_proposal": gettext_lazy("Proposals to discuss it"),
    "deliberation_agendaitem": gettext_lazy("Items of an agenda"),
    "deliberation_decision": gettext_lazy("Decisions of the deliberation"),
    "deliberation_followup": gettext_lazy("Follow-ups of decisions"),
    "deliberation_packcontent": gettext_lazy("Papers of a meeting"),
    "deliberation_trendlink": gettext_lazy("Links to a trend"),
    "links_link": gettext_lazy("Links with other signals"),
    "links_dismissal": gettext_lazy("Suggested links that were set aside"),
    "links_telling": gettext_lazy("Links of which somebody was told"),
    "links_newkeys": gettext_lazy("Keys that were still to be compared"),
    "search_searchentry": gettext_lazy("Words by which it was found"),
    "tips_tip": gettext_lazy("Receipt codes of tips"),
    "duty_reminder": gettext_lazy("Reminders to register"),
}
OF_CARE = {
    table: OF_PERSONS[table]
    for table in (
        "shelters_placement",
        "shelters_familystay",
        "shelters_emergencyplacement",
        "swaps_swapside",
        "stays_stay",
        "stays_extension",
        "stays_blocker",
        "stays_staynote",
        "matching_override",
        "sharing_consent",
        "sharing_closedshare",
    )
}
#: A consent that something rests on stays as a code and a day, without its proof.
EMPTIED = {"evidence": gettext_lazy("Proofs of consent, where the answer itself is still needed")}
DESTROYED = {**OF_SIGNALS, **OF_CARE, **EMPTIED}

#: What leads to a signal and stays, and why. It says codes and days, and names nobody.
KEPT = {
    "signals_signal": "a number and codes: figures and what was forwarded stay what they were",
    "signals_receiverfeedback": "what a receiver did with it, as a code",
    "signals_escalation": "that a term passed, and when",
    "routing_decision": "where a rule sent it, as codes",
    "routing_call": "whom the desk called, and when",
    "search_stalesignal": "that the index is to look at it again, for some seconds",
    "destruction_signalhold": "who kept it longer, and why",
}


def is_intelligence(listed: DestructionList) -> bool:
    return listed.category in INTELLIGENCE


def decides(member: Membership, listed: DestructionList) -> bool:
    """Whether this member decides on records of this kind at all."""
    if is_intelligence(listed):
        return member.may(Permission.SIGNAL_DESTROY)
    return member.may(Permission.RETENTION_DECIDE)


def can_hold_lines(member: Membership, listed: DestructionList) -> bool:
    """Whether they may keep what is on it by a hold on the person; a signal has a page for that."""
    if is_intelligence(listed) or listed.status == Status.DESTROYED:
        return False
    owns = listed.owner_id == member.organisation_id
    return member.may(Permission.RETENTION_DECIDE) and (owns or is_desk(member))


def can_move(member: Membership, listed: DestructionList, goal: Status) -> bool:
    """Whether this person may do this to it now; the database asks the same again."""
    if not decides(member, listed):
        return False
    owns = listed.owner_id == member.organisation_id
    match MOVES[Status(listed.status)].get(goal):
        case Side.OWNER:
            return owns
        case Side.SECOND:
            other = listed.approved_by_id != member.user_id
            return other and (owns or (is_desk(member) and not is_intelligence(listed)))
    return False


def check_move(member: Membership, listed: DestructionList, goal: Status) -> None:
    """Raises RetentionRefused."""
    if listed.status == Status.APPROVED and listed.approved_by_id == member.user_id:
        raise RetentionRefused(_("You approved this yourself: a second person confirms it."))
    if not can_move(member, listed, goal):
        raise RetentionRefused(_("This can no longer be decided that way."))


def check_filled(number: int) -> None:
    """Raises RetentionRefused."""
    if not number:
        raise RetentionRefused(_("Nothing is on this list any more."))


def check_signal_hold(
    member: Membership, *, until: date, today: date, held: bool, is_left: bool
) -> None:
    """Raises RetentionRefused. `is_left` tells whether there is anything left to keep."""
    if not member.may(Permission.SIGNAL_DESTROY):
        raise RetentionRefused(_("Your role holds nothing."))
    if not is_left:
        raise RetentionRefused(_("What was reported has been destroyed: nothing is left to hold."))
    if held:
        raise RetentionRefused(
            _("This signal is held already. End that hold before you hold it anew.")
        )
    check_until(until, today=today)


def can_lift(member: Membership, hold: SignalHold) -> bool:
    mine = hold.organisation_id == member.organisation_id
    return mine and hold.is_running and member.may(Permission.SIGNAL_DESTROY)


def named(destroyed: Mapping[str, int]) -> list[tuple[str, int]]:
    """The certificate in words: what, and how many; in the order of the lists above."""
    return [
        (str(words), destroyed[table]) for table, words in DESTROYED.items() if table in destroyed
    ]
