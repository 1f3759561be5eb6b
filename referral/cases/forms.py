"""Clean input for the deeds of a case. Nothing here saves anything."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy

from referral.access import forms as house
from referral.access.forms import HouseForm, SeenForm
from referral.cases.models import (
    Case,
    ClosureReason,
    DeclineReason,
    Handoff,
    HandoffReason,
    Need,
    NextStep,
    Outcome,
    Priority,
    Section,
)
from referral.cases.rules import LONGEST_NOTE, LONGEST_WORDS, PLANNED_STEPS
from referral.geography.models import CareRegion
from referral.lib import countries
from referral.organisations.models import Membership, Organisation
from referral.sharing.forms import recipients
from referral.sharing.models import REFERENCE, DataCategory, Evidence, GivenBy, How, Purpose
from referral.sharing.rules import representatives

YES, NO = "yes", "no"
YES_OR_NO = [(YES, gettext_lazy("Yes")), (NO, gettext_lazy("No"))]

#: What a coordinator asks consent for; registration comes before there is a case.
ASKED_FOR = [purpose for purpose in Purpose if purpose != Purpose.REGISTRATION]


class CaseForm(HouseForm):
    """A form with questions that are answered by yes or no."""

    def said_yes(self, name: str) -> bool:
        return bool(self.cleaned_data[name] == YES)


class DayField(house.DayField):
    """A day, with an example."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("For example 31-12-2026."))
        super().__init__(**kwargs)


class Unshown(forms.HiddenInput):
    """What a button answers, so that no field does."""

    def render(self, *args: Any, **kwargs: Any) -> SafeString:  # noqa: ARG002
        return mark_safe("")


def spoken_languages() -> list[tuple[str, str]]:
    """The languages that are asked for most, or none, in the language of the page."""
    language = "nl" if (get_language() or "nl").startswith("nl") else "en"
    return [("", gettext("Choose")), *countries.spoken(language)]


