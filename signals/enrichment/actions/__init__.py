"""The only writers of findings and of requests to partners, and the recorded reads."""

from signals.enrichment.actions.destroying import destroy_enrichments
from signals.enrichment.actions.enriching import (
    add_enrichment,
    amend_enrichment,
    prolong_enrichment,
    take_over_answer,
)
from signals.enrichment.actions.facts import FACTS, facts_of
from signals.enrichment.actions.reading import (
    HomeRequests,
    OpenedEnrichment,
    OpenedRequest,
    OpenedVersion,
    list_desk,
    list_home_requests,
    list_requests,
    open_enrichments,
    open_partner_request,
)
from signals.enrichment.actions.requests import (
    answer_request,
    ask_partner,
    decline_request,
    set_answer_aside,
    withdraw_request,
)
from signals.enrichment.actions.terms import escalate_requests, remind_partners

__all__ = [
    "FACTS",
    "HomeRequests",
    "OpenedEnrichment",
    "OpenedRequest",
    "OpenedVersion",
    "add_enrichment",
    "amend_enrichment",
    "answer_request",
    "ask_partner",
    "decline_request",
    "destroy_enrichments",
    "escalate_requests",
    "facts_of",
    "list_desk",
    "list_home_requests",
    "list_requests",
    "open_enrichments",
    "open_partner_request",
    "prolong_enrichment",
    "remind_partners",
    "set_answer_aside",
    "take_over_answer",
    "withdraw_request",
]
