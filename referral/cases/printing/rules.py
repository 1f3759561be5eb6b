"""What of a case file a reader may take along on paper, and what for."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.cases.models import Basis, CaseGrant
from referral.cases.rules import CaseRefused, Reach
from referral.cases.views.parts import FIRST, LAST, Part, PartMaker, Reading
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission


class PrintPurpose(models.TextChoices):
    """What the paper is for; it stands on each page (doel van de afdruk)."""

    MEETING = "meeting", gettext_lazy("A meeting about this case")
    PERSON = "person", gettext_lazy("To go through with the person")
    PROCEEDINGS = "proceedings", gettext_lazy("Legal help or proceedings")
    VISIT = "visit", gettext_lazy("A visit, outside the office")


def may_print(member: Membership, reach: Reach) -> bool:
    """As far as role and reach tell, without asking the database."""
    return member.may(Permission.CASE_READ_GRANTED) and reach.reads_header


def can_print(member: Membership, reach: Reach) -> bool:
    """Never what was opened in an emergency: that look ends, and paper does not.

    Nor while the use of the data is restricted.
    """
    if not may_print(member, reach) or reach.grant is None or reach.restricted:
        return False
    grants = CaseGrant.objects.opening_to(member)
    return not grants.filter(pk=reach.grant, basis=Basis.BREAK_GLASS).exists()


def parts_with_paper(reading: Reading, more: Iterable[PartMaker]) -> list[Part]:
    """The parts that can go on paper, of those that this reader sees on the page, in its order.

    `more` are the parts of rooms above the case, as on its page.
    """
    made = (make(reading) for make in (*FIRST, *more, *LAST))
    return [part for part in made if part is not None and part.paper is not None]


def check_print(
    reading: Reading, more: Iterable[PartMaker], *, sections: Collection[str], purpose: str
) -> list[Part]:
    """The chosen parts in the order of the page. Raises CaseRefused."""
    allowed = can_print(reading.member, reading.reach)
    offered = parts_with_paper(reading, more) if allowed else []
    if not sections or not set(sections) <= {part.slug for part in offered}:
        raise CaseRefused(_("Choose at least one section, and none that is not yours to read."))
    if purpose not in PrintPurpose.values:
        raise CaseRefused(_("Say what the paper is for."))
    return [part for part in offered if part.slug in sections]
