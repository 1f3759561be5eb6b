"""Who and what a signal names, one row each, sealed; and keyed hashes by which signals meet."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import Exact, GreaterThan
from django.utils.translation import gettext_lazy as _

from referral.lib.ids import uuid7
from referral.organisations.models import User
from signals.models.signal import Sex, Signal
from signals.querysets import ItemKeyQuerySet, ItemQuerySet


class Absence(models.TextChoices):
    """Why an answer is not there. These are different facts (reden van ontbreken)."""

    UNKNOWN = "unknown", _("Not known")
    REFUSED = "refused", _("Did not want to say")
    NOT_ASKED = "not_asked", _("Not asked")
    NOT_APPLICABLE = "not_applicable", _("Does not apply")


class ItemKind(models.TextChoices):
    """What a signal can name more than once (soort gegeven)."""

    PERSON = "person", _("Person")
    PLACE = "place", _("Address")
    VEHICLE = "vehicle", _("Vehicle")
    PHONE = "phone", _("Telephone number")
    ACCOUNT = "account", _("Account")
    COMPANY = "company", _("Company")
    PERIOD = "period", _("Period")


class ItemRole(models.TextChoices):
    """What somebody or something has to do with it (rol); only persons and addresses have one."""

    VICTIM = "victim", _("Presumed victim")
    SUSPECT = "suspect", _("Suspect")
    WITNESS = "witness", _("Witness")
    WORKS = "works", _("Where they work")
    LIVES = "lives", _("Where they stay")
    MEETS = "meets", _("Where they are recruited or met")
    UNKNOWN = "unknown", _("Not clear yet")


class KeyKind(models.TextChoices):
    """What a search key was made of (soort zoeksleutel)."""

    PHONE = "phone", _("same telephone number")
    PLATE = "plate", _("same number plate")
    IBAN = "iban", _("same bank account")
    PROFILE = "profile", _("same account online")
    EMAIL = "email", _("same e-mail address")
    DOMAIN = "domain", _("same web domain")
    KVK = "kvk", _("same Chamber of Commerce number")
    ADDRESS = "address", _("same postcode and house number")
    NAME_AND_DATE = "name_date", _("same name and birth date")
    WORDS_AND_YEAR = "words_year", _("same names in any order, and birth year")
    SOUND = "sound", _("name that sounds the same")


class Item(models.Model):
    """One person, address, period, vehicle or the like of a signal (gegeven).

    What can be counted stands here in codes; the rest is sealed under the key of the signal. An
    item that an amendment took away stays, with the number of that amendment in `left_in`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="items")
    kind = models.CharField(max_length=8, choices=ItemKind)
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=8, choices=ItemRole, blank=True, default="")
    sex = models.CharField(max_length=8, choices=Sex, blank=True, default="")
    sealed = models.BinaryField()
    #: The amendment that brought or took it; 0 is the signal as it was sent.
    came_in = models.PositiveSmallIntegerField(default=0)
    left_in = models.PositiveSmallIntegerField(null=True, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[ItemQuerySet] = ItemQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="item_is_of_a_known_kind", condition=Q(kind__in=ItemKind.values)
            ),
            models.CheckConstraint(
                name="item_role_is_known", condition=Q(role__in=["", *ItemRole.values])
            ),
            models.CheckConstraint(
                name="only_a_person_has_a_sex",
                condition=Q(kind=ItemKind.PERSON, sex__in=Sex.values)
                | Q(~Q(kind=ItemKind.PERSON), sex=""),
            ),
            models.CheckConstraint(name="items_are_counted_from_one", condition=Q(position__gt=0)),
            models.CheckConstraint(
                name="item_leaves_after_it_came",
                condition=Q(left_in=None) | Q(left_in__gt=F("came_in")),
            ),
            # Nonce and tag alone are 28 bytes: anything shorter was never sealed.
            models.CheckConstraint(
                name="item_is_sealed", condition=GreaterThan(Length("sealed"), Value(28))
            ),
            models.UniqueConstraint(
                name="item_has_a_place_of_its_own",
                fields=["signal", "kind", "came_in", "position"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.position} of {self.signal_id}"

    @property
    def about(self) -> str:
        """What the sealed words say they are about; moved to another item they do not open."""
        return f"signals_item|{self.pk}|1"


class ItemKey(models.Model):
    """A keyed hash by which equal signals are found, and nobody is read (sleutel van een gegeven).

    The expert centre reads them all, others those of signals that they read. They go when the
    item leaves the signal.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="item_keys")
    item = models.ForeignKey(Item, models.PROTECT, related_name="keys")
    kind = models.CharField(max_length=12, choices=KeyKind)
    hmac = models.BinaryField()

    objects: ClassVar[ItemKeyQuerySet] = ItemKeyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="item_key_is_of_a_known_kind", condition=Q(kind__in=KeyKind.values)
            ),
            models.CheckConstraint(
                name="item_key_is_a_hash_of_32_bytes",
                condition=Exact(Length("hmac"), Value(32)),
            ),
            models.UniqueConstraint(
                name="item_key_stands_once_for_an_item", fields=["item", "hmac"]
            ),
        ]
        indexes = [models.Index(fields=["hmac"], name="signal_by_item_key")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.item_id}"
