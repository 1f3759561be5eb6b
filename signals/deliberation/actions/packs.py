"""The papers of each participant: made by a worker, sealed, read by whose they are alone.

What a participant may see is chosen here and nowhere else: the papers are a copy, and open no
signal. Nothing of care can stand in them, because this side of the wall has none.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from referral.access.secrets import new_data_key, seal, unseal
from referral.audit.actions import record
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from signals.actions import OpenedSignal, open_signal
from signals.deliberation.actions.agenda import open_proposal
from signals.deliberation.actions.pdf import pdf_of
from signals.deliberation.models import AgendaItem, Meeting, Pack, PackContent, Participant
from signals.deliberation.workflow import PackStatus, Section
from signals.models import Signal
from signals.views.facts import facts
from signals.views.pages import words


@dataclass(frozen=True, slots=True)
class Point:
    """One signal of the agenda, with all that could be shown of it."""

    item: AgendaItem
    question: str
    opened: OpenedSignal


@dataclass(frozen=True, slots=True)
class OpenedPack:
    """The papers of one participant, unsealed: what stands in `points` is what they may see."""

    pack: Pack
    points: list[dict[str, Any]]


@transaction.atomic
def ordering_members(*, by: Membership) -> list[Membership]:
    """In whose name papers still have to be made; asked by the sweeper."""
    wanted = Pack.objects.visible_to(by).to_make().values("ordered_by")
    return list(Membership.objects.with_names().filter(pk__in=wanted).order_by("pk"))


@transaction.atomic
def make_packs(*, by: Membership, at: datetime) -> int:
    """Make all papers that this coordinator has ordered; tell how many.

    Papers that another worker makes just now are passed by.
    """
    ordered = Pack.objects.visible_to(by).to_make().filter(ordered_by=by)
    rows = ordered.select_for_update(of=["self"], skip_locked=True).select_related(
        "participant__meeting__chair__user", "participant__member__user",
        "participant__member__organisation",
    )  # fmt: skip
    packs = list(rows.order_by("participant__meeting", "pk"))
    points: dict[UUID, list[Point]] = {}
    for pack in packs:
        meeting = pack.participant.meeting
        if meeting.pk not in points:
            points[meeting.pk] = _points(meeting, by=by, at=at)
        _make(pack, points[meeting.pk], by=by, at=at)
    return len(packs)


def _points(meeting: Meeting, *, by: Membership, at: datetime) -> list[Point]:
    """Each signal of the agenda, opened in the coordinator's name."""
    items = AgendaItem.objects.visible_to(by).filter(meeting=meeting).in_order()
    signals = Signal.objects.visible_to(by).in_bulk([item.proposal.signal_id for item in items])
    return [
        Point(
            item,
            open_proposal(item.proposal).question,
            open_signal(signals[item.proposal.signal_id], by=by, at=at),
        )
        for item in items
    ]


def _make(pack: Pack, points: Sequence[Point], *, by: Membership, at: datetime) -> None:
    participant = pack.participant
    with override(participant.member.user.language):
        shown = [_shown(point, participant) for point in points]
        pdf = pdf_of(participant, shown, at=at)
    key = new_data_key()
    content = PackContent(pack=pack, key=key)
    content.sealed = seal({"points": shown}, key=key, about=about(pack.pk))
    content.pdf = seal({"pdf": b64encode(pdf).decode()}, key=key, about=about(pack.pk, "pdf"))
    PackContent.objects.bulk_create([content])
    pack.status = PackStatus.READY
    pack.save(update_fields=["status"])

    record("pack_made", by=by, at=at, on=pack)
    member = participant.member
    post(Kind.PACK_READY, to=member.organisation, user=member.user, on=pack, at=at)


def _shown(point: Point, participant: Participant) -> dict[str, Any]:
    """What this participant may see of one signal: of the own organisation's all."""
    signal = point.opened.signal
    own = signal.reporter_organisation_id == participant.member.organisation_id
    sections = Section.values if own else participant.sections
    return {
        "item": str(point.item.pk),
        "signal": str(signal.pk),
        "reference": signal.reference,
        "position": point.item.position,
        "urgent": point.item.proposal.urgent,
        "own": own,
        "sections": [_section(Section(section), point) for section in sections],
    }


def _section(section: Section, point: Point) -> dict[str, Any]:
    """The words of one section: facts by label, and texts."""
    opened = point.opened
    rows: list[tuple[str, str]] = []
    texts: list[str] = []
    match section:
        case Section.QUESTION:
            texts = [point.question]
        case Section.CODES:
            rows = [(label, value or _("Unknown")) for label, value in facts(opened.signal)]
        case Section.STORY:
            texts = [opened.facts]
            rows = [(name.replace("_", " "), words(said)) for name, said in opened.details.items()]
        case Section.INDICATORS:
            for added in opened.deepenings[:1]:  # the last revision holds
                rows = [(a.get_knowledge_display(), a.indicator.text) for a in added.answers]
                texts = [added.facts, added.interpretation]
    return {
        "title": str(section.label),
        "facts": rows,
        "texts": [text for text in texts if text],
    }


@transaction.atomic
def open_pack(pack: Pack, *, by: Membership, at: datetime) -> OpenedPack:
    """Read the own papers; the signals shown stand in the trail.

    Raises PackContent.DoesNotExist for everybody else, and when the meeting is over.
    """
    content = _content(pack, by=by)
    said = unseal(bytes(content.sealed), key=content.key, about=about(pack.pk))
    points: Any = said["points"]
    ids = [point["signal"] for point in points]
    record("pack_opened", by=by, at=at, on=content.pack, ids=ids)
    return OpenedPack(content.pack, points)


@transaction.atomic
def download_pack(pack: Pack, *, by: Membership, at: datetime) -> bytes:
    """The own papers as a PDF; the same rules."""
    content = _content(pack, by=by)
    said = unseal(bytes(content.pdf), key=content.key, about=about(pack.pk, "pdf"))
    record("pack_downloaded", by=by, at=at, on=content.pack)
    return b64decode(str(said["pdf"]))


def _content(pack: Pack, *, by: Membership) -> PackContent:
    found = PackContent.objects.visible_to(by).select_related(
        "key", "pack__participant__meeting__chair", "pack__participant__member__organisation",
        "pack__participant__member__user",
    )  # fmt: skip
    return found.get(pk=pack.pk)


def about(pk: UUID, part: str = "page") -> str:
    """What sealed papers say they are about; in another's name they do not open."""
    return f"deliberation_packcontent|{pk}|{part}|1"
