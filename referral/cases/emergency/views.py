"""Pages of emergency access: open a file, what was opened, and the verdict on it."""

from uuid import UUID

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.cases.emergency import actions
from referral.cases.emergency.forms import OpenForm, ReviewForm
from referral.cases.emergency.models import EmergencyAccess
from referral.cases.emergency.rules import can_end, can_review, may_open, may_review
from referral.cases.emergency.workflow import Status
from referral.cases.models import Case
from referral.organisations.permissions import Permission

LINES_ON_A_PAGE = 50
asks = require_http_methods(["GET", "HEAD", "POST"])
readers = allowed(Permission.EMERGENCY_OPEN, Permission.EMERGENCY_REVIEW, Permission.CASE_OFFER)


@readers
@require_safe
def list_emergencies(request: MemberRequest) -> HttpResponse:
    """What still waits for a verdict first; for the privacy officer with the count by month."""
    member = request.member
    found = EmergencyAccess.objects.visible_to(member).with_names().to_review_first()
    page = Paginator(found, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = actions.list_emergencies(page.object_list, by=member, at=timezone.now())
    context = {
        "page": page,
        "accesses": shown,
        "months": actions.count_by_month(by=member) if may_review(member) else [],
        "can_open": may_open(member),
    }
    return render(request, "emergency/list.html", context)


@allowed(Permission.EMERGENCY_OPEN)
@asks
def open_file(request: MemberRequest) -> HttpResponse:
    """Which case and why, after showing again who one is.

    What was typed is never kept in the session: who must show it again while sending, is asked
    to do so beside the form, which stays as it was.
    """
    unsure = is_reauthentication_required(request, app="")
    if unsure and request.method != "POST":
        raise ReauthenticationRequired
    form = OpenForm(request.POST or None)
    if unsure and form.is_valid():
        form.add_error(None, _("It is too long ago that you showed who you are. Do so first."))
    if form.is_valid():
        answers = form.cleaned_data

        def deed() -> str:
            opened = actions.open_in_emergency(
                answers["reference"],
                reason=answers["reason"],
                words=answers["words"],
                hours=int(answers["hours"]),
                by=request.member,
                at=timezone.now(),
            )
            return Case(pk=opened.case_id).get_absolute_url()

        said = _("The file is open. Who holds the case and the privacy officer know of it.")
        if (done := do_once(request, deed, said=said, form=form)) is not None:
            return done
    context = {"form": form, "unsure": unsure}
    return render(request, "emergency/open.html", context, status=422 if form.is_bound else 200)


@readers
@asks
def access(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One of them: why, what was opened, and the verdict or the form for it."""
    member, now = request.member, timezone.now()
    found = get_object_or_404(EmergencyAccess.objects.visible_to(member), pk=pk)
    reviews = can_review(member, found, Status.JUSTIFIED)
    if request.method == "POST" and not reviews:
        raise Http404
    form = ReviewForm(request.POST or None) if reviews else None
    if form is not None and form.is_valid():
        verdict, words = Status(form.cleaned_data["verdict"]), form.cleaned_data["words"]
        done = do_once(
            request,
            lambda: actions.review_emergency(
                found, verdict=verdict, words=words, by=member, at=now
            ),
            said=_("Your verdict is kept. Who opened the file and who holds it are told."),
            back=found.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    read = actions.read_emergency(found, by=member, at=now)
    context = {
        "access": read.access,
        "read": read,
        "case": actions.case_of(read.access, by=member),
        "form": form,
        "can_end": can_end(member, read.access),
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "emergency/access.html", context, status=status)


@allowed(Permission.EMERGENCY_OPEN)
@require_POST
def end(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Done before its time."""
    found = get_object_or_404(
        EmergencyAccess.objects.visible_to(request.member).opened_by_member(request.member), pk=pk
    )
    return do_once(
        request,
        lambda: actions.end_emergency(found, by=request.member, at=timezone.now()),
        said=_("The file is closed for you again."),
        back=found.get_absolute_url(),
    )
