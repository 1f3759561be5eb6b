"""What a reporter is asked of a signal, and who may add what: each refusal in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType
from signals.models import ALWAYS, CHAPTERS_OF, Indicator, Knowledge, Signal, TargetGroup
from signals.rules.drafts import LONGEST_FACTS

#: Who reports; for every other organisation the indicators of care.
GROUP_OF: dict[str, TargetGroup] = {
    OrganisationType.POLICE_UNIT: TargetGroup.POLICE,
    OrganisationType.KMAR: TargetGroup.POLICE,
    OrganisationType.EMM: TargetGroup.POLICE,
    OrganisationType.OM: TargetGroup.POLICE,
    OrganisationType.NLA: TargetGroup.LABOUR,
    OrganisationType.MUNICIPALITY: TargetGroup.MUNICIPALITY,
    OrganisationType.VO_CENTRE: TargetGroup.MUNICIPALITY,
}


class DeepeningRefused(Refused):
    """What somebody wants to add cannot be added."""

    def __init__(self, sentence: str, **reasons: str) -> None:
        super().__init__(sentence or " ".join(reasons.values()))
        self.reasons = reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All that the reporter's side knows more of a signal; it replaces the revision before."""

    #: From where each indicator is known, by code and version ("A01-1").
    answers: Mapping[str, str] = field(default_factory=dict)
    facts: str = ""
    interpretation: str = ""
    #: The revision that was read before; 0 when there was none.
    after: int = 0


def offered_indicators(signal: Signal, *, on: date) -> dict[str, Indicator]:
    """What its reporter is asked on this day, by code and version: of the signal's forms and
    ages, and what people of this kind can come to know.
    """
    chapters = {*ALWAYS, *(chapter for form in signal.forms for chapter in CHAPTERS_OF[form])}
    found = (
        Indicator.objects.valid_on(on)
        .in_chapters(chapters)
        .for_group(GROUP_OF.get(signal.reporter_type, TargetGroup.CARE))
        .about(signal.age_group)
    )
    return {indicator.name: indicator for indicator in found.in_order()}


def can_deepen(member: Membership, signal: Signal) -> bool:
    """Whether a member who sees the signal stands on its reporter's side, before it is judged."""
    return (
        member.may(Permission.SIGNAL_SUBMIT)
        and signal.reporter_organisation_id == member.organisation_id
        and not signal.outcome
    )


def check_deepen(member: Membership, signal: Signal) -> None:
    if signal.outcome:
        raise DeepeningRefused(
            _("Signal %s has an outcome; send a new signal with what you know.") % signal.reference
        )
    if not can_deepen(member, signal):
        raise DeepeningRefused(_("Only the organisation that sent this signal adds to it."))


def check_findings(findings: Findings, offered: Mapping[str, Indicator]) -> None:
    """Raise DeepeningRefused for what was not asked, is too long, or says nothing."""
    for name, knowledge in findings.answers.items():
        if name not in offered:
            raise DeepeningRefused(why_not_offered(name, offered))
        if knowledge not in Knowledge.values:
            raise DeepeningRefused("", **{name: _("Choose one of the answers.")})
    too_long = _("This is too long. Use at most %s characters.") % LONGEST_FACTS
    texts = {"facts": findings.facts, "interpretation": findings.interpretation}
    if wrong := {name: too_long for name, text in texts.items() if len(text) > LONGEST_FACTS}:
        raise DeepeningRefused("", **wrong)
    if not findings.answers and not any(text.strip() for text in texts.values()):
        raise DeepeningRefused(_("Answer a question, or write down what you know."))


def check_adds(findings: Findings, last: Findings | None) -> None:
    """Raise DeepeningRefused for what stands there already, word for word."""
    if last is None or findings.after != last.after:
        return  # the first, or a colleague was first: the database says so
    texts = findings.facts.strip(), findings.interpretation.strip()
    if dict(findings.answers) == last.answers and texts == (last.facts, last.interpretation):
        raise DeepeningRefused(_("You changed nothing, so nothing was added to the signal."))


def why_not_offered(name: str, offered: Mapping[str, Indicator]) -> str:
    """Why an indicator cannot be answered: unknown, in other words now, or of another signal."""
    code = name.partition("-")[0]
    if not Indicator.objects.filter(code=code).exists():
        return _("There is no indicator %s.") % code
    if code in {indicator.code for indicator in offered.values()}:
        return _("The words of indicator %s have changed. Read it again and answer it.") % code
    return _("Indicator %s does not fit this signal.") % code


@contextmanager
def revisions_take_turns() -> Iterator[None]:
    """Say in words that a colleague was first, or that the signal was judged meanwhile."""
    sentences = {
        "revisions_of_a_signal_follow_one_another": _(
            "A colleague added to this signal meanwhile. Look at it, and add what is missing."
        ),
        "signal_is_deepened_until_it_is_judged": _(
            "This signal has just been judged; send a new signal with what you know."
        ),
    }
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        for name, sentence in sentences.items():
            if name in str(error):
                raise DeepeningRefused(sentence) from error
        raise
