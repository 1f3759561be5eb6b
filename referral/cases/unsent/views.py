"""Long forms of care keep what was typed: by themselves with htmx, and by a button without.

There is no page of this room. `keeps` stands around the page of a form, at its own address: what
was kept comes back when the form is opened (`referral.access.forms.typed_in`), on any device, and
goes in the transaction in which the form is sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property, wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.forms import KEEP, Resumed, label_of, sign_of, typed, words_of
from referral.cases.models import Case
from referral.cases.unsent import actions
from referral.cases.unsent.actions import Opened, Place
from referral.cases.unsent.models import Kind, UnsentForm
from referral.cases.unsent.rules import UnsentStale, check_answers
from referral.lib.refusals import Refused
from referral.lib.typed import differences
from referral.organisations.models import Membership

NUMBER = re.compile(r"[0-9]{1,9}")
#: What the button KEEP says.
LATER, DISCARD = "later", "discard"
#: Which case the address of a form is about.
CaseOf = Callable[[Membership, UUID], Case]
View = Callable[..., HttpResponseBase]


def case_at(member: Membership, pk: UUID) -> Case:
    """The address names the case itself."""
    return get_object_or_404(Case.objects.visible_to(member), pk=pk)


class KeptForm:
    """What is kept of the form on a page; its templates find it as `request.kept`."""

    def __init__(self, member: Membership, kind: Kind, about: UUID, case_of: CaseOf) -> None:
        self.member, self.kind, self.about, self.case_of = member, kind, about, case_of
        #: The form as it was kept last, once this page knows it.
        self.form: UnsentForm | None = None
        #: What this page sent and could not be kept, since another window was first.
        self.mine: dict[str, list[str]] | None = None
        self.theirs: dict[str, list[str]] = {}

    @cached_property
    def place(self) -> Place:
        case = self.case_of(self.member, self.about)
        return Place(case=case, kind=self.kind, about=self.about)

    @property
    def version(self) -> int:
        return self.form.version if self.form else 0

    def resumed(self) -> QueryDict | None:
        """What was typed before, for the form on the page; None for nothing."""
        if self.mine is not None:
            return Resumed.of(self.mine)
        opened = self._open()
        return Resumed.of(opened.answers) if opened else None

    def overtaken_by(self, answers: dict[str, list[str]]) -> None:
        """Another window was first: the page shows what was typed here, and what was kept."""
        opened = self._open()
        self.mine, self.theirs = answers, opened.answers if opened else {}

    def elsewhere(self, form: Form) -> list[tuple[str, str]]:
        """The questions that were answered differently in another window, as kept there."""
        names = differences(self.mine or {}, self.theirs) if self.mine is not None else []
        nothing = _("Nothing")
        return [
            (label_of(form, name), words_of(form, name, self.theirs.get(name, [])) or nothing)
            for name in names
            if name != "seen"
        ]

    def _open(self) -> Opened | None:
        opened = actions.open_form(self.place, by=self.member, at=timezone.now())
        self.form = opened.form if opened else None
        return opened


def keeps(kind: Kind, *, case_of: CaseOf = case_at) -> Callable[[View], View]:
    """Let the form at this address keep what is typed in it."""

    def decorate(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *args: Any, pk: UUID, **kwargs: Any) -> HttpResponseBase:
            member = getattr(request, "member", None)
            opens: tuple[Any, ...] = view.door  # type: ignore[attr-defined]
            if member is None or not any(map(member.may, opens)):
                return view(request, *args, pk=pk, **kwargs)
            kept = KeptForm(member, kind, pk, case_of)
            request.kept = kept  # type: ignore[attr-defined]
            if request.method != "POST":
                return view(request, *args, pk=pk, **kwargs)
            if request.POST.get(KEEP):
                answer = _answer(request, kept)
                if answer is not None:
                    return answer
                request.method = "GET"  # the page comes again, with both versions
                shown = view(request, *args, pk=pk, **kwargs)
                shown.status_code = 422
                return shown
            answers, seen = typed(request.POST), _seen(request)
            response = view(request, *args, pk=pk, **kwargs)
            if response.status_code == 302:  # the deed is done, and may have closed the case to us
                with suppress(Http404):
                    now = timezone.now()
                    actions.finish_form(kept.place, answers, seen=seen, by=member, at=now)
            return response

        return door

    return decorate


def _answer(request: HttpRequest, kept: KeptForm) -> HttpResponse | None:
    """Keep it or throw it away; None when the page must show two versions."""
    member, now = kept.member, timezone.now()
    if request.POST.get(KEEP) == DISCARD:
        actions.discard_form(kept.place, by=member, at=now)
        messages.success(request, _("Thrown away. The form begins anew."))
        return redirect(request.get_full_path())
    answers, refused = typed(request.POST), ""
    try:
        seen = _seen(request)
        as_shown = not seen and request.POST.get("untouched") == sign_of(answers)
        check_answers(answers, untouched=as_shown)
        kept.form = actions.keep_form(kept.place, answers, seen=seen, by=member, at=now)
    except UnsentStale as stale:
        if not _by_itself(request):
            kept.overtaken_by(answers)
            return None
        refused = str(stale)
    except Refused as refusal:
        refused = str(refusal)
    if _by_itself(request):
        context = {"kept": kept, "version": kept.version or _seen(request), "refused": refused}
        return render(request, "unsent/_state.html", context)
    if refused:
        messages.error(request, refused)
    else:
        messages.success(request, _("Kept. Only you can open it, in this form."))
    return redirect(kept.place.case)


def _by_itself(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def _seen(request: HttpRequest) -> int:
    said = request.POST.get("version", "")
    return int(said) if NUMBER.fullmatch(said) else 0
