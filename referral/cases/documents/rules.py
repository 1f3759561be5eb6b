"""What is told of a document, and who may withdraw it: each refusal in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from referral.cases.documents.models import Category, Document, WithdrawReason
from referral.cases.documents.workflow import WITHDRAWABLE
from referral.cases.models import Case
from referral.cases.rules import CaseRefused, MoveRefused, Reach, check_work
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission

MOST = 200
LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is told of a document, and of which case it is."""

    case: Case
    category: str
    dated_on: date
    title: str


def can_work(member: Membership) -> bool:
    return member.may(Permission.CARE_NOTE_WRITE)


def check_add(member: Membership, entry: Entry, *, reach: Reach, there: int, today: date) -> None:
    """Who works on the case adds to it, as they write notes."""
    check_work(member, entry.case, reach)
    if not can_work(member):
        raise MoveRefused(_("Your organisation can read this case, and no longer changes it."))
    if entry.category not in Category.values:
        raise CaseRefused(_("Say what kind of document it is."))
    if not entry.title.strip() or len(entry.title) > LONGEST_TITLE:
        raise CaseRefused(_("Give the document a short title."))
    if entry.dated_on > today:
        raise CaseRefused(_("The date of the document is still to come. Check it."))
    if there >= MOST:
        raise CaseRefused(_("A case has at most %s documents.") % MOST)


def check_withdraw(member: Membership, document: Document, why: str, *, reach: Reach) -> None:
    check_work(member, document.case, reach)
    if document.status not in WITHDRAWABLE:
        raise MoveRefused(_("This document can no longer be withdrawn."))
    if why not in WithdrawReason.values:
        raise CaseRefused(_("Say why the document is withdrawn."))
