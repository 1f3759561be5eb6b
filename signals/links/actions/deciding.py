"""A person decides about two signals: they belong together, they no longer do, or never did."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from referral.access.secrets import seal
from referral.audit.actions import record
from referral.organisations.models import Membership
from signals.actions.triage import keys_of, lock
from signals.links.models import Dismissal, Link, LinkKind
from signals.links.querysets import pair_of
from signals.links.rules import check_dismiss, check_end, check_link, check_linker
from signals.models import Signal
from signals.rules import SignalRefused


@transaction.atomic
def link_signals(
    signal: Signal, *, other: Signal, kind: LinkKind, note: str, by: Membership, at: datetime
) -> Link:
    """Two signals belong together and stay two. Raises SignalRefused for one with itself, and
    when the two have a link that stands.
    """
    check_linker(by)
    note = check_link(signal, other, kind, note)
    first, second = sorted(lock([signal, other], by=by), key=lambda one: one.pk)
    if Link.objects.visible_to(by).standing().between(first.pk, second.pk).exists():
        raise SignalRefused({"other": _("These two are linked already.")})

    link = Link(first=first, second=second, kind=kind, made_at=at, made_by=by.user)
    link.sealed = seal({"note": note}, key=keys_of([first], by=by)[first.pk], about=link.about)
    link.save(force_insert=True)
    record("signals_linked", by=by, at=at, on=signal, ids=[other.pk])
    return link


@transaction.atomic
def end_link(link: Link, *, by: Membership, at: datetime) -> Link:
    """They do not belong together after all; that they were linked stays on record."""
    check_linker(by)
    found = Link.objects.visible_to(by).with_signals().filter(pk=link.pk)
    link = found.select_for_update(of=["self"]).get()
    check_end(link)

    link.ended_at, link.ended_by = at, by.user
    link.save(update_fields=["ended_at", "ended_by"])
    record("signals_unlinked", by=by, at=at, on=link.first, ids=[link.second_id])
    return link


@transaction.atomic
def dismiss_suggestion(signal: Signal, *, other: Signal, by: Membership, at: datetime) -> Dismissal:
    """What they share is chance. They are suggested again only when they share something new."""
    check_linker(by)
    check_dismiss(signal, other)
    lock([signal, other], by=by)
    first, second = pair_of(signal.pk, other.pk)
    dismissal = Dismissal(first_id=first, second_id=second, dismissed_at=at, dismissed_by=by.user)
    dismissal.save(force_insert=True)
    record("signal_suggestion_dismissed", by=by, at=at, on=signal, ids=[other.pk])
    return dismissal
