from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.access.forms import SeenForm
from referral.cases.forms import CaseForm, DayField
from referral.cases.models import Case
from referral.cases.planning.actions import HandOver, NewTask
from referral.cases.planning.actions.reading import ReadGoal
from referral.cases.planning.models import CancelReason, Doer, Task, TaskKind
from referral.cases.planning.rules import LONGEST_WORDS, mark_of_task
from referral.cases.planning.workflow import TaskStatus
from referral.organisations.models import Membership, User

Choices = Sequence[tuple[str, str]]


class _TeamForm(CaseForm):
    """A form that names colleagues by the key of their account."""

    team: dict[str, User]

    def __init__(self, *args: Any, colleagues: dict[int, Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = {str(pk): one.user for pk, one in colleagues.items()}

    def names(self) -> list[tuple[str, str]]:
        return sorted(((pk, str(user)) for pk, user in self.team.items()), key=lambda one: one[1])

    def user(self, name: str) -> User | None:
        return self.team.get(self.cleaned_data[name])


class _OwnerForm(_TeamForm):
    """Who has it, and before which day."""

    owner = forms.ChoiceField(label=gettext_lazy("Who has it?"), required=False)
    due_on = DayField(label=gettext_lazy("Before which day?"))

    def __init__(self, *args: Any, colleagues: dict[int, Membership], **kwargs: Any) -> None:
        super().__init__(*args, colleagues=colleagues, **kwargs)
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            ("", _("The whole team")),
            *self.names(),
        ]


class ChangeTaskForm(SeenForm, _OwnerForm):
    """Who has it from now on, and before which day."""


class TaskForm(_OwnerForm):
    """What must be done, why, by whom and when."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of task is it?"), choices=TaskKind.choices
    )
    words = forms.CharField(
        label=gettext_lazy("What must be done, and why?"),
        help_text=gettext_lazy("Read in the case file only; lists show kind and day."),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    doer = forms.ChoiceField(label=gettext_lazy("Who does it?"), choices=Doer.choices)
    goal = forms.ChoiceField(label=gettext_lazy("For which goal?"), required=False)
    field_order = ("kind", "words", "doer", "owner", "due_on", "goal")

    def __init__(
        self,
        *args: Any,
        colleagues: dict[int, Membership],
        goals: Sequence[ReadGoal] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, colleagues=colleagues, **kwargs)
        self.goals = {str(one.goal.pk): one.goal for one in goals}
        named = [(str(one.goal.pk), f"{one.goal}: {one.words[:60]}") for one in goals]
        if named:
            self.fields["goal"].choices = [("", _("None")), *named]  # type: ignore[attr-defined]
        else:
            del self.fields["goal"]

    def new_task(self, case: Case) -> NewTask:
        said = self.cleaned_data
        return NewTask(
            case=case,
            words=said["words"],
            due_on=said["due_on"],
            kind=said["kind"],
            doer=said["doer"],
            owner=self.user("owner"),
            goal=self.goals.get(said.get("goal", "")),
        )


class EndTaskForm(CaseForm):
    """Done, or why it need not be done."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What became of it?"),
        choices=[
            (TaskStatus.DONE.value, gettext_lazy("It is done")),
            *(
                (reason.value, reason.label)
                for reason in CancelReason
                if reason != CancelReason.CASE_CLOSED
            ),
        ],
        initial=TaskStatus.DONE.value,
        widget=forms.RadioSelect,
    )

    @property
    def ending(self) -> tuple[TaskStatus, str]:
        said = self.cleaned_data["reason"]
        if said == TaskStatus.DONE:
            return TaskStatus.DONE, ""
        return TaskStatus.CANCELLED, said


class AbsenceForm(_TeamForm):
    """Who is away from when until when, and who takes the tasks."""

    person = forms.ChoiceField(label=gettext_lazy("Who is away?"))
    first_on = DayField(label=gettext_lazy("From which day?"))
    last_on = DayField(label=gettext_lazy("Until and with which day?"))
    stand_in = forms.ChoiceField(label=gettext_lazy("Who takes the tasks?"))

    def __init__(self, *args: Any, colleagues: dict[int, Membership], **kwargs: Any) -> None:
        super().__init__(*args, colleagues=colleagues, **kwargs)
        for name in ("person", "stand_in"):
            self.fields[name].choices = [  # type: ignore[attr-defined]
                ("", _("Choose a colleague")),
                *self.names(),
            ]

    def handover(self) -> HandOver:
        said = self.cleaned_data
        return HandOver(
            person=self.team[said["person"]],
            stand_in=self.team[said["stand_in"]],
            first_on=said["first_on"],
            last_on=said["last_on"],
        )


def changed(task: Task) -> dict[str, object]:
    """What the form of a change shows first."""
    return {
        "owner": str(task.owner_id or ""), "due_on": task.due_on, "seen": mark_of_task(task),
    }  # fmt: skip
