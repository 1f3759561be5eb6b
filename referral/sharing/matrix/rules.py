"""May this be shared: the first legal rule that fits, with its basis, citation and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType
from referral.persons.models import AgeGroup
from referral.sharing.matrix.models import LegalRule, Outcome

#: Whose officers change the law of all: the platform and the national desk keep it together.
KEEPERS = frozenset({OrganisationType.PLATFORM, OrganisationType.COMENSHA})


class RuleRefused(Refused):
    """A legal rule cannot be written like this; `reasons` says why, by field."""

    def __init__(self, sentence: str = "", **reasons: str) -> None:
        super().__init__(sentence or " ".join(reasons.values()))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Ruling:
    """An outcome with its basis, its citation and a plain explanation."""

    outcome: Outcome
    #: A LegalBasis or another of BASES; empty where there is none.
    basis: str
    citation: str
    words: str | Promise
    confirmed: bool = True
    #: The rule and its version, for who wants to know which one decided.
    rule: str = ""

    @property
    def needs_consent(self) -> bool:
        return self.outcome == Outcome.CONSENT


#: Where no rule fits nothing is shared: a purpose and a need must be shown first.
NO_RULE = Ruling(
    Outcome.NOT_ALLOWED,
    "",
    "AVG art. 5 lid 1 onder b en c",
    gettext_lazy("No rule allows this, so it is not shared."),
)


@dataclass(frozen=True, slots=True)
class Book:
    """The rules in force, read once for many questions."""

    rules: Sequence[LegalRule]

    @classmethod
    def read(cls) -> Book:
        return cls(tuple(LegalRule.objects.in_force()))

    def ruling(
        self,
        sharer: str,
        aim: str,
        *,
        recipient: str = "",
        age: str = AgeGroup.UNKNOWN,
    ) -> Ruling:
        """What the first rule that fits says; nothing may be shared where none does."""
        for rule in self.rules:
            if rule.fits(sharer=sharer, aim=aim, recipient=recipient, age=age):
                return Ruling(
                    Outcome(rule.outcome),
                    rule.basis,
                    rule.citation,
                    rule.words,
                    rule.confirmed,
                    str(rule),
                )
        return NO_RULE

    def may_ask_consent(self, sharer: str, aim: str) -> bool:
        """Whether consent decides for somebody of some age and some recipient."""
        return any(
            rule.outcome == Outcome.CONSENT
            and (not rule.sharers or sharer in rule.sharers)
            and (not rule.aims or aim in rule.aims)
            for rule in self.rules
        )


def next_step(ruling: Ruling) -> str:
    """What to do now, for who asked."""
    return {
        Outcome.OBLIGED: _(
            "Share it now, and tell the person. Share no more than is asked, and write down the"
            " article."
        ),
        Outcome.ALLOWED: _(
            "Ask whether it is needed for this purpose. Share no more than that, write down the"
            " article and why, and tell the person unless that is dangerous."
        ),
        Outcome.CONSENT: _(
            "Ask the person, in a language that they understand, and tell them that they may say"
            " no or take it back. Write down who agreed, when and how. Without consent: do not"
            " share."
        ),
        Outcome.NOT_ALLOWED: _(
            "Do not share what says who it is. Ask your privacy officer, or ask CoMensha for"
            " advice without naming anyone."
        ),
    }[ruling.outcome]


def can_change(member: Membership | None) -> bool:
    """A privacy officer or administrator of who keeps the rules for all."""
    return (
        member is not None
        and member.may(Permission.MATRIX_CHANGE)
        and member.organisation.type in KEEPERS
    )


def check_can_change(member: Membership) -> None:
    if not can_change(member):
        raise RuleRefused(_("Only a privacy officer of those who keep the rules changes them."))
