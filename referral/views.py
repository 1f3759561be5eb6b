"""Pages that look into more than one room: start, each role's home, the case file, refusals."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from referral.access.actions import one_look
from referral.access.doors import allowed, open_to_public
from referral.access.navigation import entries
from referral.access.requests import MemberRequest
from referral.cases.actions import list_home_cases
from referral.cases.documents.views import part as documents_part
from referral.cases.emergency.actions import list_home_emergencies
from referral.cases.family.views import part as family_part
from referral.cases.planning.actions import list_home_planning
from referral.cases.planning.views.parts import PlanningParts
from referral.cases.printing.views import part as print_part
from referral.cases.printing.views import print_page
from referral.cases.referrals.actions import list_home_referrals
from referral.cases.referrals.views import part as referrals_part
from referral.cases.tables.views import part as tables_part
from referral.cases.unsent.actions import list_home_forms
from referral.cases.views.file import case_page
from referral.cases.views.parts import PartMaker
from referral.cases.views.residence import residence as residence_part
from referral.lib.tally import Tally
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.registrations.actions import list_home_registrations
from referral.registrations.corrections.actions import count_home_corrections
from referral.registrations.counting.actions import list_home_count
from referral.registrations.duty.actions import list_home_duty
from referral.registrations.withdrawals.actions import count_home_withdrawals
from referral.residence.actions import list_home_deadlines
from referral.retention.actions import list_home_retention
from referral.retention.destruction.actions import list_home_lists
from referral.retention.views import part as keeping_part
from referral.rights.actions import count_home_executions, count_home_rights
from reporting.actions import list_home_releases
from shelters.actions import list_home_shelters
from shelters.views.section import shelter as shelter_part
from signals.actions import list_home_signals
from signals.deliberation.actions import list_home_deliberation
from signals.drafts.actions import list_home_drafts
from signals.enrichment.actions import list_home_requests
from signals.forwarding.actions import list_home_extracts
from signals.search.views import home_filters


@open_to_public
def start(request: HttpRequest) -> HttpResponse:
    """What Baken is, where to report, and the way in."""
    if getattr(request, "member", None) is not None:
        return redirect("home")
    return render(request, "public/start.html")


@allowed()
def home(request: MemberRequest) -> HttpResponse:
    """Each role lands on its own work: what waits in the rooms that it works in."""
    with one_look():
        work = _work(request.member, timezone.now())
    sections = [
        Section(template, data)
        for template, data in work
        if data is not None and (not hasattr(data, "kind") or data.kind)
    ]
    links = [link for link in entries(request.member) if link.on_home]
    return render(request, "home.html", {"sections": sections, "links": links})


@dataclass(frozen=True, slots=True)
class Section:
    """A room's part of the home page."""

    template: str
    data: object


def _work(member: Membership, now: datetime) -> list[tuple[str, object]]:
    """What each room has for this member; None or no kind where it is not their work.

    The rooms count together, in one statement.
    """
    tally = Tally(waits=True)
    work = [
        ("signals/_home.html", list_home_signals(by=member, at=now, tally=tally)),
        ("drafts/_home.html", list_home_drafts(by=member)),
        ("deliberation/_home.html", list_home_deliberation(by=member, at=now)),
        ("forwarding/_home.html", list_home_extracts(by=member, at=now, tally=tally)),
        ("enrichment/_home.html", list_home_requests(by=member, at=now, tally=tally)),
        ("search/_home.html", home_filters(member, now)),
        ("duty/_home.html", list_home_duty(by=member, at=now)),
        ("referrals/_home.html", list_home_referrals(by=member, at=now)),
        ("emergency/_home.html", list_home_emergencies(by=member, at=now)),
        ("retention/_home.html", list_home_retention(by=member, tally=tally)),
        ("destruction/_home.html", list_home_lists(by=member, tally=tally)),
        ("rights/_home.html", count_home_rights(by=member, at=now)),
        ("rights/_home_to_carry_out.html", count_home_executions(by=member, tally=tally)),
        ("registrations/_home.html", list_home_registrations(by=member, at=now, tally=tally)),
        ("corrections/_home.html", count_home_corrections(by=member, tally=tally)),
        ("withdrawals/_home.html", count_home_withdrawals(by=member, tally=tally)),
        ("counting/_home.html", list_home_count(by=member, at=now)),
        ("cases/_home.html", list_home_cases(by=member, at=now, tally=tally)),
        ("unsent/_home.html", list_home_forms(by=member, tally=tally)),
        ("planning/_home.html", list_home_planning(by=member, at=now, tally=tally)),
        ("residence/_home.html", list_home_deadlines(by=member, at=now, tally=tally)),
        ("shelters/_home.html", list_home_shelters(by=member, at=now, tally=tally)),
        ("reporting/_home.html", list_home_releases(by=member, at=now)),
    ]
    tally.fetch()
    return work


@require_safe
@allowed(Permission.CASE_READ_GRANTED, Permission.CASE_READ_HEADER, Permission.EMERGENCY_OPEN)
def case_file(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The case on one page, with the parts of rooms that the case does not know."""
    planning = PlanningParts()
    return case_page(request, pk, more=_parts_above(planning), step=planning.step)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Permission.CASE_READ_GRANTED)
def print_case(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The same parts on paper, as far as the reader sees them."""
    return print_page(request, pk, more=_parts_above(PlanningParts()))


def _parts_above(planning: PlanningParts) -> list[PartMaker]:
    """In the order of the page."""
    return [
        *planning.makers(),
        family_part,
        shelter_part,
        residence_part,
        referrals_part,
        documents_part,
        tables_part,
        print_part,
        keeping_part,
    ]


@open_to_public
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "public/accessibility.html")


@open_to_public
def security_txt(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Where to report a weakness (RFC 9116)."""
    expires = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@open_to_public
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Alive, and the database answers. Says nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
