"""What the expert centre writes down as a finding, asks a partner, and what the partner answers."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from referral.organisations.models import Organisation
from signals.enrichment.actions import FACTS
from signals.enrichment.models import FlowBasis, Ground, Listed, Source
from signals.enrichment.rules import LONGEST_FINDING, Asking, Finding
from signals.enrichment.workflow import (
    LONGEST,
    PARTNER_ROLES,
    SHORTEST,
    USUAL,
    Credibility,
    FindingKind,
    Reliability,
)
from signals.forms.desk import words


class ListedField(forms.TypedChoiceField):
    """One row of a list, of those that hold today; `fill` gives it the rows."""

    def fill(self, rows: Iterable[Listed | Organisation]) -> None:
        self.rows = {str(row.pk): row for row in rows}
        self.coerce = self.rows.__getitem__
        self.empty_value = None
        self.choices = [
            ("", gettext("Choose from the list")),
            *((pk, str(row)) for pk, row in self.rows.items()),
        ]


def partners() -> list[Organisation]:
    """The organisations that can be asked, or get a signal forwarded, by kind and name."""
    found = Organisation.objects.filter(type__in=list(PARTNER_ROLES), closed_at=None)
    order = list(PARTNER_ROLES)
    return sorted(found, key=lambda one: (order.index(one.type), one.name))  # type: ignore[arg-type]


class FindingForm(HouseForm):
    """A finding with where it comes from, how far it can be trusted, and on what it stands."""

    kind = forms.ChoiceField(
        label=_("What it is about"),
        choices=[("", _("Choose from the list")), *FindingKind.choices],
    )
    text = forms.CharField(
        label=_("What was found"),
        help_text=_("Only the expert centre reads this."),
        max_length=LONGEST_FINDING,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    source = ListedField(label=_("Source"))
    reliability = forms.ChoiceField(
        label=_("How far the source can be trusted"),
        choices=Reliability.choices,
        widget=forms.RadioSelect,
    )
    credibility = forms.ChoiceField(
        label=_("How likely it is that this is so"),
        choices=Credibility.choices,
        widget=forms.RadioSelect,
    )
    ground = ListedField(
        label=_("Basis"),
        help_text=_("The term after which it is destroyed follows from this."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        _listed(self, "source").fill(Source.objects.valid_on(today))
        _listed(self, "ground").fill(Ground.objects.valid_on(today))

    def finding(self) -> Finding:
        said = self.cleaned_data
        return Finding(
            kind=FindingKind(said["kind"]),
            text=said["text"],
            source=said["source"],
            reliability=Reliability(said["reliability"]),
            credibility=Credibility(said["credibility"]),
            ground=said["ground"],
        )


class ProlongForm(HouseForm):
    """Why a finding must be kept longer."""

    reason = words(_("Why it must be kept longer"), _("Only the expert centre reads this."))


class AskPartnerForm(HouseForm):
    """Which partner is asked, for what, on which basis, and what it may know."""

    organisation = ListedField(label=_("Partner"))
    basis = ListedField(label=_("Basis on which you share"))
    purpose = words(_("What you need it for"), _("The partner reads this."))
    question = words(_("Question"), _("The partner reads this. Give away nothing else."))
    facts = forms.MultipleChoiceField(
        label=_("What the partner may know of the signal"),
        help_text=_("The partner reads what you tick here, and nothing else of the signal."),
        choices=[(name, label) for name, (label, _value) in FACTS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    working_days = forms.IntegerField(
        label=_("Working days to answer"),
        min_value=SHORTEST,
        max_value=LONGEST,
        initial=USUAL,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _listed(self, "organisation").fill(partners())
        _listed(self, "basis").fill(FlowBasis.objects.valid_on(timezone.localdate()))
        how_many = gettext("Give a whole number of working days, from %(least)s to %(most)s.")
        how_many %= {"least": SHORTEST, "most": LONGEST}
        wrong = dict.fromkeys(("invalid", "min_value", "max_value"), how_many)
        self.fields["working_days"].error_messages.update(wrong)

    def asking(self) -> Asking:
        return Asking(**self.cleaned_data)


class AnswerRequestForm(HouseForm):
    """What a partner answers."""

    answer = words(
        _("Answer"),
        _("The expert centre reads this. Share what you may share for the purpose above."),
    )


class DeclineRequestForm(HouseForm):
    """Why a partner does not answer."""

    reason = words(_("Why you decline"), _("The expert centre reads this."))


def _listed(form: forms.Form, name: str) -> ListedField:
    field = form.fields[name]
    if not isinstance(field, ListedField):
        raise TypeError(name)
    return field


#: The kind of source that a partner's answer begins as; the analyst may choose another.
SOURCE_OF: Mapping[str, str] = {"police_unit": "police", "nla": "nla", "kmar": "kmar"}


def source_of(organisation: Organisation) -> Source | None:
    code = SOURCE_OF.get(organisation.type, "partner")
    return Source.objects.valid_on(timezone.localdate()).filter(code=code).first()
