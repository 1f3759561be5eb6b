"""Pages of the duty to register: why nobody was, and how long an officer has."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from referral.registrations.duty import actions
from referral.registrations.duty.forms import ExplainForm, TermForm
from referral.registrations.duty.models import Reason, Reminder, Term
from referral.sharing.matrix.rules import can_change

asks = require_http_methods(["GET", "HEAD", "POST"])


@allowed(Permission.SIGNAL_READ_ORGANISATION)
@asks
def explain(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Register the person after all, or say why not."""
    visible = Reminder.objects.visible_to(request.member).select_related("signal", "officer")
    reminder = get_object_or_404(visible, pk=pk)
    form = ExplainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = Reason(form.cleaned_data["reason"])
        done = do_once(
            request,
            lambda: actions.explain_reminder(
                reminder, reason=reason, by=request.member, at=timezone.now()
            ),
            said=_("Written down. It has left the work list."),
            back=reverse("home"),
            form=form,
        )
        if done is not None:
            return done
    still_open = Reminder.objects.visible_to(request.member).open().filter(pk=pk).exists()
    context = {"form": form, "reminder": reminder, "open": still_open}
    return render(request, "duty/explain.html", context, status=_status(form))


@allowed(Permission.MATRIX_CHANGE)
@asks
def term(request: MemberRequest) -> HttpResponse:
    """Every version of the term, and the next one."""
    versions = list(Term.objects.visible_to(request.member).newest_first())
    form = TermForm(request.POST or None, term=versions[0])
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.set_term(**form.cleaned_data, by=request.member, at=timezone.now()),
            said=_("This holds from now on."),
            back=reverse("registrations:duty:term"),
            form=form,
        )
        if done is not None:
            return done
    context = {"form": form, "versions": versions, "can_change": can_change(request.member)}
    return render(request, "duty/term.html", context, status=_status(form))


def _status(form: ExplainForm | TermForm) -> int:
    return 422 if form.is_bound else 200
