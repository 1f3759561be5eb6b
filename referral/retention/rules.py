"""Who may hold, approve and confirm, and what an erasure destroys: refusals in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.cases.models import Case
from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.registrations.models import Registration
from referral.retention.models import Erasure, LegalHold, RetentionTerm
from referral.retention.workflow import MOVES, Side, Status

#: A hold ends by itself: what must stay longer is held anew, by somebody who looks at it. A choice
#: of the house, as long as the longest of the short terms; no source gives one.
LONGEST_HOLD = timedelta(days=5 * 366)

#: What is destroyed, by table, as the certificate names it. The trigger
#: `erasure_takes_everything_along` deletes from these; a test holds the two together.
DESTROYED = {
    "access_datakey": gettext_lazy("Keys: what they sealed can never be opened again"),
    "persons_identity": gettext_lazy("Identity"),
    "persons_identitykey": gettext_lazy("Search keys"),
    "contact_contactrule": gettext_lazy("How to reach the person safely"),
    "merging_merge": gettext_lazy("Merges of two records"),
    "cases_carenote": gettext_lazy("Care notes"),
    "unsent_unsentform": gettext_lazy("Forms that were not sent"),
    "documents_document": gettext_lazy("Documents"),
    "documents_documentpiece": gettext_lazy("Pieces of documents"),
    "cases_caseaccess": gettext_lazy("Access to the case"),
    "cases_handoff": gettext_lazy("Handoffs"),
    "cases_handoffpackage": gettext_lazy("Packages of handoffs"),
    "cases_handoffquestion": gettext_lazy("Questions about handoffs"),
    "cases_handoffrevision": gettext_lazy("Earlier packages of handoffs"),
    "planning_careplan": gettext_lazy("Care plans"),
    "planning_goal": gettext_lazy("Goals"),
    "planning_evaluation": gettext_lazy("Evaluations"),
    "planning_task": gettext_lazy("Tasks"),
    "planning_riskassessment": gettext_lazy("Risk assessments"),
    "planning_checklistmark": gettext_lazy("Marks on the checklist"),
    "family_familylink": gettext_lazy("Links with others"),
    "referrals_referral": gettext_lazy("Referrals"),
    "referrals_referralpackage": gettext_lazy("Packages of referrals"),
    "emergency_emergencyaccess": gettext_lazy("Emergency accesses"),
    "tables_agreement": gettext_lazy("Agreements of case tables"),
    "tables_invitation": gettext_lazy("Invitations to case tables"),
    "tables_casetable": gettext_lazy("Case tables"),
    "rights_rightsextract": gettext_lazy("Extracts for the person"),
    "shelters_placementrequest": gettext_lazy("Requests for shelter"),
    "shelters_placement": gettext_lazy("Placements in a shelter"),
    "shelters_familystay": gettext_lazy("Who stayed with their family"),
    "shelters_emergencyplacement": gettext_lazy("Who was placed in an emergency"),
    "swaps_swapside": gettext_lazy("Changes of beds"),
    "stays_stay": gettext_lazy("Stays in a shelter"),
    "stays_extension": gettext_lazy("Longer stays that were asked for"),
    "stays_blocker": gettext_lazy("What stood in the way of leaving"),
    "stays_staynote": gettext_lazy("Notes of the shelter"),
    "matching_needprofile": gettext_lazy("What requests for shelter ask besides"),
    "matching_override": gettext_lazy("Places chosen in spite of a warning"),
    "matching_matchline": gettext_lazy("Lines of proposals of places"),
    "residence_residencefile": gettext_lazy("Residence files"),
    "residence_deadline": gettext_lazy("Terms of residence files"),
    "residence_alert": gettext_lazy("Alerts of residence files"),
    "residence_step": gettext_lazy("Steps of residence files"),
    "residence_policereport": gettext_lazy("Police reports"),
    "residence_policeside": gettext_lazy("What the police keep of a residence file"),
    "residence_reflection": gettext_lazy("Reflection periods"),
    "residence_track": gettext_lazy("Residence applications"),
    "registrations_signallink": gettext_lazy("Links to a signal"),
    "corrections_version": gettext_lazy("Versions of a registration"),
    "sharing_consent": gettext_lazy("Consents"),
    "sharing_otherbasis": gettext_lazy("Other bases for sharing"),
    "sharing_closedshare": gettext_lazy("Shares that were stopped"),
}

#: What stays of an erased person, and why. It says codes and days, and names nobody.
KEPT = {
    "persons_person": "a number, sex and age band: figures stay what they were",
    "persons_persongrant": "ended; who could see whom on a day stays answerable",
    "registrations_registration": "codes: the national count stays what it was",
    "duplicates_duplicatelink": "two numbers: persons stay counted as they were; no words",
    "withdrawals_withdrawalrequest": "why a number is not counted any more, as a code; no words",
    "sharing_consent": "only where a registration rests on it, without the proof",
    "cases_case": "codes and days: the national count stays what it was",
    "cases_casegrant": "ended; who could see the case on a day stays answerable",
    "rights_rightsrequest": "that a request was answered in time stays provable for five years",
    "rights_rightsexecution": "that what was granted was done stays provable as long",
    "restriction_restriction": "codes and days: from when till when the data were not used",
    "retention_legalhold": "who kept it longer, and why",
    "retention_erasure": "the certificate",
}


class RetentionRefused(Refused, PermissionDenied):
    """Nothing is held, approved, erased or changed that way."""


class RetentionNotSaid(RetentionRefused):
    """What was filled in does not do; each sentence stands at its question."""

    def __init__(self, **reasons: str) -> None:
        super().__init__(" ".join(reasons.values()))
        self.reasons = reasons


def is_desk(member: Membership) -> bool:
    return member.may(Permission.RETENTION_DECIDE) and member.may(Permission.REGISTRATION_READ_ALL)


def can_move(member: Membership, erasure: Erasure, goal: Status) -> bool:
    """Whether this person may do this to it now; the database asks the same again."""
    if not member.may(Permission.RETENTION_DECIDE):
        return False
    owns = erasure.owner_id == member.organisation_id
    match MOVES[Status(erasure.status)].get(goal):
        case Side.OWNER:
            return owns
        case Side.SECOND:
            other = erasure.approved_by_id != member.user_id
            return other and (owns or is_desk(member))
        case Side.HOLDER:
            return owns or is_desk(member)
    return False


def check_move(member: Membership, erasure: Erasure, goal: Status) -> None:
    """Raises RetentionRefused."""
    if erasure.status == Status.APPROVED and erasure.approved_by_id == member.user_id:
        raise RetentionRefused(_("You approved this yourself: a second person confirms it."))
    if not can_move(member, erasure, goal):
        raise RetentionRefused(_("This can no longer be decided that way."))


def can_hold(member: Membership, held: Case | Registration) -> bool:
    """Who owns the case, and the national desk."""
    owns = isinstance(held, Case) and held.owner_organisation_id == member.organisation_id
    return member.may(Permission.RETENTION_DECIDE) and (owns or is_desk(member))


def check_hold(
    member: Membership, held: Case | Registration | None, *, until: date, today: date
) -> None:
    """`held` is what the reference leads to, if they can see it. Raises RetentionRefused."""
    if not member.may(Permission.RETENTION_DECIDE):
        raise RetentionRefused(_("Your role holds nothing."))
    if held is None:
        raise RetentionNotSaid(reference=_("You see no case or registration with this reference."))
    if not can_hold(member, held):
        raise RetentionNotSaid(
            reference=_("Only who owns the case, or the national desk, may hold it.")
        )
    check_until(until, today=today)


def check_until(until: date, *, today: date) -> None:
    """Raises RetentionNotSaid. What must be kept longer than this is looked at again before."""
    if until <= today:
        raise RetentionNotSaid(until=_("Choose a day in the future."))
    if until > today + LONGEST_HOLD:
        raise RetentionNotSaid(
            until=_("Choose a day within five years: then it is looked at again.")
        )


def can_lift(member: Membership, hold: LegalHold) -> bool:
    mine = hold.organisation_id == member.organisation_id
    return mine and hold.is_running and member.may(Permission.RETENTION_DECIDE)


def check_term(
    member: Membership, now: RetentionTerm, *, months: int, from_day: date, today: date
) -> None:
    """Raises RetentionRefused."""
    if not member.may(Permission.RETENTION_TERMS):
        raise RetentionRefused(_("Your role does not change terms."))
    if from_day < today:
        raise RetentionNotSaid(from_day=_("A term changes from today on, and not before."))
    if from_day <= now.valid.lower:
        raise RetentionNotSaid(from_day=_("A newer term holds from that day already."))
    if months == now.months:
        raise RetentionNotSaid(months=_("This is how long it is already."))


def named(destroyed: Mapping[str, int]) -> list[tuple[str, int]]:
    """The certificate in words: what, and how many; in the order of the list."""
    return [
        (str(words), destroyed[table]) for table, words in DESTROYED.items() if table in destroyed
    ]
