"""That two signals belong together, that they do not, and that somebody was told they might."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from referral.lib.ids import uuid7
from referral.organisations.models import User
from signals.links.querysets import (
    DismissalQuerySet,
    LinkQuerySet,
    LinkWeightsQuerySet,
    NewKeysQuerySet,
    TellingQuerySet,
)
from signals.models import KeyKind, Signal
from signals.models.settings import Versioned

SURROUNDINGS, STRONG = "surroundings", "strong"
#: What each thing that two signals share may count for: nothing, or up to certainty. From
#: `strong` points on the handler is told, so that it is never nothing.
POINTS = {
    **dict.fromkeys((*KeyKind.values, SURROUNDINGS), (0, 100)),
    STRONG: (1, 100),
}


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


class NewKeys(models.Model):
    """A signal names something new, and nobody looked yet who else names it (nieuwe sleutels).

    Written by a trigger in the transaction of the keys; a row that is there is work to do.
    """

    signal = models.ForeignKey(
        Signal, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )

    objects: ClassVar[NewKeysQuerySet] = NewKeysQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return str(self.signal_id)


class LinkWeights(Versioned):
    """One version of how many points it counts that two signals share something (gewichten)."""

    LIMITS = POINTS

    name_date = models.PositiveSmallIntegerField(KeyKind.NAME_AND_DATE.label)
    plate = models.PositiveSmallIntegerField(KeyKind.PLATE.label)
    iban = models.PositiveSmallIntegerField(KeyKind.IBAN.label)
    phone = models.PositiveSmallIntegerField(KeyKind.PHONE.label)
    profile = models.PositiveSmallIntegerField(KeyKind.PROFILE.label)
    email = models.PositiveSmallIntegerField(KeyKind.EMAIL.label)
    words_year = models.PositiveSmallIntegerField(KeyKind.WORDS_AND_YEAR.label)
    address = models.PositiveSmallIntegerField(KeyKind.ADDRESS.label)
    kvk = models.PositiveSmallIntegerField(KeyKind.KVK.label)
    sound = models.PositiveSmallIntegerField(KeyKind.SOUND.label)
    domain = models.PositiveSmallIntegerField(KeyKind.DOMAIN.label)
    surroundings = models.PositiveSmallIntegerField(
        _("same municipality, kind of place, form and week")
    )
    strong = models.PositiveSmallIntegerField(_("Tell the handler from so many points on"))

    objects: ClassVar[LinkWeightsQuerySet] = LinkWeightsQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="weights_are_points_up_to_a_hundred",
                condition=Q(**{f"{name}__range": limits for name, limits in POINTS.items()}),
            ),
            models.CheckConstraint(
                name="weights_count_from_one_and_say_why",
                condition=Q(version__gt=0) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="weights_hold_in_some_time", condition=Q(valid__isempty=False)
            ),
            ExclusionConstraint(
                name="weights_have_one_version_in_force",
                expressions=[(F("valid"), RangeOperators.OVERLAPS)],
            ),
        ]
