"""What somebody says when they take a consent back; and what is shared without one, and why."""

from typing import Any

from django import forms
from django.forms import ChoiceField, RadioSelect
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType
from referral.persons.models import Person
from referral.sharing.models import (
    OTHER_BASES,
    DataCategory,
    Purpose,
    Verdict,
    WithdrawalReason,
)
from referral.sharing.rules import LONGEST_REASON, OtherBasisEntry

#: Who gets data of somebody for care; the other side of the wall never does.
_T = OrganisationType
RECIPIENTS = (
    _T.COMENSHA, _T.CARE_COORD, _T.SHELTER, _T.YOUTH, _T.NIDOS, _T.COA, _T.IND, _T.NGO,
    _T.LAWYER, _T.VSH, _T.VO_CENTRE, _T.ZVH,
)  # fmt: skip


def recipients(member: Membership) -> Any:
    """The organisations that a member can name as a recipient."""
    found = Organisation.objects.filter(type__in=RECIPIENTS, closed_at=None)
    return found.exclude(pk=member.organisation_id).order_by("type", "name")


class WithdrawForm(HouseForm):
    """Why; "no reason" is a reason."""

    reason = ChoiceField(
        label=_("Why?"),
        help_text=_("Nobody has to give a reason."),
        choices=WithdrawalReason.choices,
        initial=WithdrawalReason.NOT_SAID,
        widget=RadioSelect,
    )


class OtherBasisForm(HouseForm):
    """With whom, what for, which data, on which article, and why it cannot wait for consent."""

    recipient = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("With which organisation do you share?"),
        empty_label=_("Choose an organisation"),
    )
    purpose = ChoiceField(
        label=_("What for?"), choices=Purpose.choices, initial=Purpose.CARE_COORDINATION
    )
    categories = forms.MultipleChoiceField(
        label=_("Which data?"),
        choices=DataCategory.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    basis = ChoiceField(
        label=_("On which basis?"),
        choices=[(basis.value, basis.label) for basis in OTHER_BASES],
        widget=RadioSelect,
    )
    article = forms.CharField(
        label=_("Which article of the law?"),
        help_text=_("For example: AVG art. 6 lid 1 onder d."),
        max_length=80,
    )
    reason = forms.CharField(
        label=_("Why can this not wait for consent?"),
        help_text=_("The privacy officer sees that you share, with whom and on which article."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    @classmethod
    def of(cls, member: Membership, data: Any = None) -> "OtherBasisForm":
        form = cls(data)
        form.fields["recipient"].queryset = recipients(member)  # type: ignore[attr-defined]
        return form

    def entry(self, person: Person) -> OtherBasisEntry:
        return OtherBasisEntry(person=person, **self.cleaned_data)


class ReviewForm(HouseForm):
    """What the privacy officer finds of it."""

    verdict = ChoiceField(label=_("Verdict"), choices=Verdict.choices, widget=RadioSelect)
