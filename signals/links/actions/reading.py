"""Looking at links, and what a reporter hears of own signals that name the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from referral.access.secrets import unseal
from referral.audit.actions import record
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals.actions.triage import keys_of
from signals.links.actions.suggesting import suggestions_of, weights_at
from signals.links.models import Link
from signals.links.rules import Suggestion
from signals.models import Signal


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A link as seen from one of its signals; the note is for the expert centre."""

    link: Link
    other: Signal
    note: str = ""


@transaction.atomic(savepoint=False)
def open_links(signal: Signal, *, by: Membership, at: datetime) -> list[OpenedLink]:
    """The links of a signal that this member may see, those that ended too."""
    links = list(Link.objects.visible_to(by).about(signal).with_signals().in_order())
    inside = by.may(Permission.SIGNAL_JUDGE)
    keys = keys_of([link.first for link in links], by=by) if links and inside else {}
    if links:
        record("signal_links_opened", by=by, at=at, on=signal, ids=[link.pk for link in links])
    return [
        OpenedLink(
            link,
            other=link.second if link.first_id == signal.pk else link.first,
            note=str(unseal(bytes(link.sealed), key=keys[link.first_id], about=link.about)["note"])
            if inside
            else "",
        )
        for link in links
    ]


@transaction.atomic(savepoint=False)
def list_known_hits(signal: Signal, *, by: Membership, at: datetime) -> list[Suggestion]:
    """After sending: signals that name the same, of those that the reporter may read anyway.

    Nothing else is looked at, so that nothing can be told from what is not shown.
    """
    found = suggestions_of(signal, weights=weights_at(at, by=by), by=by, surroundings=False)
    if found:
        shown = [suggestion.signal.pk for suggestion in found]
        record("signal_suggestions_shown", by=by, at=at, on=signal, ids=shown)
    return found
