"""Documents in the case file: the part of its page, adding, taking along and withdrawing."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.cases.documents import actions
from referral.cases.documents.actions import DOCUMENTS, ListedDocument
from referral.cases.documents.forms import BeginDocumentForm, DocumentForm, WithdrawForm
from referral.cases.documents.models import Document
from referral.cases.documents.workflow import WITHDRAWABLE
from referral.cases.models import Case
from referral.cases.referrals.models import Referral
from referral.cases.views.paper import Block, Paper, in_days, in_moments
from referral.cases.views.parts import Part, Reading
from referral.cases.views.working import while_worked_on
from referral.files.rules import PIECE
from referral.files.views import CAME_IN, errors_in_words, take_piece, taken_along
from referral.organisations.permissions import Permission

READERS = (Permission.CARE_NOTE_READ, Permission.EMERGENCY_READ_NOTES)


def part(reading: Reading) -> Part | None:
    """Nothing for a role that reads none: it would say that there are no documents."""
    if not (reading.reach.reads_all and any(map(reading.member.may, READERS))):
        return None

    def read() -> list[ListedDocument]:
        return actions.list_documents(
            reading.case, by=reading.member, at=reading.at, reach=reading.reach
        )

    def fetch() -> Mapping[str, object]:
        listed = read()
        return {
            "listed": listed,
            "works": reading.works and reading.member.may(Permission.CARE_NOTE_WRITE),
            "waiting": any(one.document.under_way for one in listed),
            "withdrawable": WITHDRAWABLE,
            "scanner": bool(settings.CLAMD_ADDRESS),
        }

    return Part(
        "documents",
        _("Documents"),
        "documents/_part.html",
        fetch=fetch,
        paper=lambda: Paper(blocks=[_on_paper(one) for one in read()]),
    )


def _on_paper(one: ListedDocument) -> Block:
    """That it is there; the document itself is printed by itself."""
    document = one.document
    kind = str(document.get_category_display())
    added = _("Added by %(who)s, %(organisation)s, %(at)s") % {
        "who": document.created_by,
        "organisation": document.organisation,
        "at": in_moments(document.created_at),
    }
    more = [f"{kind}, {in_days(document.dated_on)}", added, str(document.get_status_display())]
    return Block(one.title or kind, more=more)


@allowed(Permission.CARE_NOTE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
@while_worked_on
def add(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Add a document. Without JavaScript it comes whole; with it, in pieces (see `begin`)."""
    case = get_object_or_404(Case.objects.visible_to(request.member), pk=pk)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        name, data = form.content()
        done = do_once(
            request,
            lambda: actions.add_document(
                form.entry_for(case), name=name, data=data, by=request.member, at=timezone.now()
            ),
            said=str(CAME_IN),
            back=case.part_url("documents"),
            form=form,
        )
        if done is not None:
            return done
    context = {
        "form": form,
        "case": case,
        "done_url": case.part_url("documents"),
        "piece": PIECE,
        "scanner": settings.CLAMD_ADDRESS,
    }
    return render(request, "documents/add.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.CARE_NOTE_WRITE)
@require_POST
def begin(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Begin a document in pieces; the answer leads to where they go (after tus 1.0, creation)."""
    case = get_object_or_404(Case.objects.visible_to(request.member), pk=pk)
    form = BeginDocumentForm(request.POST)
    if form.is_valid():
        done = do_once(
            request,
            lambda: reverse("cases:documents:upload", args=[_begun(request, case, form).pk]),
            form=form,
        )
        if done is not None:
            return done
    return errors_in_words(form)


def _begun(request: MemberRequest, case: Case, form: BeginDocumentForm) -> Document:
    name, size = form.cleaned_data["name"], form.cleaned_data["size"]
    return actions.begin_document(
        form.entry_for(case), name=name, size=size, by=request.member, at=timezone.now()
    )


@allowed(Permission.CARE_NOTE_WRITE)
@require_http_methods(["GET", "HEAD", "PATCH"])
def upload(request: MemberRequest, pk: UUID) -> HttpResponse:
    """How much of the document has come in, and the next piece of it."""
    own = Document.objects.visible_to(request.member).sent_by(request.member)
    return take_piece(request, DOCUMENTS, get_object_or_404(own, pk=pk))


@allowed(*READERS, Permission.REFERRAL_RECEIVE)
@require_safe
def download(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The document that was made anew."""
    ready = Document.objects.visible_to(request.member).ready()
    document = get_object_or_404(ready, pk=pk)
    try:
        opened = actions.open_document(document, by=request.member, at=timezone.now())
    except Document.DoesNotExist as nothing:
        raise Http404 from nothing
    return taken_along(opened)


@allowed(Permission.CARE_NOTE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take a document out of the case, with a reason."""
    found = Document.objects.visible_to(request.member).filter(status__in=WITHDRAWABLE)
    named = found.select_related("case", "created_by", "organisation")
    document = get_object_or_404(named, pk=pk)
    back = document.case.part_url("documents")
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.withdraw_document(
                document, **form.cleaned_data, by=request.member, at=timezone.now()
            ),
            said=_("The document is withdrawn."),
            back=back,
            form=form,
        )
        if done is not None:
            return done
    title = actions.read_title(document, by=request.member, at=timezone.now())
    context = {
        "case": document.case,
        "form": form,
        "title": _("Withdraw the document of %s") % date_format(document.dated_on, "DATE_FORMAT"),
        "about": [
            (_("Title"), title or "–"),
            (_("Kind"), str(document.get_category_display())),
            (
                _("Who added it"),
                f"{document.created_by}, {document.organisation}, {in_moments(document.created_at)}",
            ),
        ],
        "submit_label": _("Withdraw"),
        "cancel_url": back,
        "danger": True,
        "consequences": [
            _("The file and its title are destroyed. Nobody can bring them back."),
            _("The line stays: what kind it was, who added it, and who withdrew it."),
        ],
    }
    return render(request, "cases/deed.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.REFERRAL_RECEIVE)
@require_safe
def of_referral(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What went along with a referral, for who helps."""
    found = Referral.objects.visible_to(request.member).helped_with_documents(request.member)
    referral = get_object_or_404(found, pk=pk)
    listed = actions.list_gone_along(referral, by=request.member, at=timezone.now())
    return render(request, "documents/of_referral.html", {"referral": referral, "listed": listed})
