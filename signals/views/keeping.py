"""On the page of a signal: the way to the form that holds it, for who decides on destruction."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from referral.organisations.permissions import Permission
from signals.views.parts import Deed, Part, Reading


def keeping(reading: Reading) -> Part | None:
    """The form itself is of the room of retention, above this one."""
    if not reading.member.may(Permission.SIGNAL_DESTROY):
        return None
    url = reverse("retention:destruction:hold", args=[reading.signal.pk])
    return Part(
        "keeping",
        _("Keeping"),
        "signals/_keeping.html",
        deeds=(Deed(_("Hold this signal"), url),),
    )
