"""Pages of requests of persons: what is to be answered, one request, its steps, the extract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.forms import HouseForm
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from referral.registrations.corrections.rules import can_correct
from referral.registrations.models import Registration
from referral.registrations.rules import side_of
from referral.registrations.workflow import Side
from referral.rights import actions
from referral.rights.forms import (
    AnswerForm,
    BeginForm,
    CarryOutForm,
    CloseForm,
    ExtendForm,
    IdentityForm,
    ReceiveForm,
    RectifyForm,
)
from referral.rights.models import How, Right, RightsExecution, RightsExtract, RightsRequest
from referral.rights.querysets import RightsExtractQuerySet, carries_out, handles
from referral.rights.rules import WAYS, can_carry_out, can_extract, moves
from referral.rights.workflow import Status

LINES_ON_A_PAGE = 50
officers = allowed(Permission.RIGHTS_HANDLE)
workers = allowed(Permission.RIGHTS_CARRY_OUT)
asks = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class Step:
    """One step as a page offers it."""

    name: str
    label: str | Promise
    said: str | Promise
    #: To any of these it leads; the making of a file leads nowhere.
    goals: tuple[Status, ...] = ()
    #: What is answered with the file that this step makes.
    makes_for: Right | None = None


STEPS = {
    step.name: step
    for step in (
        Step(
            "identity",
            gettext_lazy("Identity is checked"),
            gettext_lazy("It is on record how you made sure who asks."),
            (Status.IDENTIFIED,),
        ),
        Step(
            "begin",
            gettext_lazy("Begin"),
            gettext_lazy("The request is in progress."),
            (Status.IN_PROGRESS,),
        ),
        Step(
            "make-extract",
            gettext_lazy("Make the extract"),
            gettext_lazy("The extract is made and sealed. Read it before you give it."),
            makes_for=Right.ACCESS,
        ),
        Step(
            "make-file",
            gettext_lazy("Make the file"),
            gettext_lazy("The file is made and sealed. Read it before you give it."),
            makes_for=Right.TRANSFER,
        ),
        Step(
            "answer",
            gettext_lazy("Answer"),
            gettext_lazy("The answer is kept. Deliver it by a way that is safe."),
            (Status.GRANTED, Status.PARTLY_GRANTED, Status.REFUSED, Status.REFERRED),
        ),
        Step(
            "extend",
            gettext_lazy("Take two months more"),
            gettext_lazy("The term is extended. Tell the person today, with the reason."),
            (Status.EXTENDED,),
        ),
        Step(
            "close",
            gettext_lazy("The answer was delivered"),
            gettext_lazy("The request is closed."),
            (Status.CLOSED,),
        ),
    )
}


@officers
@require_safe
def list_requests(request: MemberRequest) -> HttpResponse:
    """What must be answered first, by its last day; then what was answered."""
    found = RightsRequest.objects.visible_to(request.member).with_names().soonest_first()
    page = Paginator(found, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = actions.list_requests(page.object_list, by=request.member, at=timezone.now())
    context = {"page": page, "requests": shown, "handles": handles(request.member)}
    return render(request, "rights/list.html", context)


@officers
@asks
def receive(request: MemberRequest) -> HttpResponse:
    """Write down a request that came in."""
    today = {"received_on": timezone.localdate()}
    form = ReceiveForm(request.POST or None, initial=today)
    if form.is_valid():

        def deed() -> str:
            received = actions.receive_request(
                **form.cleaned_data, by=request.member, at=timezone.now()
            )
            return received.get_absolute_url()

        said = _("The request is received. First make sure who asks.")
        if (done := do_once(request, deed, said=said, form=form)) is not None:
            return done
    status = 422 if form.is_bound else 200
    return render(request, "rights/receive.html", {"form": form}, status=status)


@officers
@require_safe
def request_of_person(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One request: what is asked, how long is left, and the steps that can be taken."""
    found = _seen(request, pk)
    opened = actions.read_request(found, by=request.member, at=timezone.now())
    context = {
        "opened": opened,
        "asked": opened.request,
        "execution": opened.execution,
        "steps": [step for step in STEPS.values() if _is_open(step, opened.request, request)],
    }
    return render(request, "rights/request.html", context)


@officers
@asks
def take_step(request: MemberRequest, pk: UUID, step: str) -> HttpResponse:
    """One step of a request, with what it asks."""
    asked, now = _seen(request, pk), timezone.now()
    chosen = STEPS.get(step)
    if chosen is None or not _is_open(chosen, asked, request):
        raise Http404
    channels = []
    if step == "close":
        channels = actions.read_safe_channels(asked, by=request.member, at=now)
    form = _form(step, request, asked, channels)
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            _deed(step, request, asked, form),
            said=str(chosen.said),
            back=asked.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    context = {"form": form, "asked": asked, "step": chosen, "channels": channels}
    return render(request, "rights/step.html", context, status=422 if form.errors else 200)


@officers
@require_safe
def extract(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What is kept of one person and who saw it, as it was sealed."""
    found = get_object_or_404(_extracts(request, Right.ACCESS), pk=pk)
    opened = actions.read_extract(found, by=request.member, at=timezone.now())
    return render(request, "rights/extract.html", {"opened": opened, "asked": opened.request})


@officers
@require_safe
def extract_pdf(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The same on paper."""
    found = get_object_or_404(_extracts(request, Right.ACCESS), pk=pk)
    pdf = actions.print_extract(found, by=request.member, at=timezone.now())
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.request.reference}.pdf"'
    return answer


