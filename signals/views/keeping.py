"""On the page of a signal: that it is held, or the way to hold it, for who decides on destruction."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.organisations.permissions import Permission
from signals.views.parts import Deed, Part, Reading


def keeping(reading: Reading) -> Part | None:
    """The holds and their pages are of the room of retention, above this one."""
    if not reading.member.may(Permission.SIGNAL_DESTROY):
        return None
    holds = reading.signal.holds.visible_to(reading.member)
    held = holds.running_on(timezone.localdate(reading.at)).with_names().first()
    deed = (
        Deed(_("To the signals that are held"), reverse("retention:destruction:lists"))
        if held
        else Deed(
            _("Hold this signal"), reverse("retention:destruction:hold", args=[reading.signal.pk])
        )
    )
    return Part("keeping", _("Keeping"), "signals/_keeping.html", {"held": held}, (deed,))
