"""Pages about consent: what somebody agreed to, and taking it back."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from referral.access.doors import allowed
from referral.access.idempotency import KeyReused, body_hash, earlier_answer, keep_answer
from referral.access.models import KeptAnswer
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from referral.persons.models import Person
from referral.sharing.actions import list_consents, withdraw_consent
from referral.sharing.forms import WithdrawForm
from referral.sharing.models import Consent, WithdrawalReason
from referral.sharing.rules import ConsentRefused, can_withdraw

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
    if (before := answered_before(request)) is not None:
        return redirect(before)
    visible = Consent.objects.visible_to(request.member).with_names().select_related("person")
    consent = get_object_or_404(visible, pk=pk)
    if not can_withdraw(request.member, consent):
        raise Http404
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = WithdrawalReason(form.cleaned_data["reason"])

        def deed() -> str:
            withdraw_consent(consent, reason=reason, by=request.member, at=timezone.now())
            messages.success(
                request, _("The consent has been withdrawn. Nothing is shared on it now.")
            )
            return consent.get_absolute_url()

        try:
            return redirect(once(request, deed))
        except (ConsentRefused, KeyReused) as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "consent": consent}
    return render(request, "sharing/withdraw.html", context, status=422 if form.is_bound else 200)


def answered_before(request: MemberRequest) -> str | None:
    """The answer to this very form when it was sent before; then there is no more to check."""
    key = request.POST.get("idempotency_key", "")[:64]
    if not key:
        return None
    kept = KeptAnswer.objects.filter(
        user_id=request.member.user_id, key=key, body=body_hash(request.POST)
    ).first()
    return kept.answer or None if kept else None


@transaction.atomic
def once(request: MemberRequest, deed: Callable[[], str]) -> str:
    """Do the deed and keep its answer under the form's key; sent twice, give that answer.

    A refusal undoes the claim of the key, so that the mended form may be sent.
    """
    key = request.POST.get("idempotency_key", "")
    earlier = earlier_answer(request.member, key=key, body=request.POST) if key else None
    if earlier is not None:
        return earlier
    answer = deed()
    if key:
        keep_answer(request.member, key=key, answer=answer)
    return answer
