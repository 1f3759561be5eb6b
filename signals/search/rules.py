"""What may be searched for and kept, and how near a misspelled word must come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
#: Two words that sound the same are nearer than their letters say: halfway to being equal.
HEARD_FROM = 2 * ALIKE - 1


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


def near_ones(asked: str, told: Mapping[str, str]) -> dict[str, float]:
    """Of these words, each with its folded letters, those that are alike to the one asked for."""
    plain = fold(asked)
    heard = sound(plain)
    found = {}
    for word, letters in told.items():
        alike = jaro_winkler(plain, letters)
        # To listen costs more than to compare letters, and most words are nothing like it.
        if alike >= HEARD_FROM and heard == sound(letters):
            alike = (1 + alike) / 2
        if alike >= ALIKE:
            found[word] = alike
    return found
