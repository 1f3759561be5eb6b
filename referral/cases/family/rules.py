"""Who may be linked to the person of a case: each refusal in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from referral.cases.family.models import FamilyLink, Relation
from referral.cases.models import Case
from referral.cases.rules import CaseRefused
from referral.lib.refusals import Refused
from referral.persons.models import MINORS, Person, Sex


class FamilyRefused(Refused):
    """Nobody is linked; `reasons` says why, by answer."""

    def __init__(self, **reasons: str) -> None:
        super().__init__(" ".join(reasons.values()))
        self.reasons = reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """Somebody to be linked to a case: by a reference, or a child by its age band and sex alone."""

    case: Case
    relation: str
    reference: str = ""
    age_group: str = ""
    sex: str = ""


def check_link(new: NewLink, *, case: Case, found: Person | None) -> None:
    """`found` is whom the reference names among those whom the member sees."""
    if new.relation not in Relation.values:
        raise FamilyRefused(relation=_("Choose what they are of each other."))
    if new.reference and (new.age_group or new.sex):
        raise FamilyRefused(age_group=_("Age and sex are only for a child without a registration."))
    if not new.reference:
        check_child(new)
    elif found is None:
        raise FamilyRefused(reference=_("You see no person or case with this reference."))
    elif found.pk == case.person_id:
        raise FamilyRefused(reference=_("This is the person of the case itself."))


def check_child(new: NewLink) -> None:
    if new.relation != Relation.CHILD:
        raise FamilyRefused(
            reference=_("Give a reference. Only a child can be linked without a registration.")
        )
    if new.age_group not in MINORS:
        raise FamilyRefused(age_group=_("Choose how old the child is, or give a reference."))
    if new.sex not in Sex.values:
        raise FamilyRefused(sex=_("Choose the sex of the child."))


def check_stands(link: FamilyLink) -> None:
    if link.ended_at is not None:
        raise CaseRefused(_("This link was taken away already."))
