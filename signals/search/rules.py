"""What may be searched for and kept, and how near a misspelled word must come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from referral.lib.names import fold, sound
from referral.lib.refusals import Refused
from referral.lib.similarity import jaro_winkler
from referral.organisations.models import Membership
from signals.search.models import SavedFilter

LONGEST_WORDS = 200
LONGEST_NAME = 60
MOST_SAVED = 20
#: From here on two words are shown as alike. Chosen on misspelled Dutch words and names; see
#: tests/search/test_alike.py.
ALIKE = 0.86


class FilterRefused(Refused):
    """A search that cannot be kept; `reasons` holds a sentence for each field."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__(" ".join(reasons.values()))
        self.reasons = dict(reasons)


def check_name(name: str) -> str:
    """The name without spaces around it. Raises FilterRefused."""
    name = " ".join(name.split())
    if not name:
        raise FilterRefused({"name": _("Give the search a name.")})
    if len(name) > LONGEST_NAME:
        raise FilterRefused({"name": _("Use at most %s characters.") % LONGEST_NAME})
    return name


def check_room(member: Membership) -> None:
    if SavedFilter.objects.of(member).count() >= MOST_SAVED:
        raise FilterRefused(
            {"name": _("You keep %s searches already. Delete one first.") % MOST_SAVED}
        )


def check_own(member: Membership, kept: SavedFilter) -> None:
    """Colleagues use what is shared; who made it changes it."""
    if not owns(member, kept):
        raise PermissionDenied(_("Only who made this search changes it."))


def owns(member: Membership, kept: SavedFilter) -> bool:
    return (kept.created_by_id, kept.organisation_id, kept.role) == (
        member.user_id,
        member.organisation_id,
        member.role,
    )


@contextmanager
def names_differ() -> Iterator[None]:
    """Say it in words when the name is in use already."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "saved_filter_has_a_name_of_its_own" not in str(error):
            raise
        raise FilterRefused({"name": _("You have a search with this name already.")}) from error


def nearest(asked: str, told: Sequence[str]) -> tuple[float, str]:
    """How alike the best of these words is to the one asked for, and which it is."""
    plain = fold(asked)
    return max(((likeness(plain, fold(word)), word) for word in told), default=(0.0, ""))


def likeness(a: str, b: str) -> float:
    """By the letters; two words that sound the same are nearer than their letters say."""
    alike = jaro_winkler(a, b)
    return (1 + alike) / 2 if sound(a) == sound(b) else alike
