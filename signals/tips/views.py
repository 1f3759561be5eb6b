"""Public pages without account: nothing of who visits is kept, and every answer is for once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from referral.access.context import acting, service
from referral.access.doors import open_to_public
from referral.access.idempotency import KeyMissing, body_hash
from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from signals.tips import actions
from signals.tips.forms import AddForm, AnswerTipForm, CodeForm, TipForm
from signals.tips.models import Tip
from signals.tips.rules import TooOften, in_groups, new_code, plain

View = Callable[[HttpRequest], HttpResponse]


def kept_nowhere(view: View) -> View:
    """Neither the browser nor anything between keeps the page."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        response = view(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return answer


@contextmanager
def as_tips() -> Iterator[Membership]:
    """The service acts, without the address or the request of who visits."""
    with acting(service(Role.SERVICE_TIPS), purpose="tip of a citizen") as tips:
        yield tips


@open_to_public
@kept_nowhere
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """The tip; its answer is the receipt with the code, which is shown now and never again."""
    form = TipForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ticket = request.POST.get("idempotency_key", "")[:64]
        try:
            if not ticket:
                raise KeyMissing
            actions.count(actions.TIPS, address_of(request))
            code = new_code(ticket, body_hash(request.POST))
            with as_tips() as tips:
                signal = actions.send_tip(form.draft(), code=code, by=tips, at=timezone.now())
        except TooOften as refusal:
            return render(request, "tips/send.html", _said(form, refusal), status=429)
        except Refused as refusal:
            return render(request, "tips/send.html", _said(form, refusal), status=422)
        return render(request, "tips/receipt.html", {"code": in_groups(code), "signal": signal})
    return render(request, "tips/send.html", {"form": form}, status=422 if form.is_bound else 200)


@open_to_public
@kept_nowhere
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Where a tip stands, for who has its code."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _with_tip(request, form)
    return render(request, "tips/code.html", {"form": form}, status=422 if form.is_bound else 200)


@open_to_public
@kept_nowhere
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Answer the question of the expert centre."""
    form = AnswerTipForm(request.POST)
    said = _("Thank you. Your answer has been sent.")

    def deed(tip: Tip, by: Membership) -> None:
        words = form.cleaned_data["answer"]
        actions.answer_tip(tip, answer=words, by=by, at=timezone.now())

    return _with_tip(request, form, deed, said=said)


@open_to_public
@kept_nowhere
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Add to a tip."""
    form = AddForm(request.POST)
    said = _("Thank you. What you added has been sent.")

    def deed(tip: Tip, by: Membership) -> None:
        actions.add_to_tip(tip, text=form.cleaned_data["text"], by=by, at=timezone.now())

    return _with_tip(request, form, deed, said=said)


def _with_tip(
    request: HttpRequest,
    form: Form,
    deed: Callable[[Tip, Membership], None] | None = None,
    *,
    said: str = "",
) -> HttpResponse:
    """Find the tip of the code that came along, do the deed, and show where the tip stands.

    A wrong code and too many tries end at the page that asks for the code, with the same words
    whatever the code.
    """
    code = plain(request.POST.get("code", ""))
    try:
        actions.count(actions.CODES, address_of(request))
        with as_tips() as tips:
            tip = actions.find_tip(code, by=tips)
    except Refused as refusal:
        status = 429 if isinstance(refusal, TooOften) else 422
        context = {"form": CodeForm(), "refused": str(refusal)}
        return render(request, "tips/code.html", context, status=status)
    actions.forgive(actions.CODES, address_of(request))
    done, refused = deed is None, ""
    with as_tips() as tips:
        if deed is not None and form.is_valid():
            try:
                deed(tip, tips)
                done = True
            except Refused as refusal:
                refused = "" if refusal.reasons else str(refusal)
                refusal.show_in(form)
        opened = actions.open_tip(tip, by=tips, at=timezone.now())
    shown = {
        "opened": opened,
        "signal": opened.signal,
        "said": said if done else "",
        "refused": refused,
        "answer_form": _again(AnswerTipForm, form, code=code, done=done),
        "add_form": _again(AddForm, form, code=code, done=done),
    }
    return render(request, "tips/tip.html", shown, status=200 if done else 422)


def _again(kind: type[Form], sent: Form, *, code: str, done: bool) -> Form:
    """The form that came with errors, or a fresh one that carries the code."""
    if isinstance(sent, kind) and not done:
        return sent
    return kind(initial={"code": code}, auto_id=f"id_{kind.__name__.lower()}_%s")


def address_of(request: HttpRequest) -> str:
    """Only to count tries by, see signals.tips.actions.limits; it is written nowhere."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _said(form: Form, refusal: Refused) -> dict[str, Form]:
    refusal.show_in(form)
    return {"form": form}
