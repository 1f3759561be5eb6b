"""What every button and form does with a deed: once, with an answer, and a refusal in words."""

from collections.abc import Callable
from typing import overload

from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect

from referral.access.idempotency import earlier_answer, keep_answer
from referral.access.requests import MemberRequest
from referral.lib.refusals import Refused


@overload
def do_once(
    request: MemberRequest, deed: Callable[[], object], *, said: str = "", back: str = ""
) -> HttpResponse: ...


@overload
def do_once(
    request: MemberRequest,
    deed: Callable[[], object],
    *,
    said: str = "",
    back: str = "",
    form: BaseForm | None,
) -> HttpResponse | None: ...


def do_once(
    request: MemberRequest,
    deed: Callable[[], object],
    *,
    said: str = "",
    back: str = "",
    form: BaseForm | None = None,
) -> HttpResponse | None:
    """Do what was asked, say so and go `back`; sent again, only go back.

    Without `back` the deed returns the address to go to. A refusal goes into the form, and then
    None is returned, so that the page comes again with what was typed; without a form it becomes
    a message on the page behind, so that such a deed needs `back`.
    """
    key = request.POST.get("idempotency_key", "")
    try:
        # Of what is refused nothing stays, the claimed key neither: mended, it may come again.
        with transaction.atomic():
            earlier = earlier_answer(request.member, key=key, body=request.POST)
            if earlier is not None:
                return redirect(earlier)
            result = deed()
            answer = back or str(result)
            keep_answer(request.member, key=key, answer=answer)
    except Refused as refusal:
        if form is None:
            messages.error(request, str(refusal))
            return redirect(back)
        refusal.show_in(form)
        return None
    if said:
        messages.success(request, said)
    return redirect(answer)
