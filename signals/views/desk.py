"""The deeds of the desk with a page of their own: judge, ask, park, read a second time."""

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
from signals.forms import (
    AnswerForm,
    FeedbackForm,
    HandOverForm,
    JudgeForm,
    MergeForm,
    ParkForm,
    QuestionForm,
    SecondReadingForm,
)
from signals.forms.desk import CONFIRM
from signals.models import Signal
from signals.views.pages import seen_version, signal_page
from signals.workflow import Verdict


@dataclass(frozen=True, slots=True)
class Page:
    """What the page of one deed says; `can` names what signal_page says of this member."""

    can: str
    title: str
    submit: str
    said: str
    consequences: tuple[str, ...] = ()


@allowed(Permission.SIGNAL_JUDGE)
@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Verdict and motivation, beside what was reported."""
    form = JudgeForm(request.POST or None)
    said = _("You have judged this signal. The reporter is told the outcome.")
    if form.data.get("verdict") == Verdict.REJECTED:
        said = _("You have proposed not to pursue this signal. A colleague reads it now.")
    page = Page(
        can="can_judge",
        title=_("Judge"),
        submit=_("Judge"),
        said=said,
        consequences=(
            _("Forwarded: after this you choose who gets which part of it."),
            _("Monitored: nobody else gets it; it stays findable."),
            _("Not pursued: a colleague reads it first, and the reporter is told after that."),
        ),
    )
    return deed_page(request, pk, form, actions.judge_signal, page)


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
    return deed_page(request, pk, QuestionForm(request.POST or None), actions.ask_question, page)


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
    return deed_page(request, pk, AnswerForm(request.POST or None), actions.answer_question, page)


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
    return deed_page(request, pk, ParkForm(request.POST or None), actions.park_signal, page)


@allowed(Permission.SIGNAL_TRIAGE)
@require_POST
def bring_back(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The handler waits no longer."""
    said = _("You have brought this signal back to triage.")
    return _button(request, pk, actions.bring_back_signal, said)


@allowed(Permission.SIGNAL_TRIAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Join the signal with another one that is about the same."""
    page = Page(
        can="can_merge",
        title=_("Join with another signal"),
        submit=_("Join"),
        said=_("You have joined this signal with another one."),
        consequences=(
            _("The reporter hears that it is joined with another report, and not with which."),
            _("You can take the two apart again."),
        ),
    )
    named = {"into": request.GET.get("into", "")}
    form = MergeForm(request.POST or None, initial=named, member=request.member)
    return deed_page(request, pk, form, actions.merge_signal, page)


@allowed(Permission.SIGNAL_TRIAGE)
@require_POST
def unmerge(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The two are not the same after all."""
    said = _("You have taken the two signals apart. This one is in triage again.")
    return _button(request, pk, actions.unmerge_signal, said)


@allowed(Permission.SIGNAL_TRIAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A colleague has the signal from now on."""
    page = Page(
        can="can_hand_over",
        title=_("Hand over to a colleague"),
        submit=_("Hand over"),
        said=_("Your colleague has this signal now, and gets a notice."),
    )
    form = HandOverForm(request.POST or None, member=request.member)
    return deed_page(request, pk, form, actions.hand_over_signal, page)


@allowed(Permission.SIGNAL_TRIAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def close_with_feedback(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Close a forwarded signal with what its receiver did."""
    page = Page(
        can="can_close_with_feedback",
        title=_("Close with feedback"),
        submit=_("Close this signal"),
        said=_("You have closed this signal."),
    )
    return deed_page(request, pk, FeedbackForm(request.POST or None), actions.close_signal, page)


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
    return deed_page(request, pk, form, _read_second, page)


def _read_second(signal: Signal, *, decision: str, remark: str, **who: object) -> Signal:
    if decision == CONFIRM:
        return actions.confirm_rejection(signal, **who)  # type: ignore[arg-type]
    return actions.give_back_signal(signal, remark=remark, **who)  # type: ignore[arg-type]


def deed_page(
    request: MemberRequest, pk: UUID, form: Form, deed: Callable[..., object], page: Page
) -> HttpResponse:
    """Ask what the deed needs beside what was reported; do it when the answers are right."""
    found = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        done = do_once(
            request,
            lambda: do_as_seen(request, found, deed, **answers),
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
    # A form that comes again still says which version it was filled in for.
    version = request.POST.get("version") or opened.signal.version
    context = {**shown, "form": form, "page": page, "version": version}
    return render(request, "signals/deed.html", context, status=422 if form.is_bound else 200)


def do_as_seen(
    request: MemberRequest, signal: Signal, deed: Callable[..., object], **answers: object
) -> object:
    """Do the deed if the signal is still what the page showed.

    Reporters are shown no version: it would tell of moves that are the expert centre's own.
    """
    if request.member.may(Permission.SIGNAL_TRIAGE):
        actions.check_unchanged(signal, seen=seen_version(request), by=request.member)
    return deed(signal, **answers, by=request.member, at=timezone.now())


def _button(
    request: MemberRequest, pk: UUID, deed: Callable[..., object], said: str
) -> HttpResponse:
    found = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    return do_once(
        request,
        lambda: do_as_seen(request, found, deed),
        said=said,
        back=found.get_absolute_url(),
    )
