"""Pages about consent: what somebody agreed to, taking it back, and sharing without it."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from referral.persons.models import Person
from referral.sharing import actions
from referral.sharing.forms import OtherBasisForm, ReviewForm, WithdrawForm
from referral.sharing.models import ClosedShare, Consent, OtherBasis, Verdict, WithdrawalReason
from referral.sharing.rules import can_use_other_basis, can_withdraw

LINES_ON_A_PAGE = 50
GET_AND_POST = ["GET", "HEAD", "POST"]
reads = allowed(
    Permission.CONSENT_READ, Permission.REGISTRATION_READ_ALL, Permission.REGISTRATION_READ_OWN
)


@reads
@require_safe
def consents(request: MemberRequest, person: UUID) -> HttpResponse:
    """What somebody agreed to, newest first; what is shared without it; what stopped."""
    member, at = request.member, timezone.now()
    visible = Person.objects.visible_to(member).select_related("key")
    found = get_object_or_404(visible, pk=person)
    listed = actions.list_consents(found, by=member, at=at)
    others = OtherBasis.objects.visible_to(member).about(found).with_names()
    stopped = ClosedShare.objects.visible_to(member).with_names()
    context = {
        "person": found,
        "lines": [(one, can_withdraw(member, one)) for one in listed],
        "others": actions.read_reasons(
            list(others.order_by("-recorded_at")), person=found, by=member, at=at
        ),
        "stopped": stopped.filter(consent__in=[one.pk for one in listed]).order_by("-pk"),
        "can_share": can_use_other_basis(member, found.pk),
    }
    return render(request, "sharing/consents.html", context)


@reads
@require_http_methods(GET_AND_POST)
def withdraw(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The person takes a consent back; from now on nothing is shared on it."""
    visible = Consent.objects.visible_to(request.member).with_names().select_related("person")
    consent = get_object_or_404(visible, pk=pk)
    if not can_withdraw(request.member, consent):
        raise Http404
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = WithdrawalReason(form.cleaned_data["reason"])
        done = do_once(
            request,
            lambda: actions.withdraw_consent(
                consent, reason=reason, by=request.member, at=timezone.now()
            ),
            said=_("The consent has been withdrawn. Nothing is shared on it now."),
            back=consent.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    context = {"form": form, "consent": consent}
    return render(request, "sharing/withdraw.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.CONSENT_ASK)
@require_http_methods(GET_AND_POST)
def use_other_basis(request: MemberRequest, person: UUID) -> HttpResponse:
    """Share without consent, on another basis; it stands on the privacy officer's list."""
    visible = Person.objects.visible_to(request.member).select_related("key")
    found = get_object_or_404(visible, pk=person)
    if not can_use_other_basis(request.member, found.pk):
        raise Http404
    back = f"{_consents_of(found)}#others"
    form = OtherBasisForm.of(request.member, request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.use_other_basis(
                form.entry(found), by=request.member, at=timezone.now()
            ),
            said=_("Kept. The privacy officer sees it on the list."),
            back=back,
            form=form,
        )
        if done is not None:
            return done
    context = {
        "form": form,
        "title": _("Share without consent"),
        "intro": _(
            "Only where the law lets you. Against the answer of the person it counts as an"
            " override. It holds three months, and stops at once when it is not justified."
        ),
        "submit_label": _("Keep this basis"),
        "cancel_url": back,
        "danger": True,
    }
    status = 422 if form.is_bound else 200
    return render(request, "components/form_page.html", context, status=status)


@allowed(Permission.CONSENT_ASK)
@require_POST
def end_other_basis(request: MemberRequest, pk: UUID) -> HttpResponse:
    """It is not needed any more; what rests on it stops."""
    visible = OtherBasis.objects.visible_to(request.member).select_related("person")
    basis = get_object_or_404(visible, pk=pk)
    return do_once(
        request,
        lambda: actions.end_other_basis(basis, by=request.member, at=timezone.now()),
        said=_("This basis has ended. Nothing is shared on it now."),
        back=_consents_of(basis.person),
    )


@allowed(Permission.OVERRIDE_REVIEW)
@require_safe
def other_bases(request: MemberRequest) -> HttpResponse:
    """The privacy officer's list: what still is to be reviewed first, overrides on top."""
    found = OtherBasis.objects.visible_to(request.member).with_names().to_review_first()
    page = Paginator(found, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    bases = actions.list_other_bases(page.object_list, by=request.member, at=timezone.now())
    return render(request, "sharing/other_bases.html", {"page": page, "bases": bases})


@allowed(Permission.OVERRIDE_REVIEW)
@require_http_methods(GET_AND_POST)
def review(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Judge one; what is not justified stops."""
    visible = OtherBasis.objects.visible_to(request.member).with_names()
    basis = get_object_or_404(visible, pk=pk)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.review_other_basis(
                basis,
                verdict=Verdict(form.cleaned_data["verdict"]),
                by=request.member,
                at=timezone.now(),
            ),
            said=_("Your verdict is kept."),
            back=basis.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    context = {"form": form, "basis": basis}
    return render(request, "sharing/review.html", context, status=422 if form.is_bound else 200)


def _consents_of(person: Person) -> str:
    return Consent(person=person).get_absolute_url()
