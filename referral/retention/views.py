"""Pages of retention: the list, one erasure and its certificate, holds and terms."""

from collections.abc import Mapping
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.cases.views.parts import Part, Reading
from referral.cases.workflow import CaseStatus
from referral.organisations.permissions import Permission
from referral.retention import actions
from referral.retention.forms import HoldForm, TermForm
from referral.retention.models import Erasure, LegalHold, RetentionTerm
from referral.retention.querysets import reads_all
from referral.retention.rules import can_hold, can_lift, can_move
from referral.retention.workflow import Status

LINES_ON_A_PAGE = 50
asks = require_http_methods(["GET", "HEAD", "POST"])


@allowed(Permission.RETENTION_READ)
@require_safe
def list_erasures(request: MemberRequest) -> HttpResponse:
    """What waits for a decision first, then what is held, then the certificates; and the holds."""
    member, now = request.member, timezone.now()
    found = Erasure.objects.visible_to(member).with_names().open_first()
    page = Paginator(found, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    holds = LegalHold.objects.visible_to(member).running_on(timezone.localdate(now))
    context = {
        "page": page,
        "erasures": actions.list_erasures(page.object_list, by=member, at=now),
        "holds": [
            (hold, can_lift(member, hold))
            for hold in holds.with_names().soonest_first()[:LINES_ON_A_PAGE]
        ],
        "can_hold": member.may(Permission.RETENTION_DECIDE),
    }
    return render(request, "retention/list.html", context)


@allowed(Permission.RETENTION_READ)
@require_safe
def erasure(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What will be destroyed and who decides; afterwards the certificate."""
    found = get_object_or_404(Erasure.objects.visible_to(request.member), pk=pk)
    read = actions.read_erasure(found, by=request.member, at=timezone.now())
    can = {goal.value: can_move(request.member, read.erasure, goal) for goal in Status}
    context = {
        "erasure": read.erasure,
        "destroyed": read.destroyed,
        "can": can,
        "records": [(one, can_hold(request.member, one)) for one in read.records],
        "holds": read.holds,
    }
    return render(request, "retention/erasure.html", context)


@allowed(Permission.RETENTION_DECIDE)
@require_POST
def move(request: MemberRequest, pk: UUID, goal: str) -> HttpResponse:
    """Approve, confirm, or give back."""
    found = get_object_or_404(Erasure.objects.visible_to(request.member), pk=pk)
    if goal not in actions.DEEDS:
        raise Http404
    said = {
        Status.APPROVED: _("You approved the erasure. A second person is asked to confirm it."),
        Status.DUE: _("It is with the owner of the data again."),
        Status.ERASED: _("The data are destroyed. This is the certificate."),
    }
    deed = actions.DEEDS[Status(goal)]
    return do_once(
        request,
        lambda: deed(found, by=request.member, at=timezone.now()),
        said=said[Status(goal)],
        back=found.get_absolute_url(),
    )


def part(reading: Reading) -> Part | None:
    """In the case file: until when its data are held, and the form that holds it, for who may.

    Who oversees reads the one and does not get the other. Of a closed case it stands open, since
    it is what comes next.
    """
    case, member = reading.case, reading.member
    may_hold = can_hold(member, case)
    if not (may_hold or reads_all(member)):
        return None

    def fetch() -> Mapping[str, object]:
        holds = LegalHold.objects.visible_to(member).about(case.person_id)
        running = holds.running_on(timezone.localdate(reading.at))
        return {"holds": running.with_names().soonest_first().reverse(), "can_hold": may_hold}

    title, closed = _("Keeping"), case.status == CaseStatus.CLOSED
    return Part("keeping", title, "retention/_part.html", fetch=fetch, at_once=closed)


@allowed(Permission.RETENTION_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: MemberRequest) -> HttpResponse:
    """Keep a case or a registration longer."""
    form = HoldForm(request.POST or None, initial={"reference": request.GET.get("reference", "")})
    if form.is_valid():
        done = do_once(
            request,
            lambda: actions.place_hold(**form.cleaned_data, by=request.member, at=timezone.now()),
            said=_("It is held: nothing of it is erased until that day."),
            back=reverse("retention:list"),
            form=form,
        )
        if done is not None:
            return done
    context = {"form": form}
    return render(request, "retention/hold.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.RETENTION_DECIDE)
@require_POST
def lift(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The reason to keep it is gone."""
    found = get_object_or_404(LegalHold.objects.visible_to(request.member), pk=pk)
    if not can_lift(request.member, found):
        raise Http404
    return do_once(
        request,
        lambda: actions.lift_hold(found, by=request.member, at=timezone.now()),
        said=_("This hold has ended. Tonight it is looked at whether it can be erased."),
        back=reverse("retention:list"),
    )


@allowed(Permission.RETENTION_READ, Permission.RETENTION_TERMS)
@asks
def terms(request: MemberRequest) -> HttpResponse:
    """How long everything is kept, by which text; with a form for who keeps the configuration."""
    changes = request.member.may(Permission.RETENTION_TERMS)
    if request.method == "POST" and not changes:
        raise Http404
    form = TermForm(request.POST or None) if changes else None
    if form is not None and form.is_valid():
        new = actions.NewTerm(**form.cleaned_data)
        done = do_once(
            request,
            lambda: actions.change_term(new, by=request.member, at=timezone.now()),
            said=_("The new term is kept."),
            back=reverse("retention:terms"),
            form=form,
        )
        if done is not None:
            return done
    context = {"terms": RetentionTerm.objects.by_category(), "form": form}
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "retention/terms.html", context, status=status)
