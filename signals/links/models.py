"""That two signals belong together, that they do not, and that somebody was told they might."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from referral.lib.ids import uuid7
from referral.organisations.models import User
from signals.links.querysets import DismissalQuerySet, LinkQuerySet, TellingQuerySet
from signals.models import Signal


class LinkKind(models.TextChoices):
    """Why two signals belong together and yet stay two (soort verband)."""

    PERSON = "person", _("The same person")
    PLACE = "place", _("The same place")
    NETWORK = "network", _("The same network")
    SPLIT = "split", _("Split from one report")
    OTHER = "other", _("Another reason")


class Link(models.Model):
    """Two signals belong together and stay two (verband tussen signalen).

    A pair is written in one order, so that it stands once. A link that ends stays on record.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    first = models.ForeignKey(Signal, models.PROTECT, related_name="+")
    second = models.ForeignKey(Signal, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=LinkKind)
    #: The note, under the key of the first signal.
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[LinkQuerySet] = LinkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="link_is_of_a_known_kind", condition=Q(kind__in=LinkKind.values)
            ),
            models.CheckConstraint(
                name="signals_of_a_link_stand_in_order", condition=Q(first__lt=F("second"))
            ),
            # Nonce and tag alone are 28 bytes: anything shorter was never sealed.
            models.CheckConstraint(
                name="link_note_is_sealed", condition=GreaterThan(Length("sealed"), Value(28))
            ),
            models.CheckConstraint(
                name="link_that_ended_has_time_and_name",
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="two_signals_have_one_standing_link",
                fields=["first", "second"],
                condition=Q(ended_at=None),
            ),
        ]
        indexes = [models.Index(fields=["second"], name="link_by_second_signal")]

    def __str__(self) -> str:
        return f"{self.first_id} {self.kind} {self.second_id}"

    @property
    def about(self) -> str:
        """What the sealed note says it is about; in another row it does not open."""
        return f"links_link|{self.pk}|1"


class Dismissal(models.Model):
    """Somebody looked at two signals that share something: not the same (afgewezen suggestie).

    They are not suggested again, unless one of them names something new that they share.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    first = models.ForeignKey(Signal, models.PROTECT, related_name="+")
    second = models.ForeignKey(Signal, models.PROTECT, related_name="+")
    dismissed_at = models.DateTimeField()
    dismissed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[DismissalQuerySet] = DismissalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="signals_of_a_dismissal_stand_in_order", condition=Q(first__lt=F("second"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"


class Telling(models.Model):
    """Who has a signal was told, once, that another one seems to belong with it (attendering)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    first = models.ForeignKey(Signal, models.PROTECT, related_name="+")
    second = models.ForeignKey(Signal, models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[TellingQuerySet] = TellingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="signals_of_a_telling_stand_in_order", condition=Q(first__lt=F("second"))
            ),
            models.UniqueConstraint(
                name="handler_is_told_once_of_two_signals", fields=["first", "second"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"
