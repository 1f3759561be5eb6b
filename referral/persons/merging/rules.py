"""When two records may be made one, by whom, and what is then known of the person."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.persons.merging.models import Merge
from referral.persons.merging.workflow import MOVES, Side, Status
from referral.persons.models import AgeGroup, Person, Sex
from referral.persons.rules import IdentityFacts, PersonEntry

#: The answers between which who proposes a merge chooses; those of a birth date go together.
ANSWERS = {
    "name": (gettext_lazy("Name"), ("given_names", "family_name")),
    "birth": (
        gettext_lazy("Birth date"),
        ("birth_date", "birth_precision", "birth_until"),
    ),
    "phone": (gettext_lazy("Telephone"), ("phone",)),
    "v_number": (gettext_lazy("V-number"), ("v_number",)),
    "nationalities": (gettext_lazy("Nationality"), ("nationalities",)),
}


class MergeRefused(Refused):
    """Two records that may not be made one, or not by this member."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One answer of two records beside each other."""

    code: str
    label: str
    kept: IdentityFacts
    gone: IdentityFacts

    @property
    def differs(self) -> bool:
        _label, fields = ANSWERS[self.code]
        return any(getattr(self.kept, one) != getattr(self.gone, one) for one in fields)

    @property
    def is_choice(self) -> bool:
        """Both say something, and not the same."""
        first = ANSWERS[self.code][1]
        said = [any(getattr(facts, one) for one in first) for facts in (self.kept, self.gone)]
        return self.differs and all(said)


def compared(kept: IdentityFacts, gone: IdentityFacts) -> Iterator[Compared]:
    """Every answer of both, side by side."""
    for code, (label, _fields) in ANSWERS.items():
        yield Compared(code, str(label), kept, gone)


def combined(
    kept: tuple[Person, IdentityFacts], gone: tuple[Person, IdentityFacts], chosen: Collection[str]
) -> PersonEntry:
    """What is known of the one person: of `kept`, but for what was chosen from or only in `gone`.

    The names that are not chosen stay as other names, so that both are still found.
    """
    (person, mine), (other, theirs) = kept, gone
    taken = [
        field
        for one in compared(mine, theirs)
        for field in ANSWERS[one.code][1]
        if one.code in chosen or (one.differs and not one.is_choice and getattr(theirs, field))
    ]
    facts = replace(mine, **{field: getattr(theirs, field) for field in taken})
    names = [mine.full_name, theirs.full_name, *mine.aliases, *theirs.aliases]
    aliases = [name for name in dict.fromkeys(names) if name and name != facts.full_name]
    absent = {name: why for name, why in facts.absent.items() if name not in _known(facts)}
    aged = other if "birth_date" in taken or person.age_group == AgeGroup.UNKNOWN else person
    return PersonEntry(
        sex=other.sex if person.sex == Sex.UNKNOWN else person.sex,
        age_group=aged.age_group,
        is_minor=aged.is_minor,
        facts=replace(facts, aliases=tuple(aliases), absent=absent, bsn=""),
    )


def _known(facts: IdentityFacts) -> set[str]:
    said = {
        "name": facts.full_name,
        "birth_date": facts.birth_date,
        "nationalities": facts.nationalities,
    }
    return {name for name, answer in said.items() if answer}


def can_move(member: Membership, merge: Merge, goal: Status) -> bool:
    side = MOVES[Status(merge.status)].get(goal)
    if side is None or not member.may(Permission.REGISTRATION_COMPLETE):
        return False
    return side == Side.DESK or merge.proposed_by_id != member.user_id


def check_move(member: Membership, merge: Merge, goal: Status) -> None:
    """Raise MergeRefused unless this is a move of the table, and this member's."""
    if can_move(member, merge, goal):
        return
    if goal == Status.MERGED and merge.status == Status.PROPOSED:
        raise MergeRefused(_("You proposed this yourself. A colleague has to confirm it."))
    raise MergeRefused(_("This step is not yours to take."))


def check_proposal(member: Membership, kept: Person, gone: Person, others: list[Merge]) -> None:
    """Raise MergeRefused when these two cannot be made one; `others` stand for either."""
    if not member.may(Permission.REGISTRATION_COMPLETE):
        raise MergeRefused(_("This step is not yours to take."))
    if not (kept.named and gone.named):
        raise MergeRefused(_("One of the two has no name: nobody can see that they are one."))
    if kept.pk == gone.pk:
        raise MergeRefused(_("Choose two persons."))
    if any(one.gone_id in {kept.pk, gone.pk} or one.kept_id == gone.pk for one in others):
        raise MergeRefused(
            _("One of these is in another merge. Decide on that one, or undo it, first.")
        )