@officers
@require_safe
def transfer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What a person takes along: as it stands in the file, or the file itself."""
    found, now = get_object_or_404(_extracts(request, Right.TRANSFER), pk=pk), timezone.now()
    if not request.GET.get("file"):
        opened = actions.read_transfer(found, by=request.member, at=now)
        context = {"opened": opened, "asked": opened.request}
        return render(request, "rights/transfer.html", context)
    opened = actions.download_transfer(found, by=request.member, at=now)
    answer = HttpResponse(opened.text, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{opened.request.reference}.json"'
    return answer


# --- What was granted is carried out ---------------------------------------------------------
@workers
@require_safe
def to_carry_out(request: MemberRequest) -> HttpResponse:
    """What was granted and waits to be done, the oldest first; then what was done."""
    found = RightsExecution.objects.visible_to(request.member).with_names().waiting_first()
    page = Paginator(found, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = actions.list_executions(page.object_list, by=request.member, at=timezone.now())
    return render(request, "rights/to_carry_out.html", {"page": page, "executions": shown})


@workers
@asks
def carry_out(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One of them: what was asked and answered, and how it is done."""
    member, now = request.member, timezone.now()
    found = _to_do(request, pk)
    ways = [way for way in WAYS[Right(found.right)] if way != How.CORRECTED]
    form = CarryOutForm(_sent(request), ways=ways)
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.carry_out(found, How(form.cleaned_data["how"]), by=member, at=now),
            said=_("It is on record that this was carried out. The privacy officer sees it."),
            back=found.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    to_do = actions.read_execution(found, by=member, at=now)
    context = {
        "to_do": to_do,
        "execution": to_do.execution,
        "form": form,
        "can": can_carry_out(member, found),
        "can_lift": carries_out(member) and to_do.restriction and not to_do.restriction.ended_at,
        "correctable": [one for one in to_do.registrations if can_correct(member, one)],
    }
    status = 422 if form.errors else 200
    return render(request, "rights/carry_out.html", context, status=status)


@workers
@asks
def rectify(request: MemberRequest, pk: UUID, registration: UUID) -> HttpResponse:
    """Correct a registration, with the words of the person as the reason."""
    member, now = request.member, timezone.now()
    execution = _to_do(request, pk)
    seen = Registration.objects.visible_to(member).with_names().select_related("person__key")
    found = get_object_or_404(seen, pk=registration, person=execution.person_id)
    if not (can_carry_out(member, execution) and can_correct(member, found)):
        raise Http404
    to_do = actions.read_execution(execution, by=member, at=now)
    form = RectifyForm(_sent(request), registration=found, member=member)
    form.initial["reason"] = f"{execution.reference}: {to_do.asked}"
    if request.method == "POST" and form.is_valid():
        is_all = form.cleaned_data["is_all"] == "yes"
        said = (
            _("The correction is kept, and it is on record that this was carried out.")
            if is_all
            else _("The correction is kept. The request stays here until the rest is done too.")
        )
        done = do_once(
            request,
            lambda: actions.rectify(
                execution,
                found,
                form.correction(),
                reason=form.cleaned_data["reason"],
                is_all=is_all,
                by=member,
                at=now,
            ),
            said=said,
            back=execution.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    context = {
        "form": form,
        "registration": found,
        "execution": execution,
        "at_desk": side_of(member, found) == Side.DESK,
    }
    status = 422 if form.errors else 200
    return render(request, "rights/rectify.html", context, status=status)


@workers
@require_POST
def lift(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The restriction ends: the data may be used again."""
    execution = _to_do(request, pk)
    return do_once(
        request,
        lambda: actions.lift_restriction(execution, by=request.member, at=timezone.now()),
        said=_("The restriction has ended. The data may be used again."),
        back=execution.get_absolute_url(),
    )


def _extracts(request: MemberRequest, right: Right) -> RightsExtractQuerySet:
    found = RightsExtract.objects.visible_to(request.member)
    return found.answering(right).select_related("request")


def _to_do(request: MemberRequest, pk: UUID) -> RightsExecution:
    return get_object_or_404(RightsExecution.objects.visible_to(request.member).with_names(), pk=pk)


def _seen(request: MemberRequest, pk: UUID) -> RightsRequest:
    return get_object_or_404(RightsRequest.objects.visible_to(request.member).with_names(), pk=pk)


def _is_open(step: Step, asked: RightsRequest, request: MemberRequest) -> bool:
    if step.makes_for:
        return step.makes_for == asked.right and can_extract(request.member, asked)
    return not set(step.goals).isdisjoint(moves(request.member, asked))


def _form(
    step: str, request: MemberRequest, asked: RightsRequest, channels: list[actions.SafeChannel]
) -> HouseForm:
    data = _sent(request)
    if step == "answer":
        return AnswerForm(data, goals=moves(request.member, asked), right=asked.right)
    if step == "close":
        return CloseForm(data, channels=channels)
    plain = {"identity": IdentityForm, "extend": ExtendForm}
    return plain.get(step, BeginForm)(data)


def _sent(request: MemberRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _deed(
    step: str, request: MemberRequest, asked: RightsRequest, form: HouseForm
) -> Callable[[], object]:
    by, at, said = request.member, timezone.now(), form.cleaned_data
    deeds: dict[str, Callable[[], object]] = {
        "identity": lambda: actions.check_identity(asked, proof=said["proof"], by=by, at=at),
        "begin": lambda: actions.begin_request(asked, by=by, at=at),
        "make-extract": lambda: actions.make_extract(asked, by=by, at=at),
        "make-file": lambda: actions.make_transfer(asked, by=by, at=at),
        "extend": lambda: actions.extend_request(asked, reason=said["extension"], by=by, at=at),
        "answer": lambda: actions.answer_request(
            asked,
            Status(said["outcome"]),
            refusal=said["refusal"],
            words=said["words"],
            by=by,
            at=at,
        ),
        "close": lambda: actions.close_request(asked, delivery=said["delivery"], by=by, at=at),
    }
    return deeds[step]
