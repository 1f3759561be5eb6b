"""The deeds on one case: offer, accept, write, plan, close."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.forms import typed_in
from referral.access.requests import MemberRequest
from referral.cases import actions
from referral.cases.forms import CaseForm, CloseForm, NoteForm, OfferForm, RegionForm, StepForm
from referral.cases.models import Case
from referral.cases.views.working import while_worked_on
from referral.cases.workflow import CaseStatus
from referral.organisations.permissions import Permission
from referral.registrations.models import Registration


@allowed(Permission.CASE_OFFER)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask the care coordination of a region to take a registered person on."""
    found = Registration.objects.visible_to(request.member).needing_care().filter(case=None)
    registration = get_object_or_404(found.with_names(), pk=pk)
    place, at = registration.place_municipality, timezone.now()
    region = place.care_region_on(timezone.localdate(at)) if place else None
    form = OfferForm(request.POST or None, initial={"care_region": region})
    if request.method == "POST" and form.is_valid():
        answer = do_once(
            request,
            lambda: actions.offer_case(registration, **form.cleaned_data, by=request.member, at=at),
            said=_("The case is offered to the care coordination of the region."),
            back=reverse("cases:to_offer"),
            form=form,
        )
        if answer is not None:
            return answer
    context = {
        "form": form,
        "registration": registration,
        "title": _("Offer the case of %s") % registration,
        "intro": _("The region sees urgency, needs, region and age band until it accepts."),
        "submit_label": _("Offer the case"),
        "cancel_url": reverse("cases:to_offer"),
    }
    return render(request, "cases/offer.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.CASE_OFFER)
@require_http_methods(["GET", "HEAD", "POST"])
def offer_elsewhere(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask another region, as long as the first has not accepted."""
    member = request.member
    case = get_object_or_404(Case.objects.visible_to(member).with_names(), pk=pk)
    form = RegionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = do_once(
            request,
            lambda: actions.offer_elsewhere(
                case, **form.cleaned_data, by=member, at=timezone.now()
            ),
            said=_("The other region is asked. The first sees nothing of the case any more."),
            back=case.get_absolute_url(),
            form=form,
        )
        if answer is not None:
            return answer
    elif case.status != CaseStatus.INTAKE:
        messages.info(request, _("This case has been accepted already."))
        return redirect(case)
    consequences = [
        _("%(region)s sees nothing of the case any more, and is told.")
        % {"region": case.offered_to},
        _("The other region has the whole term to answer."),
    ]
    title, label = _("Offer case %s to another region") % case, _("Offer the case")
    return _form_page(request, case, form, title=title, label=label, consequences=consequences)


@allowed(Permission.HANDOFF_ANSWER)
@require_POST
def accept(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Become responsible; of two who accept, one does."""
    case = get_object_or_404(Case.objects.visible_to(request.member), pk=pk)
    return do_once(
        request,
        lambda: actions.accept_case(case, by=request.member, at=timezone.now()),
        said=_("You have accepted this case. Make the first contact."),
        back=case.get_absolute_url(),
    )


@allowed(Permission.CARE_NOTE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
@while_worked_on
def write_note(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One care note; what was typed stays when it is refused."""
    case = get_object_or_404(Case.objects.visible_to(request.member), pk=pk)
    form = NoteForm(typed_in(request))
    if request.method == "POST" and form.is_valid():
        answer = do_once(
            request,
            lambda: actions.write_care_note(
                case, text=form.cleaned_data["text"], by=request.member, at=timezone.now()
            ),
            said=_("The note is kept."),
            back=case.part_url("notes"),
            form=form,
        )
        if answer is not None:
            return answer
    title, label = _("Write a care note"), _("Keep the note")
    return _form_page(request, case, form, title=title, label=label)


@allowed(Permission.CASE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
@while_worked_on
def plan_next_step(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What comes next, and before which day."""
    case = get_object_or_404(Case.objects.visible_to(request.member), pk=pk)
    form = StepForm.of(case, request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = do_once(
            request,
            lambda: actions.plan_next_step(
                case, **form.cleaned_data, by=request.member, at=timezone.now()
            ),
            said=_("The next step is planned."),
            back=case.get_absolute_url(),
            form=form,
        )
        if answer is not None:
            return answer
    now = form.beside(lambda: actions.read_next_step(case, by=request.member, at=timezone.now()))
    title, label = _("Plan the next step"), _("Plan this step")
    return _form_page(request, case, form, title=title, label=label, version=now)


@allowed(Permission.CASE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
@while_worked_on
def close(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The care ends; this cannot be undone here."""
    case = get_object_or_404(Case.objects.visible_to(request.member), pk=pk)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = do_once(
            request,
            lambda: actions.close_case(
                case,
                reason=form.cleaned_data["reason"],
                outcome=form.cleaned_data["outcome"],
                person_informed=form.said_yes("person_informed"),
                by=request.member,
                at=timezone.now(),
            ),
            said=_("The case is closed."),
            back=case.get_absolute_url(),
            form=form,
        )
        if answer is not None:
            return answer
    context = {
        "consequences": [
            _("Nothing can be written in the case any more."),
            _("The case stays readable for your organisation."),
        ],
        "danger": True,
    }
    title, label, page = _("Close case %s") % case, _("Close the case"), "cases/close.html"
    return _form_page(request, case, form, title=title, label=label, template=page, **context)


def _form_page(
    request: MemberRequest,
    case: Case,
    form: CaseForm,
    *,
    title: str,
    label: str,
    template: str = "cases/deed.html",
    **context: object,
) -> HttpResponse:
    context |= {
        "case": case,
        "form": form,
        "title": title,
        "submit_label": label,
        "cancel_url": case.get_absolute_url(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, template, context, status=status)
