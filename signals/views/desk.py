"""The deeds of the desk with a page of their own: ask, answer, park, and read a second time."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from signals import actions
from signals.forms import AnswerForm, ParkForm, QuestionForm, SecondReadingForm
from signals.forms.desk import CONFIRM
from signals.models import Signal
from signals.views.pages import signal_page


@dataclass(frozen=True, slots=True)
class Page:
    """What the page of one deed says; `can` names what signal_page says of this member."""

    can: str
    title: str
    submit: str
    said: str
    consequences: tuple[str, ...] = ()


@allowed(Permission.SIGNAL_TRIAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask the reporter for more."""
    page = Page(
        can="can_ask",
        title=_("Ask the reporter"),
        submit=_("Ask"),
        said=_("You have asked the reporter. You get a notice when there is an answer."),
        consequences=(
            _("The reporter has ten working days to answer, and is reminded once."),
            _("The clock of triage stands still until then."),
        ),
    )
    return _page(request, pk, QuestionForm(request.POST or None), actions.ask_question, page)


@allowed(Permission.SIGNAL_SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The reporter, or a colleague, answers the question."""
    page = Page(
        can="can_answer",
        title=_("Answer the question"),
        submit=_("Send the answer"),
        said=_("Your answer has been sent. The expert centre goes on with your signal."),
    )
    return _page(request, pk, AnswerForm(request.POST or None), actions.answer_question, page)


@allowed(Permission.SIGNAL_TRIAGE)
@require_POST
def withdraw_question(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The handler needs no answer any more."""
    said = _("You have taken the question back. The signal is in triage.")
    return _button(request, pk, actions.withdraw_question, said)


@allowed(Permission.SIGNAL_TRIAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def park(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Let the signal wait for a day."""
    page = Page(
        can="can_park",
        title=_("Park until a date"),
        submit=_("Park"),
        said=_("You have parked this signal. You get a notice when it comes back."),
        consequences=(_("The clock of triage stands still until then."),),
    )
    return _page(request, pk, ParkForm(request.POST or None), actions.park_signal, page)


@allowed(Permission.SIGNAL_TRIAGE)
@require_POST
def bring_back(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The handler waits no longer."""
    said = _("You have brought this signal back to triage.")
    return _button(request, pk, actions.bring_back_signal, said)


@allowed(Permission.SIGNAL_JUDGE)
@require_http_methods(["GET", "HEAD", "POST"])
def second_reading(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Another analyst looks at a proposal to reject."""
    page = Page(
        can="can_read_second",
        title=_("Second reading"),
        submit=_("Decide"),
        said=_("Your decision has been recorded."),
    )
    form = SecondReadingForm(request.POST or None)
    return _page(request, pk, form, _read_second, page)


def _read_second(signal: Signal, *, decision: str, remark: str, **who: object) -> Signal:
    if decision == CONFIRM:
        return actions.confirm_rejection(signal, **who)  # type: ignore[arg-type]
    return actions.give_back_signal(signal, remark=remark, **who)  # type: ignore[arg-type]


def _page(
    request: MemberRequest, pk: UUID, form: Form, deed: Callable[..., object], page: Page
) -> HttpResponse:
    """Ask what the deed needs beside what was reported; do it when the answers are right."""
    found = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: deed(found, **form.cleaned_data, by=request.member, at=timezone.now()),
            said=page.said,
            back=found.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    opened = actions.open_signal(found, by=request.member, at=timezone.now())
    shown = signal_page(opened, request.member)
    if not shown[page.can] and not form.is_bound:
        messages.error(request, _("This cannot be done with this signal now."))
        return redirect(found)
    context = {**shown, "form": form, "page": page}
    return render(request, "signals/deed.html", context, status=422 if form.is_bound else 200)


def _button(
    request: MemberRequest, pk: UUID, deed: Callable[..., object], said: str
) -> HttpResponse:
    found = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    return do_once(
        request,
        lambda: deed(found, by=request.member, at=timezone.now()),
        said=said,
        back=found.get_absolute_url(),
    )
