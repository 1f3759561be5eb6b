"""The library of indicators, and what a reporter answers to it when a signal is deepened."""

from __future__ import annotations

import re
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from referral.lib.ids import uuid7
from referral.organisations.models import User
from signals.models.signal import Exploitation, Signal
from signals.querysets import AnswerQuerySet, DeepeningQuerySet, IndicatorQuerySet

#: The code and the version of an indicator, as forms call it.
NAME = re.compile(r"[A-Z]\d\d-\d{1,3}")


class Chapter(models.TextChoices):
    """A part of the library, by form of exploitation (hoofdstuk)."""

    GENERAL = "general", _("General")
    SEXUAL = "sexual", _("Sexual exploitation")
    LABOUR = "labour", _("Labour exploitation")
    CRIMINAL = "criminal", _("Forced to commit crimes")
    BEGGING = "begging", _("Forced services and begging")
    ORGAN_REMOVAL = "organ_removal", _("Forced organ removal")
    DOMESTIC = "domestic", _("Forced housework")
    MARRIAGE = "marriage", _("Forced marriage, surrogacy and illegal adoption")
    CHILDREN = "children", _("Children")


#: What belongs to every signal, and what to each form of exploitation that it names.
ALWAYS = (Chapter.GENERAL, Chapter.CHILDREN)
CHAPTERS_OF: dict[str, tuple[Chapter, ...]] = {
    Exploitation.SEXUAL: (Chapter.SEXUAL,),
    Exploitation.LABOUR: (Chapter.LABOUR,),
    Exploitation.CRIMINAL: (Chapter.CRIMINAL,),
    Exploitation.SERVICES: (Chapter.BEGGING, Chapter.DOMESTIC),
    Exploitation.BEGGING: (Chapter.BEGGING,),
    Exploitation.ORGAN_REMOVAL: (Chapter.ORGAN_REMOVAL,),
    Exploitation.FORCED_MARRIAGE: (Chapter.MARRIAGE,),
    Exploitation.SURROGACY: (Chapter.MARRIAGE,),
    Exploitation.ILLEGAL_ADOPTION: (Chapter.MARRIAGE,),
    Exploitation.UNKNOWN: tuple(Chapter),
}


class Dimension(models.TextChoices):
    """What an indicator looks at (dimensie)."""

    PERSON = "person", _("Person")
    LIVING = "living", _("Living")
    WORK = "work", _("Work")
    CONTROL = "control", _("Control and means of force")
    ONLINE = "online", _("Online")
    LOCATION = "location", _("Place and files")


class Strength(models.TextChoices):
    """How much an indicator says by itself (zwaarte)."""

    URGENT = "urgent", _("Urgent")
    STRONG = "strong", _("Strong")
    SUPPORTING = "supporting", _("Supporting")
    CONTRA = "contra", _("Speaks against")


class Ages(models.TextChoices):
    """Whom an indicator is about (leeftijd)."""

    BOTH = "both", _("Adults and minors")
    ADULTS = "adults", _("Adults")
    MINORS = "minors", _("Minors")


class TargetGroup(models.TextChoices):
    """Who can come to know an indicator (doelgroep)."""

    POLICE = "police", _("Police and Marechaussee")
    LABOUR = "labour", _("Labour inspectors")
    MUNICIPALITY = "municipality", _("Municipalities")
    CARE = "care", _("Care and other organisations")
    CITIZEN = "citizen", _("Everyone")


class Knowledge(models.TextChoices):
    """From where somebody knows it, or that it was looked for and not seen (bron van kennis)."""

    SEEN = "seen", _("Seen")
    TOLD_BY_PERSON = "told_by_person", _("Told by the person")
    TOLD_BY_OTHERS = "told_by_others", _("Told by others")
    FILE = "file", _("From a file")
    NOT_SEEN = "not_seen", _("Looked for, not seen")


