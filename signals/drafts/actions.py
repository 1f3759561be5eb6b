"""The only writers of drafts: save, hand over, throw away, send, and wipe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from referral.access.secrets import new_data_key, seal, unseal
from referral.audit.actions import Line, record, record_many
from referral.lib.rows import update_rows
from referral.lib.typed import Typed
from referral.notices.actions import Letter, post, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from referral.organisations.permissions import MATRIX, Permission
from signals.actions import level_book
from signals.drafts.models import DraftContent, DraftHandover, SavedDraft
from signals.drafts.querysets import SavedDraftQuerySet
from signals.drafts.rules import NOTICE, DraftRefused, DraftStale, check_typed
from signals.drafts.workflow import Status
from signals.rules import drafts_late


@dataclass(frozen=True, slots=True)
class OpenedDraft:
    """A draft with what was typed so far."""

    draft: SavedDraft
    answers: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class HomeDrafts:
    """The drafts of a member, the last saved first; `kind` is empty where there are none."""

    kind: str
    drafts: Sequence[SavedDraft]


@transaction.atomic
def save_draft(
    pk: UUID, answers: Typed, *, seen: int, form_version: str, by: Membership, at: datetime
) -> SavedDraft:
    """Keep what was typed. `seen` is the version that the page showed, 0 for a new draft.

    The page makes up the number of a new draft, so saving it twice keeps it once. Raises
    DraftStale when the draft was saved elsewhere since, SavedDraft.DoesNotExist when it is
    somebody else's.
    """
    draft = _own(by).filter(pk=pk).first()
    if draft is None:
        return _begin(pk, answers, form_version=form_version, by=by, at=at)
    _check_open(draft)
    content = DraftContent.objects.visible_to(by).select_related("key").get(pk=draft.pk)
    if draft.version != seen:
        if _answers(content) == dict(answers):
            return draft  # the answer to the first sending was lost
        raise DraftStale
    check_typed(answers, there=0)
    content.sealed = _sealed(draft, answers, content)
    content.save(update_fields=["sealed"])
    draft.version, draft.form_version = draft.version + 1, form_version
    draft.saved_at, draft.saved_by = at, by.user
    draft.save(update_fields=["version", "form_version", "saved_at", "saved_by"])
    record("draft_saved", on=draft, by=by, at=at)
    return draft


def _begin(
    pk: UUID, answers: Typed, *, form_version: str, by: Membership, at: datetime
) -> SavedDraft:
    check_typed(answers, there=SavedDraft.objects.visible_to(by).open().count())
    draft = SavedDraft(
        pk=pk,
        organisation=by.organisation,
        holder=by.user,
        form_version=form_version,
        created_at=at,
        created_by=by.user,
        saved_at=at,
        saved_by=by.user,
    )
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError as taken:
        raise SavedDraft.DoesNotExist from taken
    content = DraftContent(draft=draft, key=new_data_key())
    content.sealed = _sealed(draft, answers, content)
    content.save(force_insert=True)
    record("draft_begun", on=draft, by=by, at=at)
    return draft


@transaction.atomic
def open_draft(draft: SavedDraft, *, by: Membership, at: datetime) -> OpenedDraft:
    """What was typed, for who holds the draft; the look is recorded."""
    content = DraftContent.objects.visible_to(by).select_related("key", "draft").get(pk=draft.pk)
    record("draft_opened", on=draft, by=by, at=at)
    return OpenedDraft(content.draft, _answers(content))


def list_drafts(*, by: Membership) -> list[SavedDraft]:
    """One's own drafts, without a word of what they hold."""
    return list(SavedDraft.objects.visible_to(by).open().last_saved_first())


def list_home_drafts(*, by: Membership) -> HomeDrafts:
    """What the home page shows of drafts."""
    drafts = list_drafts(by=by) if by.may(Permission.SIGNAL_SUBMIT) else []
    return HomeDrafts("drafts" if drafts else "", drafts)


@transaction.atomic
def hand_over_draft(
    draft: SavedDraft, *, to: Membership, by: Membership, at: datetime
) -> DraftHandover:
    """A colleague of the same organisation has the draft from now on, and hears of it."""
    draft = _own(by).get(pk=draft.pk)
    _check_open(draft)
    if to.organisation_id != by.organisation_id or not to.may(Permission.SIGNAL_SUBMIT):
        raise DraftRefused(_("This colleague does not send signals for your organisation."))
    if to.user_id == by.user_id:
        raise DraftRefused(_("You have this draft already."))
    record("draft_handed_over", on=draft, by=by, at=at)
    post(Kind.DRAFT_HANDED_OVER, to=by.organisation, user=to.user, on=draft, at=at)
    return DraftHandover.objects.create(draft=draft, to=to.user, handed_at=at, handed_by=by.user)


