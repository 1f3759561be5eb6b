"""The pages of case tables: for who calls one, and for who is invited."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.forms import typed_in
from referral.access.requests import MemberRequest
from referral.cases.models import Case
from referral.cases.rules import reach_of
from referral.cases.tables import actions
from referral.cases.tables.forms import AgreementForm, CallForm, HoldForm
from referral.cases.tables.models import Agreement, CaseTable, Invitation
from referral.cases.tables.rules import can_move_table
from referral.cases.tables.workflow import TableStatus
from referral.cases.views.paper import Block, Paper, in_days
from referral.cases.views.parts import Part, Reading
from referral.cases.views.working import while_worked_on
from referral.cases.workflow import CaseStatus
from referral.organisations.permissions import Permission

LINES_ON_A_PAGE = 50
GET_AND_POST = ["GET", "HEAD", "POST"]
BOTH_SIDES = (Permission.REFERRAL_SEND, Permission.REFERRAL_RECEIVE)


def part(reading: Reading) -> Part | None:
    """In the case file: the meetings about it."""
    if not reading.reach.reads_all or not reading.member.may(Permission.REFERRAL_SEND):
        return None

    def listed() -> list[CaseTable]:
        found = CaseTable.objects.visible_to(reading.member).filter(case=reading.case)
        first = found.with_names().open_first()
        return actions.list_tables(first, by=reading.member, at=reading.at)

    def paper() -> Paper:
        found = [actions.open_table(table, by=reading.member, at=reading.at) for table in listed()]
        return Paper(blocks=[block for read in found for block in _on_paper(read)])

    return Part(
        "tables",
        _("Case tables"),
        "tables/_part.html",
        fetch=lambda: {"tables": listed(), "works": reading.works},
        paper=paper,
    )


def _on_paper(read: actions.ReadTable) -> list[Block]:
    """One meeting: the day, the goal and who is invited; then what each promised."""
    guests = ", ".join(guest.organisation.name for guest in read.invitations if not guest.ended_at)
    title = _("Case table of %s") % in_days(read.table.held_on)
    called = (_("Called by"), read.table.organisation.name)
    invited = (_("Invited"), guests)
    head = Block(
        f"{title}: {read.table.get_status_display()}",
        read.goal,
        [f"{label}: {said}" for label, said in (called, invited) if said],
    )
    agreed = [
        Block(
            _("Agreement of %s") % one.agreement.organisation.name,
            one.words,
            [_("before %s") % in_days(one.agreement.due_on)],
        )
        for one in read.agreements
    ]
    return [head, *agreed]


@allowed(*BOTH_SIDES)
@require_safe
def list_tables(request: MemberRequest) -> HttpResponse:
    """Meetings to which one is invited, or that one called: what is planned first."""
    found = CaseTable.objects.visible_to(request.member).with_names().open_first()
    page = Paginator(found, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    tables = actions.list_tables(page.object_list, by=request.member, at=timezone.now())
    return render(request, "tables/list.html", {"page": page, "tables": tables})


@allowed(Permission.REFERRAL_SEND)
@require_http_methods(GET_AND_POST)
@while_worked_on
def call(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Invite organisations to talk the case over."""
    case = get_object_or_404(Case.objects.visible_to(request.member), pk=pk)
    form = CallForm.of(request.member, typed_in(request))
    if request.method == "POST" and form.is_valid():
        answer = do_once(
            request,
            lambda: actions.call_table(
                actions.Call(case=case, **form.cleaned_data),
                by=request.member,
                at=timezone.now(),
            ).get_absolute_url(),
            said=_("The organisations are invited."),
            form=form,
        )
        if answer is not None:
            return answer
    context = {
        "case": case,
        "form": form,
        "title": _("Call a case table on %s") % case,
        "submit_label": _("Invite"),
        "cancel_url": f"{case.get_absolute_url()}#tables",
        "consequences": [
            _("Those invited see the goal, the day and the agreements that name them."),
            _("They see nothing else of the case, and not who else is invited."),
        ],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "cases/deed.html", context, status=status)


