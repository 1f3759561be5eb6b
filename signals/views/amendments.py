"""The reporter's pages after sending: change a signal, make one for each victim, take it back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from signals import actions
from signals.actions import OpenedSignal
from signals.forms import AmendForm, SplitForm, WithdrawForm
from signals.models import Signal
from signals.rules import can_amend, victims_of
from signals.views.desk import Page, deed_page
from signals.views.followed import followed
from signals.views.pages import signal_page


@allowed(Permission.SIGNAL_SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The form as it was sent, to be changed, with the reason; before there is an outcome."""
    found = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    if not can_amend(request.member, found):
        messages.error(request, _("This cannot be done with this signal now."))
        return redirect(found)
    form = AmendForm(request.POST or None, member=request.member)
    if (changes := followed(request, form)) is not None:
        return changes
    if request.method == "POST" and form.is_valid():
        if form.named:
            return render(request, "signals/named.html", {"form": form})
        done = do_once(
            request,
            lambda: actions.amend_signal(
                found,
                form.draft(),
                reason=form.cleaned_data["reason"],
                after=form.cleaned_data["after"],
                by=request.member,
                at=timezone.now(),
            ),
            said=_("You have changed this signal. What was said before stays on record."),
            back=found.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    if request.method != "POST":
        opened = actions.open_signal(found, by=request.member, at=timezone.now())
        form = AmendForm(member=request.member, opened=opened)
    context = {"signal": found, "form": form}
    return render(request, "signals/amend.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.SIGNAL_SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Choose the presumed victims who get a signal of their own."""
    found = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    opened = actions.open_signal(found, by=request.member, at=timezone.now())
    form = SplitForm(request.POST or None, victims=named_victims(opened))
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.split_signal(
                found, persons=form.cleaned_data["persons"], by=request.member, at=timezone.now()
            ),
            said=_("Each has a signal of their own now. You find them below, with their numbers."),
            back=found.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    shown = signal_page(opened, request.member)
    if not shown["can_split"] and not form.is_bound:
        messages.error(request, _("This cannot be done with this signal now."))
        return redirect(found)
    page = Page(
        can="can_split",
        title=_("A signal for each person"),
        submit=_("Make the signals"),
        said="",
        consequences=(
            _("Each signal gets a number of its own, and they are linked."),
            _("Who gets a signal of their own is not named in this one any more."),
        ),
    )
    context = {**shown, "form": form, "page": page, "version": opened.signal.version}
    return render(request, "signals/deed.html", context, status=422 if form.is_bound else 200)


def named_victims(opened: OpenedSignal) -> list[tuple[str, str]]:
    """The presumed victims whom the signal names now, to choose from."""
    current = {victim.pk for victim in victims_of([one.item for one in opened.items])}
    victims = [one for one in opened.items if one.item.pk in current]
    return [
        (
            str(one.item.pk),
            one.entry.title or _("Person %s, without a name") % number,
        )
        for number, one in enumerate(victims, start=1)
    ]


@allowed(Permission.SIGNAL_SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take the signal back, with the reason, while nobody has decided on it."""
    page = Page(
        can="can_withdraw",
        title=_("Take the signal back"),
        submit=_("Take it back"),
        said=_("You have taken this signal back. The expert centre gets a notice."),
        consequences=(
            _("Nobody works on it any more. The record stays, with your reason."),
            _("Is somebody in danger? Then do not take it back, but change it or call 112."),
        ),
    )
    form = WithdrawForm(request.POST or None)
    return deed_page(request, pk, form, actions.withdraw_signal, page)
