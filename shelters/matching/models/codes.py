"""The code lists of matching."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Demand(models.TextChoices):
    """What a type of shelter asks of who comes (toelatingseis)."""

    ADULT = "adult", _("18 years or older")
    MINOR = "minor", _("younger than 18")
    NOT_DUTCH = "not_dutch", _("without Dutch nationality")
    REFLECTION = "reflection", _("in the reflection period")
    LAWFUL = "lawful", _("Dutch, or with lawful stay")
    LABOUR = "labour", _("victim of labour exploitation")
    MULTIPLE = "multiple", _("with problems in several areas of life")


class Nationality(models.TextChoices):
    """As far as a shelter must know it (nationaliteit)."""

    UNKNOWN = "unknown", _("Not known yet")
    DUTCH = "dutch", _("Dutch")
    EUROPEAN = "eu", _("Another country of the European Union")
    OTHER = "other", _("A country outside the European Union")


class Stay(models.TextChoices):
    """Where the residence of the person stands (verblijfsfase)."""

    UNKNOWN = "unknown", _("Not known yet")
    REFLECTION = "reflection", _("In the reflection period")
    LAWFUL = "lawful", _("Lawful stay, such as a permit as a victim")
    NONE = "none", _("No lawful stay")


class Answer(models.TextChoices):
    """Yes, no, or not known yet (antwoord)."""

    UNKNOWN = "unknown", _("Not known yet")
    YES = "yes", _("Yes")
    NO = "no", _("No")


class OverrideReason(models.TextChoices):
    """Why a place is taken in spite of a warning (reden van afwijking)."""

    AGREED = "agreed", _("The shelter knows, and agrees")
    NO_OTHER = "no_other", _("No other place, and it cannot wait")
    FOR_A_SHORT_TIME = "short", _("For a short time, until a better place is free")
    CHECKED = "checked", _("Looked into: the warning does not hold here")
    WISH = "wish", _("The person knows, and wants this place")
