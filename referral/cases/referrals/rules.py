"""Who may refer what to whom, and who makes which move: each refusal in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from referral.cases.models import Case, Need, Priority
from referral.cases.referrals.models import Referral, ReferralSection
from referral.cases.referrals.workflow import (
    HELPING,
    REFERRAL_MOVES,
    ReferralSide,
    ReferralStatus,
)
from referral.cases.rules import CaseRefused, MoveRefused
from referral.lib.working_days import working_days_after
from referral.organisations.models import Membership, Organisation
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType
from referral.sharing.matrix.rules import Ruling
from referral.sharing.models import DataCategory, Purpose
from referral.sharing.rules import Ground, Sharing

#: Terms in working days (domain model 2.11); a crisis is answered the same day.
ANSWER_DAYS = 2
CONTACT_DAYS = 2
LONGEST_MESSAGE = 4000

_T, _S = OrganisationType, ReferralSection
#: Who can be asked for help; mental health care and other care stand among the NGOs.
RECEIVERS = (_T.LAWYER, _T.VSH, _T.NGO, _T.YOUTH, _T.SHELTER, _T.NIDOS, _T.IND, _T.COA)
#: The immigration side gets no care, and the purpose is another (domain model §1).
_NARROW = (_S.IDENTITY, _S.CONTACT)
NARROW: Mapping[str, tuple[ReferralSection, ...]] = {_T.IND: _NARROW, _T.COA: _NARROW}
#: What the person must have agreed to before a section may go along.
CATEGORIES: Mapping[str, DataCategory] = {
    _S.MESSAGE: DataCategory.CARE,
    _S.SITUATION: DataCategory.SITUATION,
    _S.IDENTITY: DataCategory.IDENTITY,
    _S.CONTACT: DataCategory.CONTACT,
    _S.DOCUMENTS: DataCategory.CARE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Which case goes to whom for which help, and with what."""

    case: Case
    receiver: Organisation
    needs: Sequence[str]
    urgency: str
    sections: Sequence[str]
    message: str = ""

    @property
    def purpose(self) -> Purpose:
        """What the receiver needs the data for."""
        return purpose_of(self.receiver)

    @property
    def categories(self) -> list[str]:
        return sorted({CATEGORIES[one].value for one in self.sections if one in CATEGORIES})


def purpose_of(receiver: Organisation) -> Purpose:
    return Purpose.IMMIGRATION if receiver.type == _T.IND else Purpose.CARE_COORDINATION


def sections_for(receiver: Organisation) -> Collection[str]:
    return NARROW.get(receiver.type, tuple(ReferralSection))


#: What a member must hold to make a move of a side; the organisation alone is not enough.
HELD_BY: Mapping[ReferralSide, Permission] = {
    ReferralSide.SENDER: Permission.REFERRAL_SEND,
    ReferralSide.RECEIVER: Permission.REFERRAL_RECEIVE,
    ReferralSide.CLOCK: Permission.DEADLINE_SWEEP,
}


def can_move_referral(member: Membership, referral: Referral, to: ReferralStatus) -> bool:
    mover = REFERRAL_MOVES[ReferralStatus(referral.status)].get(to)
    if mover is None or mover not in HELD_BY or not member.may(HELD_BY[mover]):
        return False
    return mover == ReferralSide.CLOCK or mover == referral.side_of(member)


def check_move_referral(member: Membership, referral: Referral, to: ReferralStatus) -> None:
    if can_move_referral(member, referral, to):
        return
    if referral.status == ReferralStatus.OFFERED:
        raise MoveRefused(_("This answer is not yours to give."))
    raise MoveRefused(
        _("This referral is now “%(status)s”; this can no longer be done.")
        % {"status": referral.get_status_display()}
    )


def can_print(member: Membership, referral: Referral) -> bool:
    """The team that helps, as long as it helps: the sender has the file itself."""
    receives = referral.side_of(member) == ReferralSide.RECEIVER
    return receives and member.may(Permission.REFERRAL_RECEIVE) and referral.status in HELPING


def check_print(member: Membership, referral: Referral | None) -> None:
    """`referral` as it stands now, with `restricted`; None where it is not the member's."""
    if referral is None or not can_print(member, referral):
        raise CaseRefused(_("Your organisation does not read what goes along now."))
    if getattr(referral, "restricted", False):
        raise CaseRefused(_("The use of these data is restricted for now: nothing is printed."))


def check_request(
    request: Request, *, sharing: Sharing, at: datetime
) -> tuple[Ruling, Ground | None]:
    """What the referral rests on. Raises CaseRefused or SharingRefused.

    A consent counts only when it names the receiver or its kind: who agreed to care in general
    has not agreed to this lawyer.
    """
    receiver, by = request.receiver, sharing.by
    if receiver.type not in RECEIVERS or receiver.closed_at is not None:
        raise CaseRefused(_("Nobody can be referred to this organisation."))
    if receiver.pk == by.organisation_id:
        raise CaseRefused(_("This is your own organisation."))
    if not request.needs or not set(request.needs) <= set(Need.values):
        raise CaseRefused(_("Choose which help is asked."))
    if request.urgency not in Priority.values:
        raise CaseRefused(_("Say how soon somebody must act."))
    if not request.sections or not set(request.sections) <= set(sections_for(receiver)):
        raise CaseRefused(_("Choose at least one part, and no part that is not for this receiver."))
    if (ReferralSection.MESSAGE in request.sections) != bool(request.message.strip()):
        raise CaseRefused(_("Write what the receiver must know, or leave that part out."))
    if len(request.message) > LONGEST_MESSAGE:
        raise CaseRefused(
            _("The message is too long: at most %(most)d characters.") % {"most": LONGEST_MESSAGE}
        )
    person = request.case.person
    wanted = request.categories
    ruling = sharing.check(person, recipient=receiver, at=at, categories=wanted, named=True)
    ground = sharing.ground(person, recipient=receiver, at=at, categories=wanted, named=True)
    return ruling, ground


def answer_due(urgency: str, *, at: datetime) -> date:
    today = timezone.localdate(at)
    return today if urgency == Priority.CRISIS else working_days_after(today, ANSWER_DAYS)


def contact_due(urgency: str, *, at: datetime) -> date:
    today = timezone.localdate(at)
    return today if urgency == Priority.CRISIS else working_days_after(today, CONTACT_DAYS)
