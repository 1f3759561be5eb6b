from uuid import UUID

from django.http import HttpResponse

from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission


@allowed(Permission.CASE_READ_GRANTED, Permission.CASE_READ_HEADER)
def case_file(request: MemberRequest, pk: UUID) -> HttpResponse:
    return HttpResponse()


@allowed(Permission.CASE_READ_GRANTED)
def handoff(request: MemberRequest, pk: UUID) -> HttpResponse:
    return HttpResponse()
