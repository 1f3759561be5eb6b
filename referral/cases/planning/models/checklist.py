from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from referral.cases.models import Case
from referral.cases.planning.models.codes import Mark, Phase, SkipReason
from referral.cases.planning.querysets import ChecklistItemQuerySet, ChecklistMarkQuerySet
from referral.lib.ids import uuid7
from referral.organisations.models import User


class ChecklistItem(models.Model):
    """One version of a line of the checklist (regel van de checklist), by phase of the care.

    A changed line is a new row of the same code, so that what was ticked stays ticked.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=24)
    phase = models.CharField(_("phase"), max_length=16, choices=Phase)
    position = models.PositiveSmallIntegerField()
    title_nl = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    source = models.CharField(_("source"), max_length=200)
    valid = DateRangeField()

    objects: ClassVar[ChecklistItemQuerySet] = ChecklistItemQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="checklist_line_stands_in_a_known_phase",
                condition=Q(phase__in=Phase.values),
            ),
            ExclusionConstraint(
                name="checklist_line_has_one_version_on_a_day",
                expressions=[
                    (F("code"), RangeOperators.EQUAL),
                    (F("valid"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.title_nl if (get_language() or "nl").startswith("nl") else self.title_en


class ChecklistMark(models.Model):
    """What a coordinator said of one line in one case (afgevinkte regel); the newest holds."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="marks", db_index=False)
    code = models.CharField(max_length=24)
    mark = models.CharField(max_length=16, choices=Mark)
    reason = models.CharField(max_length=16, choices=SkipReason, blank=True, default="")
    marked_on = models.DateField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[ChecklistMarkQuerySet] = ChecklistMarkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="checklist_mark_is_known", condition=Q(mark__in=Mark.values)
            ),
            models.CheckConstraint(
                name="checklist_line_is_skipped_with_a_reason",
                condition=Q(mark=Mark.NOT_APPLICABLE, reason__in=SkipReason.values)
                | Q(~Q(mark=Mark.NOT_APPLICABLE), reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "code", "-written_at"], name="checklist_mark_newest")
        ]

    def __str__(self) -> str:
        return self.code
