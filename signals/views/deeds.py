"""A deed that is sent twice is done once."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from referral.access.idempotency import KeyReused, earlier_answer, keep_answer
from referral.access.requests import MemberRequest
from signals.models import Signal
from signals.rules import MoveRefused


def do_once(
    request: MemberRequest,
    signal: Signal,
    deed: Callable[..., Signal],
    *,
    said: str,
    **answers: object,
) -> HttpResponse:
    """Do what a button asks and go back to the signal; a refusal becomes a sentence there."""
    key = request.POST.get("idempotency_key", "")
    try:
        if key and earlier_answer(request.member, key=key, body=request.POST) is not None:
            return redirect(signal)
        deed(signal, **answers, by=request.member, at=timezone.now())
    except (KeyReused, MoveRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    if key:
        keep_answer(request.member, key=key, answer=signal.get_absolute_url())
    return redirect(signal)
