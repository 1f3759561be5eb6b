"""Pages of the reporter and of the national desk."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from referral.registrations.actions import open_registration
from referral.registrations.models import Registration


@allowed(Permission.REGISTRATION_READ_OWN, Permission.REGISTRATION_READ_ALL)
@require_safe
def registration(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One registration, without the identity."""
    found = get_object_or_404(Registration.objects.visible_to(request.member).with_names(), pk=pk)
    question = open_registration(found, by=request.member, at=timezone.now())
    return render(
        request, "registrations/registration.html", {"registration": found, "question": question}
    )
