"""Asking consent, and writing down the answer, from the case file."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.cases.forms import AnswerForm, AskForm
from referral.cases.models import Case
from referral.cases.rules import check_work
from referral.cases.views.working import while_worked_on
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.persons.models import Person
from referral.sharing.actions import ask_consent, record_answer
from referral.sharing.models import Consent, Purpose
from referral.sharing.rules import Answer
from referral.sharing.workflow import State


@allowed(Permission.CONSENT_ASK)
@require_http_methods(["GET", "HEAD", "POST"])
@while_worked_on
def ask(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Write down that the person is asked."""
    case, person = _case_and_person(request.member, pk)
    form = AskForm.of(request.member, request.POST or None)

    def deed() -> None:
        check_work(request.member, case)
        said = form.cleaned_data | {"purpose": Purpose(form.cleaned_data["purpose"])}
        ask_consent(person, **said, by=request.member, at=timezone.now())

    if request.method == "POST" and form.is_valid():
        said = _("Noted. Record the answer as soon as you have it.")
        answer = do_once(request, deed, said=said, back=_back(case), form=form)
        if answer is not None:
            return answer
    return _page(request, case, form, title=_("Ask consent"), label=_("The person is asked"))


@allowed(Permission.CONSENT_ASK)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: MemberRequest, pk: UUID, consent: UUID) -> HttpResponse:
    """Write down what the person answered."""
    case, person = _case_and_person(request.member, pk)
    asked = get_object_or_404(
        Consent.objects.visible_to(request.member).about(person).filter(state=State.ASKED),
        pk=consent,
    )
    form = AnswerForm(request.POST or None, age_group=person.age_group)

    def deed() -> None:
        check_work(request.member, case)
        said = form.cleaned_data
        record_answer(
            asked,
            given=form.said_yes("given"),
            answer=Answer(
                how=said["how"],
                given_by=said["given_by"],
                interpreter=form.said_yes("interpreter"),
                leaflet=said["leaflet"],
                language=said["language"].lower(),
                evidence=said["evidence"],
                evidence_reference=said["evidence_reference"],
                until=_end_of(said["until"]),
            ),
            by=request.member,
            at=timezone.now(),
        )

    if request.method == "POST" and form.is_valid():
        done = do_once(request, deed, said=_("The answer is kept."), back=_back(case), form=form)
        if done is not None:
            return done
    title = _("Answer: %s") % asked.get_purpose_display()
    return _page(request, case, form, title=title, label=_("Keep the answer"))


def _case_and_person(member: Membership, pk: UUID) -> tuple[Case, Person]:
    case = get_object_or_404(Case.objects.visible_to(member), pk=pk)
    return case, get_object_or_404(Person.objects.visible_to(member), pk=case.person_id)


def _end_of(day: date | None) -> datetime | None:
    """The last moment of a day here; none for none."""
    return None if day is None else timezone.make_aware(datetime.combine(day, time.max))


def _back(case: Case) -> str:
    return case.part_url("consents")


def _page(
    request: MemberRequest, case: Case, form: AskForm | AnswerForm, *, title: str, label: str
) -> HttpResponse:
    context = {
        "case": case,
        "form": form,
        "title": title,
        "submit_label": label,
        "cancel_url": _back(case),
    }
    return render(request, "cases/deed.html", context, status=422 if form.is_bound else 200)