class Indicator(models.Model):
    """One version of one sign that may point to trafficking (indicator).

    Public. An answer points to the version that was shown; a changed text is a new version.
    """

    code = models.CharField(_("code"), max_length=3)
    version = models.PositiveSmallIntegerField(_("version"))
    chapter = models.CharField(max_length=16, choices=Chapter)
    dimension = models.CharField(max_length=8, choices=Dimension)
    strength = models.CharField(max_length=10, choices=Strength)
    ages = models.CharField(max_length=6, choices=Ages)
    target_groups = ArrayField(models.CharField(max_length=12, choices=TargetGroup))
    #: The numbers of the eleven indicators of forced labour of the ILO.
    ilo = ArrayField(models.PositiveSmallIntegerField())
    #: A journey or an operation is ahead: time runs out.
    departs = models.BooleanField()
    text_nl = models.CharField(max_length=120)
    text_en = models.CharField(max_length=120)
    source = models.CharField(max_length=120)
    valid = DateRangeField()

    objects: ClassVar[IndicatorQuerySet] = IndicatorQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="indicator_code_is_a_letter_and_two_digits",
                condition=Q(code__regex=r"^[A-K]\d\d$"),
            ),
            models.CheckConstraint(
                name="indicator_is_described_in_known_words",
                condition=Q(
                    chapter__in=Chapter.values,
                    dimension__in=Dimension.values,
                    strength__in=Strength.values,
                    ages__in=Ages.values,
                ),
            ),
            models.CheckConstraint(
                name="indicator_is_for_somebody",
                condition=Q(
                    target_groups__len__gt=0, target_groups__contained_by=TargetGroup.values
                ),
            ),
            models.CheckConstraint(
                name="indicator_names_ilo_numbers_1_to_11",
                condition=Q(ilo__contained_by=list(range(1, 12))),
            ),
            models.CheckConstraint(
                name="indicator_is_written_in_both_languages_with_its_source",
                condition=~Q(text_nl="") & ~Q(text_en="") & ~Q(source=""),
            ),
            models.CheckConstraint(
                name="indicator_holds_since_a_day",
                condition=Q(valid__isempty=False, valid__lower_inf=False),
            ),
            models.UniqueConstraint(
                name="version_of_an_indicator_is_written_once", fields=["code", "version"]
            ),
            ExclusionConstraint(
                name="indicator_has_one_version_at_a_time",
                expressions=[
                    (F("code"), RangeOperators.EQUAL),
                    (F("valid"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The words in the language of the reader."""
        return self.text_nl if (get_language() or "").startswith("nl") else self.text_en

    @property
    def group_labels(self) -> list[str]:
        """Who can come to know it; whoever is among everyone is not named again."""
        if TargetGroup.CITIZEN in self.target_groups:
            return [str(TargetGroup.CITIZEN.label)]
        return [str(TargetGroup(group).label) for group in self.target_groups]

    @staticmethod
    def is_name(text: str) -> bool:
        """Whether this could be the name of a version, of whatever signal."""
        return bool(NAME.fullmatch(text))

    @property
    def name(self) -> str:
        """Code and version, as forms call it."""
        return f"{self.code}-{self.version}"


class Deepening(models.Model):
    """What a reporter knows more of a signal, as one revision of the whole (verdieping).

    The last revision holds; the ones before it stay, with who wrote them and when. Facts and
    interpretation are sealed under the signal's own key.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="deepenings")
    number = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[DeepeningQuerySet] = DeepeningQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="revision_of_a_signal_counts_from_one", condition=Q(number__gt=0)
            ),
            models.UniqueConstraint(
                name="revision_of_a_signal_is_written_once", fields=["signal", "number"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signal_id} {self.number}"


class DeepeningAnswer(models.Model):
    """One indicator in one revision, and from where it is known (antwoord op een indicator)."""

    deepening = models.ForeignKey(Deepening, models.PROTECT, related_name="answers")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    knowledge = models.CharField(max_length=16, choices=Knowledge)

    objects: ClassVar[AnswerQuerySet] = AnswerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="answer_says_from_where_it_is_known",
                condition=Q(knowledge__in=Knowledge.values),
            ),
            models.UniqueConstraint(
                name="indicator_is_answered_once_in_a_revision", fields=["deepening", "indicator"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.knowledge}"
