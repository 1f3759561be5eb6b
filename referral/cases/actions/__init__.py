"""The only writers of cases, and the recorded reads."""

from referral.cases.actions.course import (
    Closure,
    Offer,
    accept_case,
    accept_cases,
    close_case,
    close_cases,
    offer_case,
    offer_cases,
    pass_next_step,
    plan_next_step,
)
from referral.cases.actions.grants import Access, end_access, grant_access, grant_accesses
from referral.cases.actions.handoffs import (
    Proposal,
    accept_handoff,
    accept_handoffs,
    decline_handoff,
    offer_handoff,
    offer_handoffs,
    withdraw_handoff,
)
from referral.cases.actions.notes import (
    Entry,
    ReadNote,
    read_care_notes,
    write_care_note,
    write_care_notes,
)
from referral.cases.actions.packages import canonical, open_package
from referral.cases.actions.reading import (
    list_case_headers,
    list_cases,
    list_handoffs,
    list_home_cases,
    open_case,
    open_handoff,
)

__all__ = [
    "Access",
    "Closure",
    "Entry",
    "Offer",
    "Proposal",
    "ReadNote",
    "accept_case",
    "accept_cases",
    "accept_handoff",
    "accept_handoffs",
    "canonical",
    "close_case",
    "close_cases",
    "decline_handoff",
    "end_access",
    "grant_access",
    "grant_accesses",
    "list_case_headers",
    "list_cases",
    "list_handoffs",
    "list_home_cases",
    "offer_case",
    "offer_cases",
    "offer_handoff",
    "offer_handoffs",
    "open_case",
    "open_handoff",
    "open_package",
    "pass_next_step",
    "plan_next_step",
    "read_care_notes",
    "withdraw_handoff",
    "write_care_note",
    "write_care_notes",
]
