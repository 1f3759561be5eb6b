"""Saying no to a draft, or to a move."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied

from referral.lib.refusals import Refused


class SignalRefused(Refused):
    """A draft that is no signal yet; `reasons` holds a sentence for each field."""

    def __init__(self, errors: Mapping[str, str], *, index: int = 0) -> None:
        super().__init__(" ".join(errors.values()))
        self.reasons, self.index = dict(errors), index


class MoveRefused(Refused, PermissionDenied):
    """The table does not know this move, or it is somebody else's to make."""


class SignalDestroyed(MoveRefused):
    """Its term is over, and what was reported is gone; number and codes are left."""
