"""What of a case file a reader may take along on paper, and what for."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.cases.models import Basis, CaseGrant
from referral.cases.rules import CaseRefused, Reach
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission


class PrintSection(models.TextChoices):
    """A section of the case file on paper (onderdeel van de afdruk)."""

    SUMMARY = "summary", gettext_lazy("Summary")
    IDENTITY = "identity", gettext_lazy("Identity")
    CONSENTS = "consents", gettext_lazy("Consents")
    PLAN = "plan", gettext_lazy("Care plan")
    TASKS = "tasks", gettext_lazy("Tasks")
    RISK = "risk", gettext_lazy("Risk")
    NOTES = "notes", gettext_lazy("Care notes")
    COURSE = "course", gettext_lazy("What happened")


class PrintPurpose(models.TextChoices):
    """What the paper is for; it stands on each page (doel van de afdruk)."""

    MEETING = "meeting", gettext_lazy("A meeting about this case")
    PERSON = "person", gettext_lazy("To go through with the person")
    PROCEEDINGS = "proceedings", gettext_lazy("Legal help or proceedings")
    VISIT = "visit", gettext_lazy("A visit, outside the office")


#: Sections with words of care: for who reads those on the page, and for nobody else.
_OF_CARE = (PrintSection.PLAN, PrintSection.TASKS, PrintSection.RISK, PrintSection.NOTES)


def sections_for(member: Membership, reach: Reach) -> list[PrintSection]:
    """The sections that this reader sees on the page of the case, in that order."""
    seen = {PrintSection.SUMMARY, PrintSection.COURSE} if reach.reads_header else set()
    if reach.reads_identity:
        seen.add(PrintSection.IDENTITY)
    if reach.reads_all and member.may(Permission.CONSENT_READ):
        seen.add(PrintSection.CONSENTS)
    if reach.reads_all and member.may(Permission.CARE_NOTE_READ):
        seen.update(_OF_CARE)
    return [section for section in PrintSection if section in seen]


def may_print(member: Membership, reach: Reach) -> bool:
    """As far as role and reach tell, without asking the database."""
    return member.may(Permission.CASE_READ_GRANTED) and bool(sections_for(member, reach))


def can_print(member: Membership, reach: Reach) -> bool:
    """Never what was opened in an emergency: that look ends, and paper does not.

    Nor while the use of the data is restricted.
    """
    if not may_print(member, reach) or reach.grant is None or reach.restricted:
        return False
    grants = CaseGrant.objects.opening_to(member)
    return not grants.filter(pk=reach.grant, basis=Basis.BREAK_GLASS).exists()


def check_print(
    member: Membership, reach: Reach, *, sections: Sequence[str], purpose: str
) -> list[PrintSection]:
    """The chosen sections in the order of the file. Raises CaseRefused."""
    offered: Collection[str] = sections_for(member, reach) if can_print(member, reach) else ()
    if not sections or not set(sections) <= set(offered):
        raise CaseRefused(_("Choose at least one section, and none that is not yours to read."))
    if purpose not in PrintPurpose.values:
        raise CaseRefused(_("Say what the paper is for."))
    return [section for section in PrintSection if section in sections]
