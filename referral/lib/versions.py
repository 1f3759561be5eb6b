"""Two who change the same: who would save over what they did not see is shown both versions.

A page sends along by a sign which version it showed (`mark_of`); the deed compares it, while it
holds the row still, with what stands then (`check_seen`), and the page that was overtaken shows
beside what was typed what stands now (`referral.access.forms.SeenForm`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.forms import BaseForm
from django.utils.translation import gettext as _

from referral.lib.refusals import Refused


class StaleRefused(Refused):
    """Somebody kept a newer version after the page was opened; both are shown beside each other."""

    def show_in(self, form: BaseForm) -> None:
        super().show_in(form)
        form.overtaken = True  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Version:
    """What stands now, in words, for who was writing at the same time."""

    #: By which the next sending says that it has seen this one.
    seen: str
    #: Each question with its answer.
    lines: Sequence[tuple[str, str]]
    by: str = ""
    at: datetime | None = None


def mark_of(*facts: object) -> str:
    """A sign that is another as soon as one of these facts is; it tells none of them."""
    return hashlib.sha256("\n".join(map(repr, facts)).encode()).hexdigest()[:16]


def check_seen(now: str, seen: str | None) -> None:
    """`now` is the sign of what stands, empty for nothing; `seen` that of what the page showed.

    None asks nothing: a deed that began from no page. Raises StaleRefused.
    """
    if seen is not None and seen != now:
        raise StaleRefused(
            _("A colleague kept another version after you opened this page. Compare both.")
        )
