"""Tasks: the lists, and the deeds on one task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.forms import SeenForm, typed_in
from referral.access.requests import MemberRequest
from referral.cases.models import Case
from referral.cases.planning import actions
from referral.cases.planning.forms import AbsenceForm, ChangeTaskForm, EndTaskForm, TaskForm
from referral.cases.planning.forms.tasks import changed
from referral.cases.planning.models import Absence, Task
from referral.cases.planning.rules import colleagues_of
from referral.cases.views.working import while_worked_on
from referral.lib.versions import Version
from referral.organisations.permissions import Permission

LINES_ON_A_PAGE = 50
GET_AND_POST = ["GET", "HEAD", "POST"]
MINE, TEAM = "mine", "team"


@allowed(Permission.CASE_WORK)
@require_safe
def list_tasks(request: MemberRequest) -> HttpResponse:
    """My tasks, or those of the whole team, the first day first; and who is away."""
    member, now = request.member, timezone.now()
    scope = TEAM if request.GET.get("of") == TEAM else MINE
    seen = Task.objects.visible_to(member)
    found = seen.of_team(member) if scope == TEAM else seen.mine(member)
    rows = found.with_names().select_related("case").first_due_first()
    page = Paginator(rows, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    absences = Absence.objects.visible_to(member).not_over(timezone.localdate(now))
    context = {
        "page": page,
        "tasks": actions.list_tasks(page.object_list, by=member, at=now),
        "scope": scope,
        "scopes": [(MINE, _("My tasks")), (TEAM, _("Our team's tasks"))],
        "absences": absences.order_by("first_on", "pk"),
    }
    return render(request, "planning/tasks.html", context)


@allowed(Permission.CASE_WORK)
@require_http_methods(GET_AND_POST)
def hand_over(request: MemberRequest) -> HttpResponse:
    """Give all tasks of a colleague who is away to another, for these days."""
    now = timezone.now()
    initial = {"person": str(request.member.user_id), "first_on": timezone.localdate(now)}
    form = AbsenceForm(
        request.POST or None, colleagues=colleagues_of(request.member, at=now), initial=initial
    )
    back = reverse("cases:planning:tasks")
    if request.method == "POST" and form.is_valid():
        answer = do_once(
            request,
            lambda: actions.hand_over_tasks(form.handover(), by=request.member, at=now),
            said=_(
                "Arranged. The tasks are with the other colleague from the first day, and come back"
                " after the last."
            ),
            back=f"{back}?of={TEAM}",
            form=form,
        )
        if answer is not None:
            return answer
    context = {
        "form": form,
        "title": _("Hand tasks over during an absence"),
        "intro": _(
            "All open tasks of the one who is away go to one colleague, who also sees the days of"
            " their cases in the calendar."
        ),
        "submit_label": _("Hand over"),
        "cancel_url": back,
    }
    status = 422 if form.is_bound else 200
    return render(request, "components/form_page.html", context, status=status)


@allowed(Permission.CASE_WORK)
@require_POST
def end_absence(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Somebody is back before the last day, or is not away after all."""
    absence = get_object_or_404(Absence.objects.visible_to(request.member), pk=pk)
    return do_once(
        request,
        lambda: actions.end_absence(absence, by=request.member, at=timezone.now()),
        said=_("The absence has ended. What was taken over and is still open is given back."),
        back=f"{reverse('cases:planning:tasks')}?of={TEAM}",
    )


@allowed(Permission.CARE_NOTE_WRITE)
@require_http_methods(GET_AND_POST)
@while_worked_on
def add_task(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A new task in a case, for a goal or by itself."""
    member, now = request.member, timezone.now()
    case = get_object_or_404(Case.objects.visible_to(member), pk=pk)
    goals = actions.read_planning(case, by=member, at=now).goals
    initial = {"owner": str(member.user_id), "goal": request.GET.get("goal", "")}
    team = colleagues_of(member, at=now)
    form = TaskForm(typed_in(request), colleagues=team, goals=goals, initial=initial)
    return deed_page(
        request,
        case,
        form,
        lambda: actions.add_task(form.new_task(case), by=member, at=now),
        title=_("Add a task"),
        label=_("Add the task"),
        said=_("The task is added."),
        part="tasks",
    )


@allowed(Permission.CARE_NOTE_WRITE)
@require_http_methods(GET_AND_POST)
def change_task(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Another owner, or another day."""
    task, now = _found(request, pk), timezone.now()
    team = colleagues_of(request.member, at=now)
    form = ChangeTaskForm(request.POST or None, colleagues=team, initial=changed(task))
    return deed_page(
        request,
        task.case,
        form,
        lambda: actions.change_task(
            task,
            owner=form.user("owner"),
            due_on=form.cleaned_data["due_on"],
            seen=form.cleaned_data["seen"],
            by=request.member,
            at=now,
        ),
        title=_("Give away or move: %s") % task,
        label=_("Change the task"),
        said=_("The task is changed."),
        part="tasks",
        newer=lambda: actions.read_task(task, by=request.member, at=now),
    )


@allowed(Permission.CARE_NOTE_WRITE)
@require_http_methods(GET_AND_POST)
def end_task(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Done, or cancelled with a reason."""
    task = _found(request, pk)
    form = EndTaskForm(request.POST or None)

    def deed() -> None:
        to, reason = form.ending
        actions.end_task(task, to=to, reason=reason, by=request.member, at=timezone.now())

    return deed_page(
        request,
        task.case,
        form,
        deed,
        title=_("End the task: %s") % task,
        label=_("End the task"),
        said=_("The task has ended."),
        part="tasks",
    )


def _found(request: MemberRequest, pk: UUID) -> Task:
    seen = Task.objects.visible_to(request.member).select_related("case")
    return get_object_or_404(seen, pk=pk)


def deed_page(
    request: MemberRequest,
    case: Case,
    form: BaseForm,
    deed: Callable[[], object],
    *,
    title: str,
    label: str,
    said: str,
    part: str,
    newer: Callable[[], Version] | None = None,
    about: Callable[[], Sequence[tuple[str, str]]] | None = None,
) -> HttpResponse:
    """One deed on a case as a page with a form; afterwards back to its part of the file.

    Above the form stands what it is `about`; when somebody kept a `newer` version since, that
    stands beside what was typed instead.
    """
    back = f"{case.get_absolute_url()}#{part}"
    if request.method == "POST" and form.is_valid():
        answer = do_once(request, deed, said=said, back=back, form=form)
        if answer is not None:
            return answer
    version = form.beside(newer) if newer and isinstance(form, SeenForm) else None
    context = {
        "case": case,
        "form": form,
        "about": about() if about and version is None else (),
        "title": title,
        "submit_label": label,
        "cancel_url": back,
        "version": version,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "cases/deed.html", context, status=status)
