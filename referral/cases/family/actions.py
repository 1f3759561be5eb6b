"""The only writers of family links, and the recorded read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from referral.audit.actions import Line, record, record_many
from referral.cases.family.models import OTHER_WAY, FamilyLink, Relation
from referral.cases.family.rules import FamilyRefused, NewLink, check_link, check_stands
from referral.cases.models import Case
from referral.cases.planning.actions.holding import hold_to_write
from referral.organisations.models import Membership
from referral.persons.models import Person


@dataclass(frozen=True, slots=True)
class Relative:
    """A link as one of its two cases reads it."""

    link: FamilyLink
    relation: str
    #: None for a child without a registration.
    person: Person | None
    #: Of that person, where the reader sees one.
    case: Case | None
    #: Whether it was linked from the case that is read, so that it can be taken away there.
    is_own: bool


def link_relative(new: NewLink, *, by: Membership, at: datetime) -> FamilyLink:
    """One link; see link_relatives."""
    return link_relatives([new], by=by, at=at)[0]


@transaction.atomic
def link_relatives(news: Sequence[NewLink], *, by: Membership, at: datetime) -> list[FamilyLink]:
    """Link people to the persons of these cases.

    Raises MoveRefused where the organisation does not work on the case, FamilyRefused otherwise.
    """
    held = hold_to_write([new.case for new in news], by=by)
    named = _named({new.reference for new in news if new.reference}, by=by)
    links = []
    for new in news:
        case, found = held[new.case.pk], named.get(new.reference)
        check_link(new, case=case, found=found)
        links.append(
            FamilyLink(
                case=case,
                relation=new.relation,
                relative=found,
                age_group=new.age_group,
                sex=new.sex,
                linked_at=at,
                linked_by=by.user,
            )
        )
    try:
        with transaction.atomic():
            FamilyLink.objects.bulk_create(links, batch_size=1000)
    except IntegrityError as refusal:
        if "person_is_linked_once_to_a_case" not in str(refusal):
            raise
        raise FamilyRefused(reference=_("This person is linked to the case already.")) from refusal
    record_many([Line(action="family_linked", on=link) for link in links], by=by, at=at)
    return links


@transaction.atomic
def end_link(link: FamilyLink, *, by: Membership, at: datetime) -> None:
    """They do not belong together after all, or no longer. Raises MoveRefused or CaseRefused."""
    hold_to_write([link.case], by=by)
    link = FamilyLink.objects.visible_to(by).select_for_update(of=("self",)).get(pk=link.pk)
    check_stands(link)
    FamilyLink.objects.filter(pk=link.pk).update(ended_at=at, ended_by=by.user)
    record("family_link_ended", by=by, at=at, on=link)


@transaction.atomic(savepoint=False)
def list_family(case: Case, *, by: Membership, at: datetime) -> list[Relative]:
    """Who belongs to the person of this case, as far as the member sees them."""
    links = FamilyLink.objects.visible_to(by).standing().around(case).with_names()
    sides = [(link, link.case_id == case.pk) for link in links]
    persons = [link.relative if own else link.case.person for link, own in sides]
    cases = _cases_of((one.pk for one in persons if one), by=by)
    record("family_read", by=by, at=at, on=case, ids=[link.pk for link, _own in sides])
    return [
        Relative(
            link=link,
            relation=_as_read(link, own=own),
            person=person,
            case=cases.get(person.pk) if person else None,
            is_own=own,
        )
        for (link, own), person in zip(sides, persons, strict=True)
    ]


def _as_read(link: FamilyLink, *, own: bool) -> str:
    """What the other one is, seen from the case that is read."""
    relation = Relation(link.relation)
    return str((relation if own else OTHER_WAY.get(relation, relation)).label)


def _named(references: Iterable[str], *, by: Membership) -> dict[str, Person]:
    """By reference, of a person or of a case, whom the member sees."""
    wanted = list(references)
    cases = Case.objects.visible_to(by).filter(reference__in=wanted)
    of_case = dict(cases.values_list("person", "reference"))
    found: dict[str, Person] = {}
    seen = Person.objects.visible_to(by)
    for person in seen.filter(Q(reference__in=wanted) | Q(pk__in=list(of_case))):
        found[person.reference] = person
        if person.pk in of_case:
            found[of_case[person.pk]] = person
    return found


def _cases_of(persons: Iterable[UUID], *, by: Membership) -> dict[UUID, Case]:
    """The newest case of each that the member sees."""
    seen = Case.objects.visible_to(by).filter(person__in=list(persons))
    return {case.person_id: case for case in seen.order_by("opened_at")}
