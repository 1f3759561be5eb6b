"""Presumed victims: what may be seen of them in lists, and apart from it who they are.

A person's row says nothing that singles out; names, dates and numbers are sealed in `Identity`
and found through `IdentityKey`; `PersonGrant` says which organisation may see whom, and when.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import Exact, GreaterThan
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.access.models import DataKey
from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User
from referral.persons.querysets import (
    IdentityKeyQuerySet,
    IdentityQuerySet,
    PersonGrantQuerySet,
    PersonQuerySet,
)


class Sex(models.TextChoices):
    """As the person's documents say, or as the person says (geslacht)."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    X = "x", _("X")
    UNKNOWN = "unknown", _("Unknown")


class AgeGroup(models.TextChoices):
    """The bands of the national registration (leeftijdsgroep)."""

    UNDER_12 = "0-11", _("0 to 11 years")
    FROM_12 = "12-14", _("12 to 14 years")
    FROM_15 = "15-17", _("15 to 17 years")
    FROM_18 = "18-22", _("18 to 22 years")
    FROM_23 = "23-29", _("23 to 29 years")
    FROM_30 = "30-39", _("30 to 39 years")
    FROM_40 = "40-49", _("40 to 49 years")
    FROM_50 = "50-64", _("50 to 64 years")
    FROM_65 = "65+", _("65 years or older")
    UNKNOWN = "unknown", _("Unknown")


#: The first year of age of each band, and the bands below 18.
BAND_STARTS = {
    band: int(band.value.split("-")[0].rstrip("+")) for band in AgeGroup if band != AgeGroup.UNKNOWN
}
MINORS = [band.value for band, start in BAND_STARTS.items() if start < 18]
ADULTS = [band.value for band, start in BAND_STARTS.items() if start >= 18]


class Precision(models.TextChoices):
    """How well a birth date is known (nauwkeurigheid)."""

    EXACT = "exact", _("Exact day")
    MONTH = "month", _("Month and year")
    YEAR = "year", _("Year only")
    ESTIMATED = "estimated", _("Estimated year")


class Absence(models.TextChoices):
    """Why an answer is not there. These are different facts (reden van ontbreken)."""

    UNKNOWN = "unknown", _("Not known")
    REFUSED = "refused", _("Did not want to say")
    NOT_ASKED = "not_asked", _("Not asked yet")


class KeyKind(models.TextChoices):
    """What a search key was made of."""

    NAME_AND_DATE = "name_date", _("same name and birth date")
    WORDS_AND_DATE = "words_date", _("same names in another order, and birth date")
    WORD_AND_DATE = "word_date", _("a name that sounds the same, and birth date")
    INITIAL_AND_DATE = "initial_date", _("an initial and birth date")
    SOUNDS_AND_YEAR = "sounds_year", _("names that sound the same, and birth year")
    SOUNDS_AND_DAY = "sounds_day", _("names that sound the same, and birthday in another year")
    WORD_AND_YEAR = "word_year", _("a name that sounds the same, an initial and birth year")
    SOUNDS_UNDATED = "sounds_undated", _("names that sound the same, no birth date")
    SOUNDS = "sounds", _("names that sound the same")
    WORD_AND_SOUND = "word_sound", _("a name that sounds the same, and how another one begins")
    PHONE = "phone", _("same telephone number")
    V_NUMBER = "v_number", _("same V-number")
    BSN = "bsn", _("same citizen service number")


class Level(models.TextChoices):
    """How far a grant goes (niveau)."""

    VIEW = "view", _("view")
    WORK = "work", _("work")


class GrantBasis(models.TextChoices):
    """What a grant follows from (grondslag van inzage)."""

    REGISTRATION = "registration", _("own registration")
    CASE = "case", _("case")
    PLACEMENT = "placement", _("placement")


