"""Drafts: behind the page of a new signal, in the lists, and handed to a colleague."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import replace_url

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.forms import HouseForm, as_sent, label_of, words_of
from referral.access.requests import MemberRequest
from referral.lib.ids import uuid7
from referral.lib.typed import Typed, differences
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals.drafts import actions
from signals.drafts.forms import HandOverForm, Sending, draft_key
from signals.drafts.models import SavedDraft
from signals.drafts.rules import DraftRefused, DraftStale, form_version
from signals.forms import SignalForm
from signals.views.parts import Above


@dataclass(slots=True)
class KeptDraft:
    """The draft behind the page of a new signal (see signals.views.parts.Kept)."""

    member: Membership
    pk: UUID
    version: int = 0
    #: What this page sends, when it is sent.
    answers: Typed = field(default_factory=dict)
    draft: SavedDraft | None = None
    typed: QueryDict | None = None
    #: What was typed and no longer belongs to a question: its label and its values.
    dropped: list[tuple[str, str]] = field(default_factory=list)
    changed: bool = False

    def look_over(self, form: Form) -> None:
        """Take out what the form no longer asks, and what is no answer to it any more."""
        if not isinstance(form, HouseForm) or self.draft is None:
            return
        # Of the form as it begins: which rows follow depends on the answers.
        asked = SignalForm(member=self.member).fields
        self.changed = self.draft.form_version != form_version(asked)
        wrong = {
            name
            for name, errors in form.errors.as_data().items()
            if any(error.code == "invalid_choice" for error in errors)
        }
        typed = (
            as_sent(dict(form.data.lists())) if isinstance(form.data, QueryDict) else QueryDict()
        )
        for name in sorted(form.unasked() | wrong):
            self.dropped.append((label_of(form, name), words_of(form, name, typed.getlist(name))))
            typed.pop(name, None)
        form.data = typed
        form.show_unjudged()

    def sent(self) -> None:
        """The signal is sent: its draft ends with it."""
        actions.finish_draft(
            self.pk, self.answers, seen=self.version, by=self.member, at=timezone.now()
        )


def kept_draft(request: MemberRequest) -> KeptDraft:
    """The draft that this page goes on with, or the number of one that it may begin."""
    if request.method == "POST":
        sending = Sending.of(request.POST)
        return KeptDraft(request.member, sending.pk, sending.version, sending.answers)
    asked = request.GET.get("draft", "")
    if not asked:
        return KeptDraft(request.member, uuid7())
    mine = get_object_or_404(SavedDraft.objects.visible_to(request.member), pk=draft_key(asked))
    if mine.ended_at is not None:  # by the way back, after it was sent
        messages.info(request, _("That draft was sent or thrown away. This is a new signal."))
        return KeptDraft(request.member, uuid7())
    opened = actions.open_draft(mine, by=request.member, at=timezone.now())
    draft = opened.draft
    typed = as_sent(opened.answers)
    return KeptDraft(request.member, draft.pk, draft.version, draft=draft, typed=typed)


def drafts_above(member: Membership) -> Above:
    """One's own drafts, above the list of signals."""
    return Above("drafts/_home.html", actions.list_home_drafts(by=member))


@allowed(Permission.SIGNAL_SUBMIT)
@require_POST
def save(request: MemberRequest) -> HttpResponse:
    """Keep what was typed: by itself while somebody types (htmx), or by the button.

    Sent twice it is kept once, because the page says which draft and which version it goes on with.
    """
    sending, member, at = Sending.of(request.POST), request.member, timezone.now()
    version = form_version(SignalForm(member=member).fields)
    try:
        draft = actions.save_draft(
            sending.pk,
            sending.answers,
            seen=sending.version,
            form_version=version,
            by=member,
            at=at,
        )
    except SavedDraft.DoesNotExist as nothing:
        raise Http404 from nothing
    except DraftRefused as refused:
        if request.htmx:
            kept = KeptDraft(member, sending.pk, sending.version)
            return render(request, "drafts/_state.html", {"kept": kept, "refused": refused})
        if isinstance(refused, DraftStale):
            return _compare(request, sending)
        messages.error(request, str(refused))
        return redirect("signals:list")
    if request.htmx:
        kept = KeptDraft(member, draft.pk, draft.version, draft=draft)
        state = render(request, "drafts/_state.html", {"kept": kept})
        # Who leaves the page and comes back finds the draft, and not an empty form.
        return replace_url(state, draft.get_absolute_url())
    messages.success(request, _("Your draft has been saved. Only you can open it."))
    return redirect("signals:list")


def _compare(request: MemberRequest, sending: Sending) -> HttpResponse:
    """Both answers to each question that was answered differently; the reporter chooses."""
    draft = _open_or_404(request.member, sending.pk)
    saved = actions.open_draft(draft, by=request.member, at=timezone.now())
    form = SignalForm(member=request.member)
    rows = [
        (
            label_of(form, name),
            words_of(form, name, sending.answers.get(name, [])),
            words_of(form, name, saved.answers.get(name, [])),
        )
        for name in differences(sending.answers, saved.answers)
    ]
    context = {"rows": rows, "draft": saved.draft, "mine": list(sending.answers.items())}
    return render(request, "drafts/compare.html", context, status=422)


@allowed(Permission.SIGNAL_SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Give the draft to a colleague of the own organisation."""
    draft = _open_or_404(request.member, pk)
    form = HandOverForm(request.POST or None, member=request.member)
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.hand_over_draft(
                draft, to=form.colleague(), by=request.member, at=timezone.now()
            ),
            said=_("Your colleague has this draft now, and gets a notice."),
            back=reverse("signals:list"),
            form=form,
        )
        if done is not None:
            return done
    context = {"form": form, "draft": draft}
    return render(request, "drafts/hand_over.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.SIGNAL_SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Throw the draft away, after asking whether that is meant."""
    draft = _open_or_404(request.member, pk)
    if request.method != "POST":
        return render(request, "drafts/discard.html", {"draft": draft})
    return do_once(
        request,
        lambda: actions.discard_draft(draft, by=request.member, at=timezone.now()),
        said=_("You have thrown the draft away."),
        back=reverse("signals:list"),
    )


def _open_or_404(member: Membership, pk: UUID | None) -> SavedDraft:
    return get_object_or_404(SavedDraft.objects.visible_to(member).open(), pk=pk)
