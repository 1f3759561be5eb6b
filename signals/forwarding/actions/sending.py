"""An extract is looked at, sent, recalled, opened by its receiver, and answered by a code."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.secrets import new_data_key, seal
from referral.audit.actions import record
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType
from signals.actions import level_book, open_signal
from signals.actions.triage import lock
from signals.enrichment.actions import open_enrichments
from signals.enrichment.workflow import PARTNER_ROLES
from signals.forwarding.actions.sections import (
    NAMING,
    SECTIONS,
    Document,
    Material,
    document_of,
    fingerprint,
)
from signals.forwarding.models import Extract
from signals.forwarding.rules import (
    Packing,
    check_forward,
    check_move_extract,
    check_packing,
    extract_due,
)
from signals.forwarding.workflow import ExtractStatus
from signals.models import Signal
from signals.rules import MoveRefused, SignalRefused, check_words
from signals.workflow import Feedback


@transaction.atomic
def preview_extract(signal: Signal, packing: Packing, *, by: Membership, at: datetime) -> Document:
    """Exactly what the receiver would read; nothing is sent."""
    [signal] = lock([signal], by=by)
    check_forward(by, signal)
    document = _compose(signal, packing, by=by, at=at)
    record("extract_previewed", by=by, at=at, on=signal)
    return document


@transaction.atomic
def send_extract(
    signal: Signal, packing: Packing, *, seen: str, by: Membership, at: datetime
) -> Extract:
    """Send what was looked at: `seen` is the fingerprint of the preview.

    Raises SignalRefused when the document would be another one by now, or when this receiver has
    an open extract of the signal already.
    """
    [signal] = lock([signal], by=by)
    check_forward(by, signal)
    document = _compose(signal, packing, by=by, at=at)
    if fingerprint(document) != seen:
        raise MoveRefused(_("Something has changed since you looked. Look again before you send."))
    there = Extract.objects.visible_to(by).open().filter(signal=signal, receiver=packing.receiver)
    if there.exists():
        raise SignalRefused({"receiver": _("This receiver has an extract of this signal already.")})

    key = new_data_key()
    sent = Extract(
        signal=signal,
        receiver=packing.receiver,
        basis=packing.basis,
        key=key,
        due_on=extract_due(at, levels=level_book(by=by).of(signal)),
        sent_at=at,
        sent_by=by.user,
    )
    sent.sealed = seal(asdict(document), key=key, about=about_extract(sent.pk))
    sent.save(force_insert=True)
    record("extract_sent", by=by, at=at, on=sent, legal_basis=packing.basis.code)
    tell_receiver(Kind.EXTRACT_SENT, sent, at=at)
    return sent


def _compose(signal: Signal, packing: Packing, *, by: Membership, at: datetime) -> Document:
    check_packing(packing, known=list(SECTIONS), naming=NAMING, on=timezone.localdate(at))
    purpose = check_words(
        packing.purpose, answer="purpose", empty=_("Write down what the receiver needs it for.")
    )
    findings = []
    if packing.findings:
        wanted = set(packing.findings)
        all_of_it = open_enrichments(signal, by=by, at=at)
        findings = [one for one in all_of_it if one.enrichment.pk in wanted and one.last.text]
        if len(findings) != len(wanted):
            raise SignalRefused({"findings": _("Choose findings from the list.")})
    material = Material(open_signal(signal, by=by, at=at), findings)
    return document_of(packing, material, purpose=purpose)


@transaction.atomic
def open_extract(extract: Extract, *, by: Membership, at: datetime) -> Extract:
    """The receiver opens it: who and when is the receipt. From now on it cannot be recalled."""
    extract = _lock(extract, by=by)
    check_move_extract(by, extract, ExtractStatus.OPENED)
    extract.status, extract.opened_at, extract.opened_by = ExtractStatus.OPENED, at, by.user
    extract.save(update_fields=["status", "opened_at", "opened_by"])
    record("extract_opened", by=by, at=at, on=extract)
    tell_sender(Kind.EXTRACT_OPENED, extract, at=at)
    return extract


@transaction.atomic
def recall_extract(extract: Extract, *, by: Membership, at: datetime) -> Extract:
    """Take it back before anyone has opened it. Of a recall and an opening at once, one is done."""
    lock([extract.signal], by=by)
    extract = _lock(extract, by=by)
    check_move_extract(by, extract, ExtractStatus.RECALLED)
    extract.status, extract.recalled_at, extract.recalled_by = ExtractStatus.RECALLED, at, by.user
    extract.save(update_fields=["status", "recalled_at", "recalled_by"])
    record("extract_recalled", by=by, at=at, on=extract)
    tell_receiver(Kind.EXTRACT_RECALLED, extract, at=at)
    return extract


@transaction.atomic
def give_feedback(extract: Extract, *, feedback: Feedback, by: Membership, at: datetime) -> Extract:
    """The receiver says what it did. The first who does is the feedback of the signal: the
    database writes it there (baken.extract_feeds_back), and the handler closes.
    """
    extract = _lock(extract, by=by)
    check_move_extract(by, extract, ExtractStatus.ANSWERED)
    extract.status, extract.feedback = ExtractStatus.ANSWERED, Feedback(feedback)
    extract.answered_at, extract.answered_by = at, by.user
    extract.save(update_fields=["status", "feedback", "answered_at", "answered_by"])
    record("extract_answered", by=by, at=at, on=extract)
    tell_sender(Kind.EXTRACT_ANSWERED, extract, at=at)
    return extract


def tell_receiver(kind: Kind, extract: Extract, *, at: datetime) -> None:
    """Those who answer for the receiving organisation hear of it."""
    role = PARTNER_ROLES[OrganisationType(extract.receiver.type)]
    post(kind, to=extract.receiver, role=role, on=extract, at=at)


def tell_sender(kind: Kind, extract: Extract, *, at: datetime) -> None:
    """Who sent it hears of it."""
    centre = Organisation.objects.of_type(OrganisationType.EMM).get()
    post(kind, to=centre, user=extract.sent_by, on=extract, at=at)


def _lock(extract: Extract, *, by: Membership) -> Extract:
    found = Extract.objects.visible_to(by).with_names().filter(pk=extract.pk)
    return found.select_for_update(of=["self"]).get()


def about_extract(pk: UUID) -> str:
    """What a sealed document says it is about; in another row it does not open."""
    return f"forwarding_extract|{pk}|1"
