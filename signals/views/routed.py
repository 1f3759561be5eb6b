"""The part of a signal's page that says where it went, and why."""

from __future__ import annotations

from django.utils.translation import gettext as _

from referral.organisations.roles import Role
from signals.routing.models import Call, Decision
from signals.routing.views.words import explained, goal_of
from signals.views.parts import Part, Reading


def routed(reading: Reading) -> Part | None:
    """For the expert centre, and for the service that it was sent to; reporters do not read it."""
    visible = Decision.objects.visible_to(reading.member).with_rule()
    decision = visible.filter(signal=reading.signal).first()
    if decision is None:
        return None
    calls = Call.objects.visible_to(reading.member).filter(signal=reading.signal)
    calls = calls.select_related("person").order_by("step")
    return Part(
        slug="routing",
        title=_("Where it went"),
        template="routing/_decision.html",
        data={
            "goal": goal_of(decision.service),
            "why": explained(decision),
            "fault": bool(decision.fault),
            "is_copy": decision.service is not None,
            "rule_set": decision.rule.rule_set if decision.rule else None,
            "calls": [(call.called_at, call.person or Role(call.role).label) for call in calls],
        },
    )
