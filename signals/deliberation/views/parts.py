"""What the page of a signal shows of deliberations; only the expert centre reads it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from signals.deliberation.actions import open_proposal
from signals.deliberation.models import FollowUp, Proposal
from signals.deliberation.querysets import inside
from signals.deliberation.rules import can_propose
from signals.deliberation.workflow import OPEN_PROPOSALS, FollowUpStatus
from signals.views.parts import Deed, Part, Reading


def deliberations(reading: Reading) -> Part | None:
    """What the meeting was asked about this signal, on which agenda it stands, what followed."""
    member, signal = reading.member, reading.signal
    if not inside(member):
        return None
    found = Proposal.objects.visible_to(member).filter(signal=signal).select_related("key")
    proposals = list(found.prefetch_related("items__meeting").order_by("-proposed_at"))
    follow_ups = FollowUp.objects.visible_to(member).filter(signal=signal)
    is_open = any(one.status in OPEN_PROPOSALS for one in proposals)
    deeds: tuple[Deed, ...] = ()
    if not is_open and can_propose(member, signal):
        url = reverse("signals:deliberation:propose", args=[signal.pk])
        deeds = (Deed(_("Propose for the deliberation"), url),)
    if not proposals and not deeds:
        return None
    data = {
        "proposals": [open_proposal(one) for one in proposals],
        "follow_ups": list(follow_ups.with_names().first_due()),
        "open": FollowUpStatus.OPEN,
    }
    return Part("deliberation", _("Deliberation"), "deliberation/_part.html", data, deeds)
