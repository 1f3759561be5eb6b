"""Pages of who reports a presumed victim, and of the national desk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.persons.actions import Duplicates, find_duplicates, open_identities, open_identity
from referral.persons.models import Identity
from referral.persons.restriction.querysets import restricted_among
from referral.persons.rules import IdentityFacts, LookFirst
from referral.registrations.actions import (
    complete_registration,
    list_registrations,
    open_registration,
    raise_registration,
    resubmit_registration,
    return_registration,
    submit_registration,
    withdraw_registration,
)
from referral.registrations.forms import (
    CompleteForm,
    RaiseForm,
    RegistrationForm,
    ReturnForm,
    WithdrawForm,
    initial_answers,
    told_before,
)
from referral.registrations.models import Level, Registration, WithdrawalReason
from referral.registrations.querysets import RegistrationQuerySet, has_signal
from referral.registrations.rules import (
    can_move,
    can_raise,
    levels_for,
    missing_from,
)
from referral.registrations.workflow import Status
from referral.sharing.matrix.models import Outcome
from referral.sharing.models import Consent
from signals.models import Signal

LINES_ON_A_PAGE = 50
reads = allowed(Permission.REGISTRATION_READ_OWN, Permission.REGISTRATION_READ_ALL)
reports = allowed(Permission.REGISTRATION_SUBMIT)
completes = allowed(Permission.REGISTRATION_COMPLETE)
asks = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class Part:
    """What a room inside adds to the page of a registration."""

    template: str
    data: object


PartMaker = Callable[[Registration, Membership, datetime], Part | None]


def seen(request: MemberRequest, pk: UUID) -> Registration:
    """The registration, if it is there for this member."""
    registrations = Registration.objects.visible_to(request.member).with_names()
    return get_object_or_404(registrations.select_related("person__key", "returned_by"), pk=pk)


def sent(request: MemberRequest) -> QueryDict | None:
    """What was filled in; also when that is nothing at all."""
    return request.POST if request.method == "POST" else None


def answered(request: MemberRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    form = context["form"]
    return render(request, template, context, status=422 if form.is_bound else 200)


@reports
@asks
def submit(request: MemberRequest) -> HttpResponse:
    """Register a presumed victim, on its own or from the page of a signal.

    Who may be known already is shown first; whoever looked says so, and sends it again.
    """
    signal = signal_asked_for(request)
    levels = levels_for(request.member)
    level = request.GET.get("level", Level.FULL)
    if level not in Level.values or levels[Level.FULL].outcome == Outcome.NOT_ALLOWED:
        raise Http404
    if request.method != "POST" and levels[Level(level)].outcome == Outcome.NOT_ALLOWED:
        messages.info(request, str(levels[Level(level)].words))
        asked = {"signal": signal.pk} if signal else {}
        return redirect(reverse("registrations:submit", query=asked))
    told = told_before(signal) if signal else None
    form = RegistrationForm(sent(request), member=request.member, level=level, initial=told)
    known = None
    if request.method == "POST" and form.is_valid():
        entry, now = form.entry(signal=signal.pk if signal else None), timezone.now()

        def deed() -> str:
            check_looked(request, form, entry.person.facts)
            made = submit_registration(entry, by=request.member, at=now)
            messages.success(
                request,
                _("Sent to the national desk as %(reference)s. You are told when it is checked.")
                % {"reference": made.reference},
            )
            return made.get_absolute_url()

        if (done := do_once(request, deed, form=form)) is not None:
            return done
        # What was refused was rolled back, the look too; this one stays on record.
        if entry.person.facts.names_somebody:
            known = find_duplicates(entry.person.facts, by=request.member, at=now)
    context = {"form": form, "signal": signal, "known": known, "levels": levels}
    return answered(request, "registrations/submit.html", context)


def check_looked(request: MemberRequest, form: RegistrationForm, facts: IdentityFacts) -> None:
    """Raise LookFirst when somebody like this may be known, and nobody said that they looked.

    Of who is not named there is nothing to look for.
    """
    if not facts.names_somebody:
        return
    looked = find_duplicates(facts, by=request.member, at=timezone.now())
    if looked.found and form.cleaned_data["looked"] != looked.token:
        raise LookFirst


def signal_asked_for(request: MemberRequest) -> Signal | None:
    """The signal named in the address; one that may not be seen is not there."""
    asked = request.GET.get("signal")
    if asked is None:
        return None
    try:
        pk = UUID(asked)
    except ValueError as error:
        raise Http404 from error
    return get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)


def page_of(request: MemberRequest, registrations: RegistrationQuerySet) -> Any:
    page = Paginator(registrations.with_names(), LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    list_registrations(page.object_list, by=request.member, at=timezone.now())
    return page


@allowed(Permission.REGISTRATION_READ_OWN)
@require_safe
def mine(request: MemberRequest) -> HttpResponse:
    """What this member reported; what was returned comes first."""
    own = Registration.objects.visible_to(request.member).returned_first()
    return render(request, "registrations/mine.html", {"page": page_of(request, own)})


@completes
@require_safe
def queue(request: MemberRequest) -> HttpResponse:
    """What waits for the national desk, oldest first; or another status."""
    status = request.GET.get("status", Status.SUBMITTED)
    if status not in Status.values:
        raise Http404
    visible = Registration.objects.visible_to(request.member)
    wanted = visible.filter(status=status)
    ordered = wanted.oldest_first() if status == Status.SUBMITTED else wanted.newest_first()
    context = {"page": page_of(request, ordered), "status": status, "statuses": Status.choices}
    return render(request, "registrations/queue.html", context)


@reads
@require_safe
def registration(request: MemberRequest, pk: UUID, parts: Sequence[PartMaker] = ()) -> HttpResponse:
    """One registration, without the identity."""
    return registration_page(request, seen(request, pk), parts)


@reads
@require_POST
def identity(request: MemberRequest, pk: UUID, parts: Sequence[PartMaker] = ()) -> HttpResponse:
    """The same page with the identity on it; the trail says who looked."""
    found = seen(request, pk)
    try:
        facts = open_identity(found.person, by=request.member, at=timezone.now())
    except Identity.DoesNotExist as error:
        raise Http404 from error
    return registration_page(request, found, parts, facts=facts)


def registration_page(
    request: MemberRequest, found: Registration, parts: Sequence[PartMaker], **more: object
) -> HttpResponse:
    member, now = request.member, timezone.now()
    opened = open_registration(found, by=member, at=now)
    context = {
        "registration": found,
        "question": opened.question,
        "own_reference": opened.own_reference,
        "can_raise": can_raise(member, found),
        "can": {move: can_move(member, found, Status(move)) for move in Status.values},
        "may_offer": member.may(Permission.CASE_OFFER),
        "at_desk": member.may(Permission.REGISTRATION_READ_ALL),
        "has_signal": member.may(Permission.REGISTRATION_READ_ALL) and has_signal(found),
        "restricted": found.person_id in restricted_among([found.person_id]),
        "parts": [part for make in parts if (part := make(found, member, now))],
        **more,
    }
    return render(request, "registrations/registration.html", context)


@reports
@asks
def resubmit(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Complete a returned registration and send it again."""
    found, now = seen(request, pk), timezone.now()
    if not can_move(request.member, found, Status.SUBMITTED):
        raise Http404
    facts = open_identity(found.person, by=request.member, at=now)
    opened = open_registration(found, by=request.member, at=now)
    agreed = Consent.objects.visible_to(request.member).about(found.person).in_force(now).first()
    form = RegistrationForm(
        sent(request),
        member=request.member,
        level=found.level,
        version=Identity.objects.visible_to(request.member).get(pk=found.person_id).version,
        initial=initial_answers(found, facts, agreed) | {"own_reference": opened.own_reference},
    )
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: resubmit_registration(
                found,
                form.entry(),
                version=form.cleaned_data["version"],
                by=request.member,
                at=now,
            ),
            said=_("Sent to the national desk again."),
            back=found.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    context = {"form": form, "registration": found, "question": opened.question}
    return answered(request, "registrations/submit.html", context)


