"""The law of sharing as data: rules in order, each with its basis, its source and its words."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from referral.organisations.roles import OrganisationType
from referral.persons.models import AgeGroup
from referral.sharing.matrix.querysets import LegalRuleQuerySet
from referral.sharing.models import LegalBasis, Purpose


class Outcome(models.TextChoices):
    """What the law says of sharing (uitkomst)."""

    OBLIGED = "obliged", _("You must share")
    ALLOWED = "allowed", _("You may share")
    CONSENT = "consent", _("Only with consent")
    NOT_ALLOWED = "not_allowed", _("You may not share")


SIGNAL, STATISTICS = "signal", "statistics"
#: A registration that does not say who it is: under a reference of the reporter's own, or with
#: nothing but what is counted.
PSEUDONYMOUS, MINIMAL = "registration_coded", "registration_minimal"
#: What for. Beside what somebody can consent to stand the two that ask nobody: a signal to the
#: services, and figures.
AIMS: dict[str, str | Promise] = {
    SIGNAL: _("Reporting a suspicion of trafficking (signal)"),
    **dict(Purpose.choices),
    PSEUDONYMOUS: _("Registration with CoMensha under a reference, without a name"),
    MINIMAL: _("Registration with CoMensha of only what is counted"),
    STATISTICS: _("National figures"),
}
#: On what. Police data have a law of their own, outside the AVG.
BASES: dict[str, str | Promise] = {
    **dict(LegalBasis.choices),
    "police_act": _("Police Data Act (Wpg)"),
}


class LegalRule(models.Model):
    """One version of one rule of the matrix of legal bases (grondslagenmatrix).

    An empty list means: whoever, whatever. Of the rules in force the first that fits decides,
    by `place`; where none fits, nothing may be shared. A version is never written anew: it ends,
    and who wrote and ended it, the trail says.
    """

    code = models.CharField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"))
    place = models.PositiveSmallIntegerField(_("place in the order"))
    sharers = ArrayField(models.CharField(max_length=16), verbose_name=_("who shares"))
    aims = ArrayField(models.CharField(max_length=20), verbose_name=_("what for"))
    recipients = ArrayField(models.CharField(max_length=16), verbose_name=_("with whom"))
    ages = ArrayField(models.CharField(max_length=8), verbose_name=_("about whom"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    basis = models.CharField(_("legal basis"), max_length=24, blank=True, default="")
    citation = models.CharField(_("articles and source"), max_length=300)
    words_nl = models.CharField(_("explanation in Dutch"), max_length=400)
    words_en = models.CharField(_("explanation in English"), max_length=400)
    confirmed = models.BooleanField(_("a lawyer has confirmed it"), default=False)
    reason = models.CharField(_("reason"), max_length=200)
    valid = DateTimeRangeField()

    objects: ClassVar[LegalRuleQuerySet] = LegalRuleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("legal rule")
        verbose_name_plural = _("legal rules")
        constraints = [
            models.CheckConstraint(
                name="legal_rule_code_is_small_letters",
                condition=Q(code__regex=r"^[a-z][a-z0-9_]+$"),
            ),
            models.CheckConstraint(
                name="legal_rule_asks_what_is_known",
                condition=Q(
                    sharers__contained_by=OrganisationType.values,
                    recipients__contained_by=OrganisationType.values,
                    ages__contained_by=AgeGroup.values,
                ),
            ),
            models.CheckConstraint(
                name="legal_rule_has_a_basis_unless_nothing_is_shared",
                condition=Q(outcome=Outcome.NOT_ALLOWED, basis="")
                | Q(outcome=Outcome.CONSENT, basis=LegalBasis.CONSENT)
                | (
                    Q(outcome__in=[Outcome.OBLIGED, Outcome.ALLOWED])
                    & ~Q(basis__in=["", LegalBasis.CONSENT])
                ),
            ),
            models.CheckConstraint(
                name="legal_rule_has_a_source_words_and_a_reason",
                condition=Q(version__gt=0)
                & ~Q(citation="")
                & ~Q(words_nl="")
                & ~Q(words_en="")
                & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="legal_rule_holds_in_some_time", condition=Q(valid__isempty=False)
            ),
            models.UniqueConstraint(
                name="version_of_a_legal_rule_is_written_once", fields=["code", "version"]
            ),
            ExclusionConstraint(
                name="legal_rule_has_one_version_in_force",
                expressions=[
                    (F("code"), RangeOperators.EQUAL),
                    (F("valid"), RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="legal_rules_stand_in_an_order",
                expressions=[
                    (F("place"), RangeOperators.EQUAL),
                    (F("valid"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("matrix:rule", args=[self.code])

    @property
    def words(self) -> str:
        """The explanation in the language of who reads it."""
        return self.words_en if (get_language() or "").startswith("en") else self.words_nl

    @property
    def basis_label(self) -> str:
        return str(BASES.get(self.basis, ""))

    @property
    def in_force(self) -> bool:
        return self.valid.upper is None

    def fits(self, *, sharer: str, aim: str, recipient: str, age: str) -> bool:
        """Whether the rule speaks of this. Of a recipient who is not known yet, only a rule for
        every recipient does.
        """
        asked = (
            (self.sharers, sharer),
            (self.aims, aim),
            (self.recipients, recipient),
            (self.ages, age),
        )
        return all(not wanted or one in wanted for wanted, one in asked)

    def sharer_labels(self) -> list[str]:
        return [str(OrganisationType(code).label) for code in self.sharers]

    def recipient_labels(self) -> list[str]:
        return [str(OrganisationType(code).label) for code in self.recipients]

    def aim_labels(self) -> list[str]:
        return [str(AIMS.get(code, code)) for code in self.aims]

    def age_labels(self) -> list[str]:
        return [str(AgeGroup(code).label) for code in self.ages]
