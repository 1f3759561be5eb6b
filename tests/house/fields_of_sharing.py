"""What the fields of consents, other bases and referrals say; a part of tests/house/fields.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.house.fields import Kinds

SHARING: dict[str, Kinds] = {
    "sharing.Consent": {
        "operational": "id person organisation purpose recipient_kind recipient state asked_at"
        " asked_by answered_at answered_by valid ended_at ended_by evidence_reference told_at",
        "plain": "language interpreter leaflet how given_by withdrawal_reason categories evidence",
    },
    "sharing.OtherBasis": {
        "special": "sealed",
        "operational": "id person organisation purpose recipient overrides valid recorded_at"
        " recorded_by ended_at ended_by verdict reviewed_at reviewed_by",
        "plain": "categories basis article",
    },
    "sharing.ClosedShare": {
        "operational": "id consent other_basis object_type object_id sender recipient"
    },
    "referrals.Referral": {
        "special": "needs",
        "operational": "id case from_organisation to_organisation purpose legal_basis consent"
        " other_basis urgency care_region sections package_hash version status offered_at"
        " offered_by answer_due_on reminded_at answered_at answered_by decline_reason"
        " contact_due_on late_told_at contacted_at contacted_by ended_at ended_by result",
        "plain": "age_group",
    },
    "emergency.EmergencyAccess": {
        "special": "sealed sealed_verdict",
        "operational": "id case owner organisation reason key opened_at opened_by ends_at"
        " review_due_on late_told_at status reviewed_at reviewed_by",
    },
    "retention.RetentionTerm": {
        "operational": "id valid",
        "plain": "category months source certainty",
    },
    "retention.LegalHold": {
        "operational": "id case registration reference organisation reason until placed_at"
        " placed_by lifted_at lifted_by",
    },
    "retention.Erasure": {
        "operational": "id person reference owner category last_event_on due_on status listed_at"
        " approved_at approved_by erased_at erased_by destroyed",
    },
    "destruction.DestructionList": {
        "operational": "id owner category status listed_at approved_at approved_by destroyed_at"
        " destroyed_by destroyed spared",
    },
    "destruction.ListLine": {
        "operational": "id list record reference last_event_on due_on",
    },
    "destruction.SignalHold": {
        "operational": "id signal organisation reason until placed_at placed_by lifted_at"
        " lifted_by",
    },
    "rights.RightsRequest": {
        "special": "words answer",
        "operational": "id reference organisation person person_reference right came_by"
        " received_on due_on status key received_at received_by proof identified_at identified_by"
        " begun_at begun_by extension extended_at extended_by outcome refusal decided_at"
        " decided_by delivery closed_at closed_by near_told_at late_told_at",
    },
    "rights.RightsExtract": {
        "special": "sealed",
        "operational": "id request digest made_at made_by",
    },
    "referrals.ReferralPackage": {"special": "sealed", "operational": "referral key"},
    "rights.RightsExecution": {
        "special": "words",
        "operational": "id request reference organisation person person_reference right key"
        " asked_at asked_by how done_at done_by reminded_at",
    },
    "restriction.Restriction": {
        "operational": "id person reference organisation begun_at begun_by ended_at ended_by",
    },
}