@reports
@asks
def raise_(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say who a registration without a name is about; its numbers stay what they are."""
    found = seen(request, pk)
    if found.is_full:
        messages.info(request, _("This registration says who it is already."))
        return redirect(found)
    if not can_raise(request.member, found):
        raise Http404
    form = RaiseForm(
        sent(request),
        member=request.member,
        registration=found,
        version=Identity.objects.visible_to(request.member).get(pk=found.person_id).version,
    )
    known = None
    if request.method == "POST" and form.is_valid():

        def deed() -> Registration:
            check_looked(request, form, form.facts)
            return raise_registration(found, **form.answers, by=request.member, at=timezone.now())

        done = do_once(
            request,
            deed,
            said=_("The registration now says who it is. The national desk has been told."),
            back=found.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
        known = find_duplicates(form.facts, by=request.member, at=timezone.now())
    context = {"form": form, "registration": found, "known": known}
    return answered(request, "registrations/raise.html", context)


@reports
@asks
def withdraw(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take a report back before it is registered."""
    found = seen(request, pk)
    if not can_move(request.member, found, Status.WITHDRAWN):
        raise Http404
    form = WithdrawForm(sent(request))
    if request.method == "POST" and form.is_valid():
        reason = WithdrawalReason(form.cleaned_data["reason"])
        done = do_once(
            request,
            lambda: withdraw_registration(
                found, reason=reason, by=request.member, at=timezone.now()
            ),
            said=_("This registration has been withdrawn."),
            back=found.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    return answered(request, "registrations/withdraw.html", {"form": form, "registration": found})


@completes
@asks
def return_(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask the reporter to complete it; what the minimum set lacks is ticked already."""
    found, now = seen(request, pk), timezone.now()
    if not can_move(request.member, found, Status.RETURNED):
        raise Http404
    facts = open_identity(found.person, by=request.member, at=now)
    missing = [code.value for code in missing_from(found, facts)]
    form = ReturnForm(sent(request), initial={"missing": missing})
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: return_registration(found, **form.cleaned_data, by=request.member, at=now),
            said=_("Returned to the reporter, who has been told."),
            back=found.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    return answered(request, "registrations/return.html", {"form": form, "registration": found})


@completes
@asks
def complete(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Check against persons who may be the same, and take it into the national registration."""
    found, now = seen(request, pk), timezone.now()
    if not can_move(request.member, found, Status.REGISTERED):
        raise Http404
    facts = open_identity(found.person, by=request.member, at=now)
    form = CompleteForm(sent(request), registration=found)
    if request.method == "POST" and form.is_valid():

        def deed() -> str:
            done = complete_registration(
                found, care_needed=form.wants_care, by=request.member, at=now
            )
            messages.success(
                request,
                _("Registered under the national number %(number)s.")
                % {"number": done.national_number},
            )
            return found.get_absolute_url()

        if (done := do_once(request, deed, form=form)) is not None:
            return done
    known = (
        find_duplicates(facts, by=request.member, at=now, besides=found.person)
        if facts.names_somebody
        else Duplicates()
    )
    others = open_identities([one.person for one in known.candidates], by=request.member, at=now)
    context = {
        "form": form,
        "registration": found,
        "facts": facts,
        "missing": missing_from(found, facts),
        "candidates": [(one, others[one.person.pk]) for one in known.candidates],
    }
    return answered(request, "registrations/complete.html", context)
