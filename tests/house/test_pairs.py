"""A moment says who: every `_at` has its `_by`, and the database keeps the two together."""

from collections.abc import Iterator

import pytest
from django.db.models import CheckConstraint, F, Q

from tests.house.test_fields import MODELS

SYSTEM = "the system's own; nobody does it"
#: Moments without a person beside them, each with its reason.
ALONE = {
    "organisations.Organisation.created_at": "the trail says who added it",
    "organisations.Organisation.closed_at": "the trail says who closed it",
    "audit.AuditEvent.recorded_at": "actor_id stands beside it",
    "audit.AuditEvent.happened_at": "actor_id stands beside it",
    "audit.Seal.sealed_at": SYSTEM,
    "notices.Notice.next_attempt_at": SYSTEM,
    "notices.Notice.done_at": SYSTEM,
    "notices.Delivery.next_attempt_at": SYSTEM,
    "notices.Delivery.delivered_at": SYSTEM,
    "notices.Delivery.read_at": "by its user, whose delivery it is",
    "access.DataKey.created_at": SYSTEM,
    "access.KeptAnswer.created_at": "by its user, whose request it answers",
    "access.SpentAssertion.expires_at": SYSTEM,
    "access.AccessToken.issued_at": SYSTEM,
    "access.AccessToken.expires_at": SYSTEM,
    "webhooks.Push.next_attempt_at": SYSTEM,
    "webhooks.Push.happened_at": SYSTEM,
    "webhooks.Push.delivered_at": SYSTEM,
    "cases.CaseAccess.opened_at": "a copy of the case's, for the order of lists",
    "attachments.Attachment.settled_at": SYSTEM,
    "attachments.Attachment.next_attempt_at": SYSTEM,
    "documents.Document.settled_at": SYSTEM,
    "documents.Document.next_attempt_at": SYSTEM,
    "drafts.SavedDraft.told_at": SYSTEM,
    "enrichment.PartnerRequest.reminded_at": SYSTEM,
    "enrichment.PartnerRequest.escalated_at": SYSTEM,
    "sharing.Consent.told_at": SYSTEM,
    "emergency.EmergencyAccess.ends_at": "a term, and no deed",
    "emergency.EmergencyAccess.late_told_at": SYSTEM,
    "retention.Erasure.listed_at": SYSTEM,
    "destruction.DestructionList.listed_at": SYSTEM,
    "rights.RightsRequest.near_told_at": SYSTEM,
    "rights.RightsRequest.late_told_at": SYSTEM,
    "rights.RightsExecution.reminded_at": SYSTEM,
    "referrals.Referral.reminded_at": SYSTEM,
    "cases.Handoff.reminded_at": SYSTEM,
    "calendar.Feed.made_at": "by its member, whose address it is",
    "calendar.Feed.fetched_at": "by a programme of the member",
    "cases.Handoff.escalated_at": SYSTEM,
    "cases.Handoff.unmet_told_at": SYSTEM,
    "referrals.Referral.late_told_at": SYSTEM,
    "tables.Invitation.ended_at": "who took the consent back stands with the consent",
    "planning.Task.near_told_at": SYSTEM,
    "planning.Task.due_told_at": SYSTEM,
    "planning.Absence.begun_at": "by the clock, or with its arrangement",
    "planning.Absence.ended_at": SYSTEM,
    "forwarding.Extract.unopened_told_at": SYSTEM,
    "forwarding.Extract.near_told_at": SYSTEM,
    "forwarding.Extract.overdue_told_at": SYSTEM,
    "signals.ImportBatch.ended_at": SYSTEM,
    "signals.Question.reminded_at": SYSTEM,
    "deliberation.FollowUp.reminded_at": SYSTEM,
    "signals.Signal.outcome_at": "who judged stands with the judgement, which reporters never see",
    "routing.BrokenRule.found_at": SYSTEM,
    "duty.Reminder.told_at": SYSTEM,
    "residence.Alert.told_at": SYSTEM,
    "stays.Stay.arrived_at": SYSTEM,
    "stays.Stay.over_at": SYSTEM,
    "stays.Stay.long_told_at": SYSTEM,
    "matching.MatchProposal.computed_at": SYSTEM,
    "reporting.Release.snapshot_at": SYSTEM,
    "reporting.Release.computed_at": SYSTEM,
}
MOMENTS = [
    f"{label}.{field.name}"
    for label, model in MODELS.items()
    for field in model._meta.local_fields
    if field.name.endswith("_at")
]


def fields_of(condition: Q) -> Iterator[str]:
    for part in condition.children:
        if isinstance(part, Q):
            yield from fields_of(part)
        elif isinstance(part, tuple):
            yield part[0].split("__")[0]
            if isinstance(part[1], F):
                yield part[1].name


@pytest.mark.parametrize("moment", [one for one in MOMENTS if one not in ALONE])
def test_a_moment_and_a_name_stand_together(moment):
    label, at = moment.rsplit(".", 1)
    by = f"{at.removesuffix('_at')}_by"
    model = MODELS[label]
    fields = {field.name: field for field in model._meta.local_fields}

    assert by in fields
    always = not fields[at].null and not fields[by].null
    kept = [
        constraint.name
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint)
        and isinstance(constraint.condition, Q)
        and {at, by} <= set(fields_of(constraint.condition))
    ]
    assert always or kept


def test_an_exception_is_one():
    assert set(ALONE) <= set(MOMENTS)
    for moment in ALONE:
        label, at = moment.rsplit(".", 1)
        names = {field.name for field in MODELS[label]._meta.local_fields}
        assert f"{at.removesuffix('_at')}_by" not in names
