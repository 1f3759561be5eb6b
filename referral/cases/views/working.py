"""Forms in a case open for who may send them now; others are led back, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from referral.access.requests import MemberRequest
from referral.cases.models import Case
from referral.cases.rules import check_work, reach_of
from referral.lib.refusals import Refused

FormOfCase = Callable[[MemberRequest, UUID], HttpResponse]


def led_back(
    request: MemberRequest, case: Case, check: Callable[[], object], *, part: str = ""
) -> HttpResponse | None:
    """The way back to the case, or to a part of it, with the reason, where a form would be opened
    in vain.
    """
    if request.method == "POST":
        return None
    try:
        check()
    except Refused as refusal:
        messages.info(request, str(refusal))
        return redirect(case.part_url(part) if part else case)
    return None


def while_worked_on(form: FormOfCase) -> FormOfCase:
    """Who reads the whole case and may not write in it now is led back to it, with the reason.

    What is sent nevertheless reaches the form, so that the typed words stay with the refusal;
    who reads less of the case is answered by the form itself.
    """

    @wraps(form)
    def opened(request: MemberRequest, pk: UUID) -> HttpResponse:
        if request.method == "POST":
            return form(request, pk)
        case = get_object_or_404(Case.objects.visible_to(request.member), pk=pk)
        reach = reach_of(case, request.member)
        if reach.reads_all:
            back = led_back(request, case, lambda: check_work(request.member, case, reach))
            if back is not None:
                return back
        return form(request, pk)

    return opened