class OfferForm(CaseForm):
    """Which region coordinates the care, how soon, and what is needed."""

    care_region = forms.ModelChoiceField(
        CareRegion.objects.in_dutch_order(),
        label=gettext_lazy("Care region"),
        help_text=gettext_lazy("Where the person stays, or was found."),
        empty_label=gettext_lazy("Choose a region"),
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("How soon must somebody act?"),
        choices=Priority.choices,
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("What does the person need?"),
        choices=Need.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class RegionForm(CaseForm):
    """Which other region is asked."""

    care_region = OfferForm.base_fields["care_region"]


class NoteForm(CaseForm):
    """One care note."""

    text = forms.CharField(
        label=gettext_lazy("New care note"),
        help_text=gettext_lazy(
            "Read only by care coordinators of the organisation that is responsible."
        ),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class StepForm(SeenForm, CaseForm):
    """What comes next, and before which day."""

    step = forms.ChoiceField(
        label=gettext_lazy("Next step"),
        choices=[(step.value, step.label) for step in PLANNED_STEPS],
        widget=forms.RadioSelect,
    )
    deadline = DayField(label=gettext_lazy("Before which day?"))

    @classmethod
    def of(cls, case: Case, data: Any = None) -> StepForm:
        step = case.next_step if case.next_step in PLANNED_STEPS else NextStep.REVIEW_PLAN
        return cls(data, initial={"step": step, "seen": case.step_mark})


class CloseForm(CaseForm):
    """Why the care ends, and how the person is left behind."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why does the care end?"),
        choices=ClosureReason.choices,
        widget=forms.RadioSelect,
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("How is the person left behind?"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
    )
    person_informed = forms.ChoiceField(
        label=gettext_lazy("Does the person know that the case is closed?"),
        choices=YES_OR_NO,
        widget=forms.RadioSelect,
    )


class HandoffForm(SeenForm, CaseForm):
    """Where the case goes, why, and what goes along."""

    care_region = forms.ModelChoiceField(
        CareRegion.objects.in_dutch_order(),
        label=gettext_lazy("To which care region?"),
        empty_label=gettext_lazy("Choose a region"),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why does the case go there?"),
        choices=HandoffReason.choices,
        widget=forms.RadioSelect,
    )
    sections = forms.MultipleChoiceField(
        label=gettext_lazy("What goes along?"),
        help_text=gettext_lazy("The other region sees it only after accepting the case."),
        choices=Section.choices,
        initial=Section.values,
        widget=forms.CheckboxSelectMultiple,
    )
    warm_meeting_on = DayField(
        label=gettext_lazy("Day of the meeting to hand over"),
        required=False,
        help_text=gettext_lazy("If you have agreed on one. It is needed before acceptance."),
    )
    victim_informed = forms.ChoiceField(
        label=gettext_lazy("Does the person know of the handoff?"),
        choices=YES_OR_NO,
        widget=forms.RadioSelect,
    )

    #: Not a question but the second button: see views.handoffs.LATER.
    later = forms.BooleanField(required=False, widget=Unshown)

    @classmethod
    def of(cls, draft: Handoff | None, data: Any = None) -> HandoffForm:
        """Filled in as far as somebody came before."""
        if draft is None:
            return cls(data)
        names = ("care_region", "reason", "sections", "warm_meeting_on")
        kept = {name: getattr(draft, name) for name in names}
        kept |= {"victim_informed": YES if draft.victim_informed else NO}
        return cls(data, initial=kept | {"seen": draft.draft_mark})


class QuestionForm(CaseForm):
    """What the receiver wants to know before answering."""

    text = forms.CharField(
        label=gettext_lazy("What do you want to know?"),
        help_text=gettext_lazy("Kept sealed. The clock then runs for the other region."),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReplyForm(CaseForm):
    """The sender's reply, and whether the package is packed anew."""

    text = forms.CharField(
        label=gettext_lazy("Your reply"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    pack_again = forms.BooleanField(
        label=gettext_lazy("Pack the file again, as it is now"),
        help_text=gettext_lazy("It gets the next version and a hash of its own."),
        required=False,
    )


class CompleteHandoffForm(CaseForm):
    """The meeting took place, and the person knows or not."""

    met_on = DayField(label=gettext_lazy("On which day did you meet?"))
    victim_informed = forms.ChoiceField(
        label=gettext_lazy("Does the person know of the handoff?"),
        choices=YES_OR_NO,
        widget=forms.RadioSelect,
    )


class AcceptHandoffForm(CaseForm):
    """The meeting at which the coordinators hand over."""

    warm_meeting_on = DayField(label=gettext_lazy("Day of the meeting to hand over"))


class DeclineHandoffForm(CaseForm):
    """Why the region says no."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why do you decline the case?"),
        choices=DeclineReason.choices,
        widget=forms.RadioSelect,
    )


class AskForm(CaseForm):
    """What the person is asked."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("What do you ask consent for?"),
        choices=[(purpose.value, purpose.label) for purpose in ASKED_FOR],
        initial=Purpose.PLACEMENT,
        widget=forms.RadioSelect,
    )
    recipient = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("For which organisation?"),
        help_text=gettext_lazy(
            "A referral and an invitation to a case table need a consent that names the "
            "organisation, for example an NGO or a lawyer. Without one the consent holds for "
            "the other sharing of this purpose only."
        ),
        empty_label=gettext_lazy("Nobody by name: not for a referral or a case table"),
        required=False,
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Which data?"),
        help_text=gettext_lazy("Choose none for what the purpose needs, and no more."),
        choices=DataCategory.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def of(cls, member: Membership, data: Any = None) -> AskForm:
        form = cls(data)
        form.fields["recipient"].queryset = recipients(member)  # type: ignore[attr-defined]
        return form


class AnswerForm(CaseForm):
    """What the person answered, and under which circumstances."""

    given = forms.ChoiceField(
        label=gettext_lazy("Does the person consent?"),
        choices=YES_OR_NO,
        widget=forms.RadioSelect,
    )
    how = forms.ChoiceField(
        label=gettext_lazy("How was the answer given?"),
        choices=How.choices,
        initial=How.WRITTEN,
        widget=forms.RadioSelect,
    )
    given_by = forms.ChoiceField(
        label=gettext_lazy("Who answered?"), choices=GivenBy.choices, widget=forms.RadioSelect
    )
    interpreter = forms.ChoiceField(
        label=gettext_lazy("Was there an interpreter?"),
        choices=YES_OR_NO,
        initial=NO,
        widget=forms.RadioSelect,
    )
    leaflet = forms.CharField(
        label=gettext_lazy("Version of the leaflet that was handed out"),
        max_length=20,
        required=False,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("In which language?"), choices=spoken_languages, required=False
    )
    evidence = forms.ChoiceField(
        label=gettext_lazy("Where is the proof kept?"),
        choices=[("", gettext_lazy("There is no proof yet")), *Evidence.choices],
        required=False,
    )
    evidence_reference = forms.RegexField(
        REFERENCE,
        label=gettext_lazy("Under which number or name is it found?"),
        help_text=gettext_lazy("Letters and digits, such as 2026-0117. No name of a person."),
        required=False,
    )
    until = DayField(
        label=gettext_lazy("Holds until"),
        help_text=gettext_lazy("Twelve months at most; leave it empty for twelve months."),
        required=False,
    )

    def __init__(self, *args: Any, age_group: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = representatives(age_group)
        field = self.fields["given_by"]
        field.choices = [(one.value, one.label) for one in allowed]  # type: ignore[attr-defined]
        field.initial = allowed[0]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if bool(said.get("evidence")) != bool(said.get("evidence_reference")):
            words = gettext_lazy("Say both where the proof is and how it is found, or neither.")
            self.add_error("evidence_reference", words)
        return said
