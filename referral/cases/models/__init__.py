"""Shape and truth of cases: the case, who may see it, its notes and its handoffs."""

from referral.cases.models.case import Case
from referral.cases.models.codes import (
    Basis,
    ClosureReason,
    DeclineReason,
    HandoffReason,
    Level,
    Need,
    NextStep,
    Outcome,
    Priority,
    Profile,
    Section,
)
from referral.cases.models.conversation import HandoffQuestion, HandoffRevision
from referral.cases.models.grant import CaseAccess, CaseGrant
from referral.cases.models.handoff import Handoff, HandoffPackage
from referral.cases.models.note import CareNote
from referral.cases.models.terms import HandoffTerm

__all__ = [
    "Basis",
    "CareNote",
    "Case",
    "CaseAccess",
    "CaseGrant",
    "ClosureReason",
    "DeclineReason",
    "Handoff",
    "HandoffPackage",
    "HandoffQuestion",
    "HandoffReason",
    "HandoffRevision",
    "HandoffTerm",
    "Level",
    "Need",
    "NextStep",
    "Outcome",
    "Priority",
    "Profile",
    "Section",
]
