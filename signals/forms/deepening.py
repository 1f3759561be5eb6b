"""What a reporter knows more of a signal, and what a visitor wants to see of the library."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.access.forms import HouseForm
from signals.actions import OpenedDeepening
from signals.models import ALWAYS, Chapter, Indicator, Knowledge, Strength, TargetGroup
from signals.querysets import IndicatorQuerySet
from signals.rules import LONGEST_FACTS, Findings, why_not_offered

TEXTS = ("facts", "interpretation")
#: So many chapters of a signal's own forms stand open at once.
FEW = 2


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one chapter: the signs, and what speaks against."""

    chapter: Chapter
    signs: list[forms.BoundField]
    against: list[forms.BoundField]
    is_open: bool

    @property
    def size(self) -> int:
        return len(self.signs) + len(self.against)


class DeepenForm(HouseForm):
    """One question for each indicator that is offered, and two boxes: facts, interpretation."""

    facts = forms.CharField(
        label=_("What else do you know?"),
        help_text=_("Only facts: what was seen, heard, read or told, where, when and by whom."),
        required=False,
        max_length=LONGEST_FACTS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    interpretation = forms.CharField(
        label=_("What do you think is going on?"),
        help_text=_("Your own interpretation. It is kept apart from the facts."),
        required=False,
        max_length=LONGEST_FACTS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    after = forms.IntegerField(min_value=0, initial=0, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        offered: Mapping[str, Indicator],
        last: OpenedDeepening | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        for name, indicator in offered.items():
            self.fields[name] = forms.ChoiceField(
                label=indicator.text,
                required=False,
                choices=[("", _("Not answered")), *Knowledge.choices],
            )
        if last is not None:
            known = {answer.indicator.code: answer.knowledge for answer in last.answers}
            self.initial = {
                "after": last.number,
                **{text: getattr(last, text) for text in TEXTS},
                **{name: known.get(offered[name].code, "") for name in offered},
            }

    def clean(self) -> dict[str, Any]:
        for name in sorted(self.data.keys() - self.fields.keys()):
            if Indicator.is_name(name):  # offered when the page was asked for, or never
                raise forms.ValidationError(why_not_offered(name, self.offered))
        return super().clean()

    def findings(self) -> Findings:
        """What was answered, for the action."""
        said = self.cleaned_data
        return Findings(
            answers={name: said[name] for name in self.offered if said[name]},
            facts=said["facts"],
            interpretation=said["interpretation"],
            after=said["after"],
        )

    def groups(self) -> Iterator[Group]:
        """The questions by chapter. General signs stand open, and what was answered; so do those
        of the signal's own forms, unless these are many.
        """
        own = {indicator.chapter for indicator in self.offered.values()} - set(ALWAYS)
        by_chapter = groupby(self.offered.items(), key=lambda pair: pair[1].chapter)
        for chapter, pairs in by_chapter:
            signs: list[forms.BoundField] = []
            against: list[forms.BoundField] = []
            for name, indicator in pairs:
                (against if indicator.strength == Strength.CONTRA else signs).append(self[name])
            is_open = chapter == Chapter.GENERAL or (chapter in own and len(own) <= FEW)
            answered = any(field.value() or field.errors for field in (*signs, *against))
            yield Group(Chapter(chapter), signs, against, is_open=answered or is_open)

    def texts(self) -> list[forms.BoundField]:
        return [self[name] for name in TEXTS]


class LibraryForm(forms.Form):
    """Filters of the public library; each may stay empty."""

    form = forms.ChoiceField(
        label=_("Form of exploitation"),
        required=False,
        choices=[("", _("All forms")), *Chapter.choices],
    )
    group = forms.ChoiceField(
        label=_("Who you are"), required=False, choices=[("", _("All")), *TargetGroup.choices]
    )

    def found(self) -> IndicatorQuerySet:
        """What the answers leave of the library of today; a wrong answer shows the rest."""
        self.is_valid()
        chapter = self.cleaned_data.get("form", "")
        found = Indicator.objects.valid_on(timezone.localdate())
        if chapter:
            found = found.in_chapters([chapter])
        return found.for_group(self.cleaned_data.get("group", "")).in_order()
