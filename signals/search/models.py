"""The words of signals as keyed hashes, which of them are out of date, and kept searches."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from referral.access.models import DataKey
from referral.geography.models import Municipality
from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User
from referral.organisations.roles import OrganisationType, Role
from signals.models import Signal
from signals.search.querysets import SavedFilterQuerySet, SearchEntryQuerySet, StaleQuerySet


class SearchEntry(models.Model):
    """One signal as one side may find it (zoekregel): twice, for who reports and for the desk.

    `words` holds no word: each is a keyed hash at its place, and beside it the keyed hash of its
    sound. The other columns repeat what the policy asks, so that it needs no other table.
    """

    #: An index goes with what it points to; the database sees to it.
    signal = models.ForeignKey(Signal, models.DO_NOTHING, related_name="+", db_constraint=False)
    #: With the words that only the expert centre reads.
    desk = models.BooleanField()
    reporter_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reporter_type = models.CharField(max_length=16, choices=OrganisationType)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+"
    )
    words = SearchVectorField()

    objects: ClassVar[SearchEntryQuerySet] = SearchEntryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="signal_is_found_once_by_each_side", fields=["signal", "desk"]
            ),
        ]
        indexes = [
            GinIndex(fields=["words"], name="search_words_of_reporters", condition=Q(desk=False)),
            GinIndex(fields=["words"], name="search_words_of_the_desk", condition=Q(desk=True)),
        ]

    def __str__(self) -> str:
        return str(self.signal_id)


class StaleSignal(models.Model):
    """The words of a signal changed after it was indexed (verouderd).

    Written by triggers in the transaction of the change; a row that is there is work to do.
    """

    signal = models.ForeignKey(
        Signal, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )

    objects: ClassVar[StaleQuerySet] = StaleQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return str(self.signal_id)


class SavedFilter(models.Model):
    """A search that somebody keeps (bewaarde zoekopdracht).

    Name, words and filters are sealed: people search for names.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role)
    #: With colleagues of the organisation in the same role.
    shared = models.BooleanField()
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    #: The keyed hash of the name, whatever its capitals.
    name_key = models.BinaryField()
    created_at = models.DateTimeField()

    objects: ClassVar[SavedFilterQuerySet] = SavedFilterQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="saved_filter_is_kept_in_a_role", condition=Q(role__in=Role.values)
            ),
            models.UniqueConstraint(
                name="saved_filter_has_a_name_of_its_own",
                fields=["created_by", "organisation", "role", "name_key"],
            ),
        ]
        indexes = [models.Index(fields=["organisation", "role"], name="saved_filter_by_role")]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return f"{reverse('signals:search:search')}?saved={self.pk}"
