"""What the rules decided on each signal, and rules that could not be followed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from referral.organisations.models import Organisation
from signals.models import Signal
from signals.routing.models.rules import Rule
from signals.routing.querysets import BrokenRuleQuerySet, RoutedQuerySet
from signals.routing.workflow import Fault, Goal


class Decision(models.Model):
    """Where a signal went, and why (routeringsbesluit); made with the signal, never changed.

    `because` holds what the rule asked when it decided, as codes, so that the reason can be
    read in both languages.
    """

    signal = models.OneToOneField(Signal, models.PROTECT, primary_key=True, related_name="routing")
    #: None before the first version of the rules is in use.
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, blank=True, related_name="+")
    goal = models.CharField(max_length=8, choices=Goal)
    service = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    fault = models.CharField(max_length=16, choices=Fault, blank=True, default="")
    because = models.JSONField(default=dict, blank=True)

    objects: ClassVar[RoutedQuerySet] = RoutedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="decision_goes_direct_to_a_service_or_via_the_centre",
                condition=Q(goal=Goal.VIA_EMM, service=None)
                | Q(goal=Goal.DIRECT, service__isnull=False, rule__isnull=False),
            ),
            models.CheckConstraint(
                name="signal_of_a_broken_rule_goes_via_the_centre",
                condition=Q(fault="")
                | Q(fault__in=Fault.values, goal=Goal.VIA_EMM, rule__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signal_id}: {self.goal}"


class BrokenRule(models.Model):
    """A rule in use could not be followed, and who must mend it was told (storing in een regel)."""

    rule = models.OneToOneField(Rule, models.PROTECT, primary_key=True, related_name="broken")
    fault = models.CharField(max_length=16, choices=Fault)
    found_at = models.DateTimeField()

    objects: ClassVar[BrokenRuleQuerySet] = BrokenRuleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="fault_of_a_rule_is_known", condition=Q(fault__in=Fault.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}: {self.fault}"
