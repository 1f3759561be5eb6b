"""Pages about consent."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from referral.persons.models import Person
from referral.sharing.actions import list_consents


@allowed(Permission.CONSENT_READ, Permission.REGISTRATION_READ_ALL)
@require_safe
def consents(request: MemberRequest, person: UUID) -> HttpResponse:
    """What somebody agreed to, newest first."""
    found = get_object_or_404(Person.objects.visible_to(request.member), pk=person)
    listed = list_consents(found, by=request.member, at=timezone.now())
    return render(request, "sharing/consents.html", {"person": found, "consents": listed})