@allowed(*BOTH_SIDES)
@require_safe
def table(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The goal, the day and what was agreed, as far as one sees it."""
    member = request.member
    read = actions.open_table(_found(request, pk), by=member, at=timezone.now())
    case = Case.objects.visible_to(member).filter(pk=read.table.case_id).first()
    reach = reach_of(case, member) if case else None
    works = bool(reach and reach.works and case and case.status == CaseStatus.ACTIVE)
    context = {
        "read": read,
        "table": read.table,
        "case": case if reach and reach.reads_all else None,
        "works": works,
        "own": member.organisation_id,
        "due": read.table.held_on <= timezone.localdate(),
        "can": {to.value: works and can_move_table(read.table, to) for to in TableStatus},
    }
    return render(request, "tables/table.html", context)


@allowed(Permission.REFERRAL_SEND)
@require_http_methods(GET_AND_POST)
def hold(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The meeting was held: who was there."""
    found = _own(request, pk)
    form = HoldForm.of(_guests(request, found), request.POST or None)

    def deed() -> None:
        actions.hold_table(found, **form.cleaned_data, by=request.member, at=timezone.now())

    said = _("Kept. Now write down what was agreed.")
    title, label = _("The meeting was held"), _("Keep who was there")
    return _form_page(request, found, form, deed, title=title, label=label, said=said)


@allowed(Permission.REFERRAL_SEND)
@require_http_methods(GET_AND_POST)
def agree(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Write down one agreement."""
    found = _own(request, pk)
    parties = [*_guests(request, found), request.member.organisation_id]
    form = AgreementForm.of(parties, request.POST or None)

    def deed() -> None:
        actions.add_agreement(found, **form.cleaned_data, by=request.member, at=timezone.now())

    said = _("The agreement is kept, and whom it names has been told.")
    title, label = _("Write down an agreement"), _("Keep the agreement")
    return _form_page(request, found, form, deed, title=title, label=label, said=said)


@allowed(Permission.REFERRAL_SEND)
@require_POST
def close(request: MemberRequest, pk: UUID) -> HttpResponse:
    """All agreements are written down."""
    return _end(request, pk, TableStatus.CLOSED, _("The case table is closed."))


@allowed(Permission.REFERRAL_SEND)
@require_POST
def cancel(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The meeting will not be held."""
    said = _("The case table is cancelled. Those invited have been told.")
    return _end(request, pk, TableStatus.CANCELLED, said)


@allowed(Permission.REFERRAL_SEND)
@require_POST
def task(request: MemberRequest, pk: UUID) -> HttpResponse:
    """An agreement of the own team becomes a task."""
    cases = Case.objects.visible_to(request.member)
    seen = Agreement.objects.visible_to(request.member).filter(case__in=cases)
    agreement = get_object_or_404(seen.select_related("table", "case"), pk=pk)
    return do_once(
        request,
        lambda: actions.make_task(agreement, by=request.member, at=timezone.now()),
        said=_("The agreement is a task of yours now."),
        back=agreement.table.get_absolute_url(),
    )


def _found(request: MemberRequest, pk: UUID) -> CaseTable:
    return get_object_or_404(CaseTable.objects.visible_to(request.member), pk=pk)


def _own(request: MemberRequest, pk: UUID) -> CaseTable:
    """Of a case that one sees: whoever is only invited changes nothing."""
    seen = CaseTable.objects.visible_to(request.member).select_related("case")
    return get_object_or_404(seen.filter(case__in=Case.objects.visible_to(request.member)), pk=pk)


def _guests(request: MemberRequest, found: CaseTable) -> list[int]:
    """The keys of the organisations whose invitation stands."""
    standing = Invitation.objects.visible_to(request.member).filter(table=found, ended_at=None)
    return list(standing.values_list("organisation", flat=True))


def _end(request: MemberRequest, pk: UUID, to: TableStatus, said: str) -> HttpResponse:
    found = _own(request, pk)
    return do_once(
        request,
        lambda: actions.end_table(found, to=to, by=request.member, at=timezone.now()),
        said=said,
        back=found.get_absolute_url(),
    )


def _form_page(
    request: MemberRequest,
    found: CaseTable,
    form: BaseForm,
    deed: Callable[[], object],
    *,
    title: str,
    label: str,
    said: str,
) -> HttpResponse:
    back = found.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        answer = do_once(request, deed, said=said, back=back, form=form)
        if answer is not None:
            return answer
    context = {"form": form, "title": title, "submit_label": label, "cancel_url": back}
    status = 422 if form.is_bound else 200
    return render(request, "components/form_page.html", context, status=status)
