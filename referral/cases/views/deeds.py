"""A deed that is sent twice is done once, and a refusal is a sentence."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect

from referral.access.idempotency import KeyReused, earlier_answer, keep_answer
from referral.access.requests import MemberRequest
from referral.cases.rules import CaseRefused, MoveRefused
from referral.sharing.rules import ConsentRefused, SharingRefused

#: What a deed may say no with; each holds a sentence for the one who tried.
REFUSALS = (KeyReused, MoveRefused, CaseRefused, SharingRefused, ConsentRefused)


def do_once(
    request: MemberRequest,
    deed: Callable[[], object],
    *,
    said: str,
    back: str,
    form: Form | None = None,
) -> HttpResponse | None:
    """Do what was asked and go `back`; sent again, only go back.

    A refusal goes into the form, and then None is returned so that the page comes again with
    what was typed; without a form it becomes a message on the page behind.
    """
    key = request.POST.get("idempotency_key", "")
    try:
        # Of what is refused nothing stays, the claimed key neither: mended, it may come again.
        with transaction.atomic():
            if key and earlier_answer(request.member, key=key, body=request.POST) is not None:
                return redirect(back)
            deed()
            if key:
                keep_answer(request.member, key=key, answer=back)
    except REFUSALS as refusal:
        if form is not None:
            form.add_error(None, str(refusal))
            return None
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(back)
