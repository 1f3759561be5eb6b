"""The rules: versions, each an ordered list, and what a draft would do."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from referral.lib.ids import uuid7
from referral.organisations.models import Membership, Organisation, User
from signals.routing.querysets import DryRunQuerySet, RuleQuerySet, RuleSetQuerySet
from signals.routing.workflow import Goal, RunStatus, SetStatus


class RuleSet(models.Model):
    """A version of the rules by which signals are routed (regelset).

    Only a draft is edited, by signals.routing.actions; what was once in use stays as it was,
    because the decisions on signals point at it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=8, choices=SetStatus, default=SetStatus.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    activated_at = models.DateTimeField(null=True, blank=True)
    activated_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[RuleSetQuerySet] = RuleSetQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rule_set_status_is_known", condition=Q(status__in=SetStatus.values)
            ),
            models.UniqueConstraint(name="rule_set_version_is_used_once", fields=["version"]),
            models.UniqueConstraint(
                name="one_rule_set_is_in_use_at_a_time",
                fields=["status"],
                condition=Q(status=SetStatus.ACTIVE),
            ),
            models.UniqueConstraint(
                name="there_is_one_draft_of_the_rules_at_a_time",
                fields=["status"],
                condition=Q(status=SetStatus.DRAFT),
            ),
            models.CheckConstraint(
                name="rule_set_in_use_has_time_and_name",
                condition=Q(status=SetStatus.DRAFT, activated_at=None, activated_by=None)
                | Q(
                    ~Q(status=SetStatus.DRAFT),
                    activated_at__isnull=False,
                    activated_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="rule_set_retired_has_time_and_name",
                condition=Q(~Q(status=SetStatus.RETIRED), retired_at=None, retired_by=None)
                | Q(status=SetStatus.RETIRED, retired_at__isnull=False, retired_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("signals:routing:version", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.status == SetStatus.DRAFT


class Rule(models.Model):
    """When all that it asks holds, a signal goes where it says (routeringsregel).

    `conditions` holds a code for each fact that is asked; a rule that asks nothing always holds.
    Codes are not checked here: a code list may change while the rule is in use, and then the
    rule is found broken and its signals go via the expert centre.
    """

    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="rules")
    number = models.PositiveSmallIntegerField()
    conditions = models.JSONField(default=dict, blank=True)
    goal = models.CharField(max_length=8, choices=Goal)
    service = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[RuleQuerySet] = RuleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="number_of_a_rule_is_used_once", fields=["rule_set", "number"]
            ),
            models.CheckConstraint(
                name="rule_goes_direct_to_a_service_or_via_the_centre",
                condition=Q(goal=Goal.VIA_EMM, service=None)
                | Q(goal=Goal.DIRECT, service__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.rule_set}"

    @property
    def is_default(self) -> bool:
        """It takes whatever no rule before it took, to the expert centre."""
        return not self.conditions and self.goal == Goal.VIA_EMM


class DryRun(models.Model):
    """Where the signals of the last twelve months would go by a draft (proefrun).

    `position` counts the signals that were looked at, up to `last`; both commit together, so
    a worker that is killed loses nothing and counts nothing twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="runs")
    #: What it is compared with; nothing before the first version is in use.
    against = models.ForeignKey(RuleSet, models.PROTECT, null=True, blank=True, related_name="+")
    ordered_at = models.DateTimeField()
    ordered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: In whose name the worker counts; it stops when this membership has ended.
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=RunStatus, default=RunStatus.RUNNING)
    total = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    last = models.UUIDField(null=True, blank=True)
    #: How many go from where to where, and how many each rule takes.
    moves = models.JSONField(default=dict, blank=True)
    taken = models.JSONField(default=dict, blank=True)

    objects: ClassVar[DryRunQuerySet] = DryRunQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="dry_run_status_is_known", condition=Q(status__in=RunStatus.values)
            ),
            models.CheckConstraint(
                name="dry_run_that_is_done_counted_every_signal",
                condition=~Q(status=RunStatus.DONE) | Q(position=F("total")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_set_id}: {self.status}"

    @property
    def under_way(self) -> bool:
        return self.status == RunStatus.RUNNING

    @property
    def is_done(self) -> bool:
        return self.status == RunStatus.DONE

    @property
    def percent(self) -> int:
        return self.position * 100 // self.total if self.total else 0
