"""Drafts as they come about: typed by somebody, and kept."""

from django.utils import timezone

from referral.access.context import acting
from referral.lib.ids import uuid7
from referral.organisations.models import Membership
from signals.drafts.actions import hand_over_draft, save_draft
from signals.drafts.models import SavedDraft


def make_draft_of(member: Membership, *, handed_to: Membership | None = None) -> SavedDraft:
    """A draft of this member, with a few words in it; handed on when a colleague is given."""
    now, answers = timezone.now(), {"facts": ["A canary was seen."]}
    with acting(member, purpose="test"):
        draft = save_draft(uuid7(), answers, seen=0, form_version="a", by=member, at=now)
        if handed_to is not None:
            hand_over_draft(draft, to=handed_to, by=member, at=now)
    return draft