class Person(models.Model):
    """A presumed victim (vermoedelijk slachtoffer), without anything that names them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    sex = models.CharField(_("sex"), max_length=8, choices=Sex)
    age_group = models.CharField(_("age group"), max_length=8, choices=AgeGroup)
    is_minor = models.BooleanField(_("under 18"), null=True)
    #: Whether anything is kept that says who it is. Of somebody who is only counted, nothing is:
    #: the trigger `person_without_a_name_has_nothing_that_names` refuses it.
    named = models.BooleanField(_("known by name"), default=True)
    # Erasing a person is deleting this key.
    key = models.OneToOneField(
        DataKey, models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[PersonQuerySet] = PersonQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("presumed victim")
        verbose_name_plural = _("presumed victims")
        constraints = [
            models.CheckConstraint(
                name="person_reference_is_per_year_and_number",
                condition=Q(reference__regex=r"^PER-\d{4}-\d{6,}$"),
            ),
            models.CheckConstraint(name="person_sex_is_known", condition=Q(sex__in=Sex.values)),
            models.CheckConstraint(
                name="person_age_group_is_known", condition=Q(age_group__in=AgeGroup.values)
            ),
            models.CheckConstraint(
                name="person_under_18_is_a_minor_and_no_other_is",
                condition=Q(age_group__in=MINORS, is_minor=True)
                | Q(age_group__in=ADULTS, is_minor=False)
                | Q(age_group=AgeGroup.UNKNOWN),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("persons:person", args=[self.pk])

    @property
    def is_nameless(self) -> bool:
        return not self.named


class Identity(models.Model):
    """Who the person is, sealed: names, birth date, numbers, nationalities (identiteit)."""

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="identity")
    sealed = models.BinaryField()
    shape = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[IdentityQuerySet] = IdentityQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = [
            # Nonce and tag alone are 28 bytes: anything shorter was never sealed.
            models.CheckConstraint(
                name="identity_is_sealed",
                condition=GreaterThan(Length("sealed"), Value(28)),
            ),
        ]

    def __str__(self) -> str:
        return f"identity of {self.person_id}"

    @property
    def about(self) -> str:
        return f"persons_identity|{self.person_id}|{self.shape}"


class IdentityKey(models.Model):
    """A keyed hash by which a person is found and nobody is read (zoeksleutel)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="search_keys")
    kind = models.CharField(max_length=16, choices=KeyKind)
    hmac = models.BinaryField()

    objects: ClassVar[IdentityKeyQuerySet] = IdentityKeyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="search_key_kind_is_known", condition=Q(kind__in=KeyKind.values)
            ),
            models.CheckConstraint(
                name="search_key_is_a_hash_of_32_bytes",
                condition=Exact(Length("hmac"), Value(32)),
            ),
            models.UniqueConstraint(
                fields=["person", "hmac"], name="search_key_stands_once_for_a_person"
            ),
        ]
        indexes = [
            # Whom a key names and what it promises stand in the index: the table is not read.
            models.Index(fields=["hmac"], include=["person", "kind"], name="person_by_search_key")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class PersonGrant(models.Model):
    """An organisation may see a person, for a time and a reason (inzagerecht).

    Never deleted, only ended: "who could see this person on that day" stays answerable.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="grants")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    level = models.CharField(max_length=8, choices=Level)
    basis = models.CharField(max_length=16, choices=GrantBasis)
    source = models.UUIDField()
    valid = DateTimeRangeField()
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=120)

    objects: ClassVar[PersonGrantQuerySet] = PersonGrantQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="person_grant_level_is_known", condition=Q(level__in=Level.values)
            ),
            models.CheckConstraint(
                name="person_grant_basis_is_known", condition=Q(basis__in=GrantBasis.values)
            ),
            models.CheckConstraint(
                name="person_grant_has_a_beginning",
                condition=Q(valid__lower_inf=False),
            ),
            ExclusionConstraint(
                name="person_grant_is_not_given_twice_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("basis", RangeOperators.EQUAL),
                    ("source", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "person"], name="person_grants_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.level} of {self.person_id} by {self.organisation_id}"