def colleagues(member: Membership, *, at: datetime) -> list[Membership]:
    """Who else sends signals for the member's organisation now, by name."""
    roles = [role for role, held in MATRIX.items() if Permission.SIGNAL_SUBMIT in held]
    there = (
        Membership.objects.with_names()
        .valid_at(at)
        .filter(organisation=member.organisation_id, role__in=roles, user__machine=False)
        .exclude(user=member.user_id)
    )
    return list(there.order_by("user__full_name", "pk"))


@transaction.atomic
def discard_draft(draft: SavedDraft, *, by: Membership, at: datetime) -> SavedDraft:
    """Throw the draft away, with what was typed."""
    draft = _own(by).get(pk=draft.pk)
    _check_open(draft)
    _end([draft], Status.DISCARDED, by=by, at=at)
    record("draft_discarded", on=draft, by=by, at=at)
    return draft


@transaction.atomic
def finish_draft(
    pk: UUID, answers: Typed, *, seen: int, by: Membership, at: datetime
) -> SavedDraft | None:
    """The signal is sent; its draft ends in the same transaction. None when there is no draft.

    Raises DraftStale when another window saved something else since, so that nothing is lost
    unseen. The same is no other: the page may be sent while it saves itself.
    """
    draft = _own(by).filter(pk=pk).exclude(status__in=(Status.DISCARDED, Status.WIPED)).first()
    if draft is None:
        return None
    _check_open(draft)
    content = DraftContent.objects.visible_to(by).select_related("key").get(pk=draft.pk)
    if draft.version != seen and _answers(content) != dict(answers):
        raise DraftStale
    _end([draft], Status.SENT, by=by, at=at)
    record("draft_sent", on=draft, by=by, at=at)
    return draft


@transaction.atomic
def announce_wiping(*, by: Membership, at: datetime) -> int:
    """Tell the holders of drafts that will be wiped soon, once; tell how many."""
    late = drafts_late(level_book(by=by), at=at + NOTICE)
    silent = SavedDraft.objects.visible_to(by).over_term(late).not_told()
    drafts = list(silent.select_for_update(of=["self"]).select_related("organisation", "holder"))
    post_many(
        [
            Letter(kind=Kind.DRAFT_EXPIRES, to=draft.organisation, user=draft.holder, on=draft)
            for draft in drafts
        ],
        at=at,
    )
    for draft in drafts:
        draft.told_at = at
    if drafts:
        update_rows(drafts, ["told_at"])
    return len(drafts)


@transaction.atomic
def wipe_drafts(*, by: Membership, at: datetime) -> int:
    """Wipe what was not touched for the term, and of which the holder was told in time.

    The term is that of the service levels in force when the draft was last saved.
    """
    silent = SavedDraft.objects.visible_to(by).over_term(drafts_late(level_book(by=by), at=at))
    drafts = list(silent.filter(told_at__lte=at - NOTICE).select_for_update())
    if drafts:
        _end(drafts, Status.WIPED, by=by, at=at)
        record_many([Line(action="draft_wiped", on=draft) for draft in drafts], by=by, at=at)
    return len(drafts)


def _end(drafts: list[SavedDraft], status: Status, *, by: Membership, at: datetime) -> None:
    """The database takes the content and its key away when a draft ends."""
    for draft in drafts:
        draft.status, draft.ended_at, draft.ended_by = status, at, by.user
    update_rows(drafts, ["status", "ended_at", "ended_by"])


def _own(by: Membership) -> SavedDraftQuerySet:
    return SavedDraft.objects.visible_to(by).select_for_update(of=["self"])


def _check_open(draft: SavedDraft) -> None:
    if draft.status != Status.OPEN:
        raise DraftRefused(
            _("This draft is no longer open: %s.") % str(draft.get_status_display()).lower()
        )


def _about(draft: SavedDraft) -> str:
    return f"drafts_draftcontent|{draft.pk}|1"


def _sealed(draft: SavedDraft, answers: Typed, content: DraftContent) -> bytes:
    return seal({"answers": dict(answers)}, key=content.key, about=_about(draft))


def _answers(content: DraftContent) -> dict[str, list[str]]:
    payload = unseal(bytes(content.sealed), key=content.key, about=_about(content.draft))
    answers = payload["answers"]
    return dict(answers) if isinstance(answers, dict) else {}
