"""Pages about consent: what somebody agreed to, and taking it back."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from referral.persons.models import Person
from referral.sharing.actions import list_consents, withdraw_consent
from referral.sharing.forms import WithdrawForm
from referral.sharing.models import Consent, WithdrawalReason
from referral.sharing.rules import can_withdraw

reads = allowed(
    Permission.CONSENT_READ, Permission.REGISTRATION_READ_ALL, Permission.REGISTRATION_READ_OWN
)


@reads
@require_safe
def consents(request: MemberRequest, person: UUID) -> HttpResponse:
    """What somebody agreed to, newest first."""
    found = get_object_or_404(Person.objects.visible_to(request.member), pk=person)
    listed = list_consents(found, by=request.member, at=timezone.now())
    lines = [(one, can_withdraw(request.member, one)) for one in listed]
    return render(request, "sharing/consents.html", {"person": found, "lines": lines})


@reads
@require_http_methods(["GET", "HEAD", "POST"])
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
            lambda: withdraw_consent(consent, reason=reason, by=request.member, at=timezone.now()),
            said=_("The consent has been withdrawn. Nothing is shared on it now."),
            back=consent.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    context = {"form": form, "consent": consent}
    return render(request, "sharing/withdraw.html", context, status=422 if form.is_bound else 200)
