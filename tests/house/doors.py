"""Every door of the house, written by hand: who may come in, and which record they need.

`people` are the roles that the door lets in; for everybody else the page is not there (404).
`thing` is the record in the address (tests/house/world.py makes one of each kind), `holder` a
member who may see it, and `everywhere` the roles that may see it whosever it is.
"""

from tests.house.doors_of_signals import DOORS_OF_SIGNALS
from tests.house.visitors import (
    ANALYSTS,
    CASE_READERS,
    COORDINATORS,
    DESK,
    EVERYBODY,
    HELPERS,
    KEEPERS,
    OFFICERS,
    OPENERS,
    OVERSEERS,
    PERSON_READERS,
    PLACERS,
    REGISTERERS,
    RESIDENCE,
    SHELTER_READERS,
    SHELTERS,
    STATISTICS,
    Door,
    R,
    roles,
)

#: No account needed.
PUBLIC = {
    "start", "accessibility", "security_txt", "health", "set_language",
    "geography:look_up", "geography:municipality", "indicators", "demo:door", "demo:enter",
    "matrix:may_i_share", "matrix:rules",
    "tips:send", "tips:follow", "tips:answer", "tips:add",
}  # fmt: skip

#: For systems of partners, which bring a token and no session; tests/signals/api knocks there.
MACHINES = {
    "api:token", "api:signals", "api:signals_file", "api:many_signals", "api:signal", "api:outcome", "api:answer", "api:openapi",
    "api:nowhere",
    # For calendar programmes, which bring a secret in the address; tests/calendar knocks there.
    "cases:calendar:feed",
}  # fmt: skip

#: A person is needed, but no role yet: this is where one is chosen.
SIGNED_IN = {"people:choose_role"}

DOORS: dict[str, Door] = {
    "home": Door(EVERYBODY),
    "notices:list": Door(EVERYBODY),
    "notices:read_all": Door(EVERYBODY, post=True),
    "notices:read": Door(EVERYBODY, "delivery", "officer", post=True),
    # Oversight and administration
    "audit:trail": Door(OVERSEERS),
    "audit:event": Door(OVERSEERS, "event", "fg", OVERSEERS),
    "audit:opened": Door(EVERYBODY, "opening", "alice", roles(DESK, PLACERS)),
    "people:members": Door(roles(R.ORG_ADMIN)),
    "people:end": Door(roles(R.ORG_ADMIN), "membership", "org_admin", post=True),
    "people:organisations": Door(roles(R.PLATFORM_ADMIN)),
    "people:clients": Door(roles(R.PLATFORM_ADMIN)),
    "people:client": Door(
        roles(R.PLATFORM_ADMIN), "system", "platform_admin", roles(R.PLATFORM_ADMIN)
    ),
    "people:end_client": Door(
        roles(R.PLATFORM_ADMIN), "system", "platform_admin", roles(R.PLATFORM_ADMIN), post=True
    ),
    "people:end_key": Door(
        roles(R.PLATFORM_ADMIN), "system_key", "platform_admin", roles(R.PLATFORM_ADMIN), post=True
    ),
    "webhooks:endpoint": Door(
        roles(R.PLATFORM_ADMIN), "system", "platform_admin", roles(R.PLATFORM_ADMIN)
    ),
    "webhooks:secret": Door(
        roles(R.PLATFORM_ADMIN), "system", "platform_admin", roles(R.PLATFORM_ADMIN), post=True
    ),
    "webhooks:test": Door(
        roles(R.PLATFORM_ADMIN), "system", "platform_admin", roles(R.PLATFORM_ADMIN), post=True
    ),
    "webhooks:stop": Door(
        roles(R.PLATFORM_ADMIN), "system", "platform_admin", roles(R.PLATFORM_ADMIN), post=True
    ),
    "webhooks:resume": Door(
        roles(R.PLATFORM_ADMIN), "system", "platform_admin", roles(R.PLATFORM_ADMIN), post=True
    ),
    **DOORS_OF_SIGNALS,
    # Registration of presumed victims
    "registrations:mine": Door(REGISTERERS),
    # Persons
    "persons:merges": Door(DESK),
    "persons:merge": Door(DESK, "merge", "desk", DESK),
    "persons:person": Door(
        roles(PERSON_READERS, OPENERS), "registered_person", "officer", DESK
    ),
    "contact:contact": Door(
        roles(PERSON_READERS, OPENERS), "registered_person", "officer", DESK
    ),
    "persons:propose": Door(DESK, "two_persons", "desk", DESK),
    "registrations:submit": Door(REGISTERERS),
    "registrations:queue": Door(DESK),
    "registrations:registration": Door(
        roles(REGISTERERS, DESK), "registration", "officer", DESK
    ),
    "registrations:identity": Door(
        roles(REGISTERERS, DESK), "registration", "officer", DESK, post=True
    ),
    "registrations:resubmit": Door(REGISTERERS, "returned", "officer"),
    "registrations:raise": Door(REGISTERERS, "nameless", "reporter"),
    "registrations:withdraw": Door(REGISTERERS, "registration", "officer"),
    "registrations:return": Door(DESK, "registration", "desk", DESK),
    "registrations:complete": Door(DESK, "registration", "desk", DESK),
    "registrations:corrections:waiting": Door(DESK),
    "registrations:corrections:chain": Door(
        roles(REGISTERERS, DESK), "registered", "officer", DESK
    ),
    "registrations:corrections:correct": Door(
        roles(REGISTERERS, DESK), "registered", "officer", DESK
    ),
    "registrations:duplicates:links": Door(DESK, "registered", "desk", DESK),
    "registrations:duplicates:undo": Door(DESK, "duplicate", "desk", DESK, post=True),
    "registrations:withdrawals:waiting": Door(DESK),
    "registrations:withdrawals:requests": Door(
        roles(REGISTERERS, DESK), "registered", "officer", DESK
    ),
    "registrations:duty:term": Door(roles(R.FG, R.PLATFORM_ADMIN)),
    "registrations:duty:explain": Door(OFFICERS, "duty", "officer"),
    # Consent
    "sharing:consents": Door(
        roles(REGISTERERS, DESK, PLACERS), "person", "alice", DESK
    ),
    "sharing:withdraw": Door(roles(REGISTERERS, DESK, PLACERS), "consent", "alice", DESK),
    # The law of sharing, which its keepers change
    "matrix:add": Door(roles(R.FG, R.PLATFORM_ADMIN)),
    "matrix:rule": Door(
        roles(R.FG, R.PLATFORM_ADMIN), "legal_rule", "fg", roles(R.FG, R.PLATFORM_ADMIN)
    ),
    "sharing:use_other_basis": Door(COORDINATORS, "person", "alice"),
    "sharing:end_other_basis": Door(COORDINATORS, "other_basis", "alice", post=True),
    "sharing:other_bases": Door(roles(R.FG)),
    "sharing:review": Door(roles(R.FG), "other_basis", "fg", roles(R.FG)),
    # What is kept how long, held and erased
    "retention:list": Door(roles(COORDINATORS, DESK, R.FG)),
    "retention:terms": Door(roles(COORDINATORS, DESK, R.FG, R.PLATFORM_ADMIN)),
    "retention:hold": Door(roles(COORDINATORS, DESK)),
    "retention:lift": Door(roles(COORDINATORS, DESK), "hold", "alice", post=True),
    "retention:erasure": Door(roles(COORDINATORS, DESK, R.FG), "erasure", "alice", DESK),
    "retention:move": Door(
        roles(COORDINATORS, DESK), "erasure_move", "alice", DESK, post=True
    ),
    "retention:destruction:lists": Door(roles(COORDINATORS, DESK, R.FG, R.EMM_COORDINATOR)),
    "retention:destruction:list": Door(
        roles(COORDINATORS, DESK, R.FG, R.EMM_COORDINATOR),
        "destruction_list",
        "importer",
        roles(R.EMM_COORDINATOR),
    ),
    "retention:destruction:move": Door(
        roles(COORDINATORS, DESK, R.EMM_COORDINATOR),
        "destruction_move",
        "importer",
        roles(R.EMM_COORDINATOR),
        post=True,
    ),
    "retention:destruction:hold": Door(
        roles(R.EMM_COORDINATOR), "signal", "importer", roles(R.EMM_COORDINATOR)
    ),
    "retention:destruction:lift": Door(
        roles(R.EMM_COORDINATOR), "signal_hold", "importer", roles(R.EMM_COORDINATOR), post=True
    ),
    # A case opened in an emergency
    "cases:emergency:list": Door(roles(OPENERS, DESK)),
    "cases:emergency:open": Door(OPENERS),
    "cases:emergency:access": Door(roles(OPENERS, DESK), "emergency", "bob"),
    "cases:emergency:end": Door(OPENERS, "emergency", "bob", post=True),
    # Requests of persons about their own data
    "rights:list": Door(roles(R.FG)),
    "rights:receive": Door(roles(R.FG)),
    "rights:request": Door(roles(R.FG), "rights_request", "privacy"),
    "rights:step": Door(roles(R.FG), "rights_step", "privacy"),
    "rights:extract": Door(roles(R.FG), "rights_extract", "privacy"),
    "rights:extract_pdf": Door(roles(R.FG), "rights_extract", "privacy"),
    "rights:transfer": Door(roles(R.FG), "rights_transfer", "privacy"),
    "rights:to_carry_out": Door(roles(DESK, COORDINATORS, R.SHELTER_MANAGER, R.PARTNER_NGO)),
    "rights:carry_out": Door(roles(DESK, COORDINATORS, R.SHELTER_MANAGER, R.PARTNER_NGO), "execution", "desk", DESK),
    "rights:rectify": Door(roles(DESK, COORDINATORS, R.SHELTER_MANAGER, R.PARTNER_NGO), "rectification", "desk", DESK),
    "rights:lift": Door(roles(DESK, COORDINATORS, R.SHELTER_MANAGER, R.PARTNER_NGO), "restriction", "desk", DESK, post=True),
    # Referrals to teams elsewhere
    "print_case": Door(roles(COORDINATORS, SHELTERS), "case", "alice"),
    "cases:tables:list": Door(roles(COORDINATORS, HELPERS)),
    "cases:tables:call": Door(COORDINATORS, "case", "alice"),
    "cases:tables:table": Door(roles(COORDINATORS, HELPERS), "case_table", "lawyer"),
    "cases:tables:hold": Door(COORDINATORS, "case_table", "alice"),
    "cases:tables:agree": Door(COORDINATORS, "case_table", "alice"),
    "cases:tables:close": Door(COORDINATORS, "case_table", "alice", post=True),
    "cases:tables:cancel": Door(COORDINATORS, "case_table", "alice", post=True),
    "cases:tables:task": Door(COORDINATORS, "agreement", "alice", post=True),
    "cases:planning:tasks": Door(COORDINATORS),
    "cases:family:link": Door(COORDINATORS, "case", "alice"),
    "cases:family:end": Door(COORDINATORS, "family_link", "alice", post=True),
    "cases:documents:add": Door(COORDINATORS, "case", "alice"),
    "cases:documents:begin": Door(COORDINATORS, "case", "alice", post=True),
    "cases:documents:upload": Door(COORDINATORS, "document_upload", "alice"),
    "cases:documents:withdraw": Door(COORDINATORS, "document", "alice"),
    "cases:documents:download": Door(roles(COORDINATORS, HELPERS, R.FG), "document", "alice"),
    "cases:documents:of_referral": Door(HELPERS, "helped", "lawyer"),
    "cases:calendar:month": Door(COORDINATORS),
    "cases:calendar:make_address": Door(COORDINATORS, post=True),
    "cases:calendar:end_address": Door(COORDINATORS, post=True),
    "cases:planning:hand_over": Door(COORDINATORS),
    "cases:planning:end_absence": Door(COORDINATORS, "absence", "alice", post=True),
    "cases:planning:change_task": Door(COORDINATORS, "task", "alice"),
    "cases:planning:end_task": Door(COORDINATORS, "task", "alice"),
    "cases:planning:add_task": Door(COORDINATORS, "case", "alice"),
    "cases:planning:add_goal": Door(COORDINATORS, "case", "alice"),
    "cases:planning:agree_plan": Door(COORDINATORS, "case", "alice"),
    "cases:planning:begin_review": Door(COORDINATORS, "case", "alice", post=True),
    "cases:planning:assess_risk": Door(COORDINATORS, "case", "alice"),
    "cases:planning:tick_line": Door(COORDINATORS, "case", "alice", post=True),
    "cases:planning:evaluate_goal": Door(COORDINATORS, "goal", "alice"),
    "cases:referrals:list": Door(roles(COORDINATORS, HELPERS)),
    "cases:referrals:offer": Door(COORDINATORS, "case", "alice"),
    "cases:referrals:referral": Door(roles(COORDINATORS, HELPERS), "referral", "lawyer"),
    "cases:referrals:accept": Door(HELPERS, "referral", "lawyer", post=True),
    "cases:referrals:decline": Door(HELPERS, "referral", "lawyer"),
    "cases:referrals:contact": Door(HELPERS, "referral", "lawyer", post=True),
    "cases:referrals:print": Door(HELPERS, "referral", "lawyer", post=True),
    "cases:referrals:complete": Door(HELPERS, "referral", "lawyer"),
    "cases:referrals:withdraw": Door(COORDINATORS, "referral", "alice", post=True),
    # Care
    "case_file": Door(roles(CASE_READERS, OPENERS), "case", "alice", roles(DESK, PLACERS)),
    "cases:case": Door(roles(CASE_READERS, OPENERS), "case", "alice", roles(DESK, PLACERS)),
    # Residence
    "residence:list": Door(roles(RESIDENCE, SHELTERS)),
    "residence:begin": Door(OFFICERS),
    "terms:all": Door(roles(R.PLATFORM_ADMIN)),
    "residence:file": Door(RESIDENCE, "residence", "officer", roles(DESK, PLACERS)),
    "residence:move": Door(KEEPERS, "residence_move", "officer"),
    "residence:suspend": Door(roles(R.IND_LIAISON), "residence", "liaison"),
    "residence:reporting_day": Door(OFFICERS, "residence", "officer"),
    "cases:list": Door(CASE_READERS),
    "cases:regions:overview": Door(roles(DESK, PLACERS, COORDINATORS)),
    "cases:regions:capacity": Door(DESK, "care_region", "desk", DESK),
    "cases:queue": Door(COORDINATORS),
    "cases:to_offer": Door(DESK),
    "cases:offer": Door(DESK, "unoffered", "desk", DESK),
    "cases:offer_elsewhere": Door(DESK, "case_on_offer", "desk", DESK),
    "cases:accept": Door(COORDINATORS, "case_on_offer", "alice", post=True),
    "cases:identity": Door(
        roles(COORDINATORS, SHELTERS, OPENERS), "case", "alice", post=True
    ),
    "cases:write_note": Door(COORDINATORS, "case", "alice"),
    "cases:plan_next_step": Door(COORDINATORS, "case", "alice"),
    "cases:close": Door(COORDINATORS, "case", "alice"),
    "cases:ask_consent": Door(COORDINATORS, "case", "alice"),
    "cases:answer_consent": Door(COORDINATORS, "question", "alice"),
    "cases:handoffs": Door(COORDINATORS),
    "cases:offer_handoff": Door(COORDINATORS, "case", "alice"),
    "cases:handoff": Door(roles(COORDINATORS, DESK), "handoff", "bob"),
    "cases:review_handoff": Door(COORDINATORS, "handoff", "bob", post=True),
    "cases:handoff_question": Door(COORDINATORS, "handoff", "bob", post=True),
    "cases:complete_handoff": Door(COORDINATORS, "handoff", "bob", post=True),
    "cases:accept_handoff": Door(COORDINATORS, "handoff", "bob", post=True),
    "cases:decline_handoff": Door(COORDINATORS, "handoff", "bob"),
    "cases:withdraw_handoff": Door(COORDINATORS, "handoff", "alice", post=True),
    # Shelter
    "shelters:request_shelter": Door(COORDINATORS, "case", "alice"),
    "shelters:requests": Door(PLACERS),
    "shelters:request": Door(SHELTER_READERS, "request", "alice", PLACERS),
    "shelters:reserve": Door(PLACERS, "request", "placement", PLACERS, post=True),
    "shelters:cancel": Door(COORDINATORS, "request", "alice", post=True),
    "shelters:matching:rules": Door(PLACERS),
    "shelters:lists:all": Door(PLACERS),
    "shelters:matching:propose": Door(PLACERS, post=True),
    "shelters:matching:proposal": Door(PLACERS, "match_proposal", "placement", PLACERS),
    "shelters:matching:decide": Door(PLACERS, "match_line", "placement", PLACERS, post=True),
    "shelters:board": Door(PLACERS),
    "shelters:today": Door(SHELTERS),
    "shelters:placement": Door(SHELTER_READERS, "placement", "worker", PLACERS),
    "shelters:accept": Door(SHELTERS, "placement", "worker", post=True),
    "shelters:refuse": Door(SHELTERS, "placement", "worker"),
    "shelters:take_back": Door(PLACERS, "placement", "placement", PLACERS, post=True),
    "shelters:arrive": Door(roles(SHELTERS, PLACERS), "placement", "worker", PLACERS, post=True),
    "shelters:end": Door(roles(SHELTERS, PLACERS), "placement", "worker", PLACERS),
    "shelters:figures:quarter": Door(SHELTER_READERS),
    "shelters:stays:list": Door(roles(SHELTERS, PLACERS)),
    "shelters:stays:stay": Door(SHELTER_READERS, "stay", "worker", PLACERS),
    "shelters:stays:longer": Door(SHELTERS, "stay", "worker"),
    "shelters:stays:decide": Door(PLACERS, "stay", "placement", PLACERS, post=True),
    "shelters:stays:outflow": Door(roles(SHELTERS, PLACERS), "stay", "worker", PLACERS),
    "shelters:stays:drop": Door(roles(SHELTERS, PLACERS), "stay", "worker", PLACERS, post=True),
    "shelters:stays:note": Door(SHELTERS, "stay", "worker"),
    "shelters:swaps:propose": Door(roles(SHELTERS, PLACERS), "stay", "worker", PLACERS),
    "shelters:swaps:swap": Door(roles(SHELTERS, PLACERS), "swap", "worker", PLACERS),
    "shelters:swaps:move": Door(roles(SHELTERS, PLACERS), "swap", "worker", PLACERS, post=True),
    "shelters:out_of_order": Door(roles(SHELTERS, PLACERS), "bed", "worker", PLACERS, post=True),
    "shelters:in_order": Door(roles(SHELTERS, PLACERS), "bed", "worker", PLACERS, post=True),
    "shelters:bed": Door(roles(SHELTERS, PLACERS), "bed", "worker", PLACERS),
    "shelters:withdraw_bed": Door(roles(SHELTERS, PLACERS), "bed", "worker", PLACERS, post=True),
    "shelters:beds": Door(roles(SHELTERS, PLACERS), "shelter", "worker", PLACERS),
    "shelters:offer": Door(roles(SHELTERS, PLACERS), "shelter", "worker", PLACERS),
    "shelters:move": Door(roles(SHELTERS, PLACERS), "shelter", "worker", PLACERS),
    "shelters:standing": Door(PLACERS, "shelter", "placement", PLACERS),
    "shelters:contract": Door(PLACERS, "shelter", "placement", PLACERS),
    "shelters:new": Door(PLACERS),
    "shelters:emergency": Door(PLACERS, "request", "placement", PLACERS),
    "shelters:family": Door(PLACERS, "request", "placement", PLACERS),
    "shelters:shelter": Door(SHELTER_READERS, "shelter", "worker", roles(PLACERS, COORDINATORS)),
    "shelters:reveal_address": Door(SHELTER_READERS, "shelter", "worker", PLACERS),
    # Figures
    "reporting:releases": Door(roles(ANALYSTS, STATISTICS)),
    "reporting:release": Door(
        roles(ANALYSTS, STATISTICS), "release", "rapporteur", roles(ANALYSTS, STATISTICS)
    ),
    "reporting:propose": Door(ANALYSTS, "release", "rapporteur", ANALYSTS, post=True),
    "reporting:approve": Door(ANALYSTS, "release", "rapporteur", ANALYSTS, post=True),
    "reporting:return": Door(ANALYSTS, "release", "rapporteur", ANALYSTS, post=True),
    "reporting:withdraw": Door(ANALYSTS, "release", "rapporteur", ANALYSTS, post=True),
    "reporting:artefact": Door(ANALYSTS, "artefact", "rapporteur", ANALYSTS),
    "municipalities:dashboard": Door(roles(ANALYSTS, R.MUNI_POLICY)),
}  # fmt: skip

#: Made by others, each with its own rule about who comes in: a person, and for some nobody.
ALLAUTH = ("account_", "mfa_", "usersessions_")
OPEN_OF_ALLAUTH = {
    "account_login", "account_logout", "account_signup", "account_inactive",
    "account_email_verification_sent", "account_confirm_email", "account_confirm_login_code",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "mfa_authenticate", "mfa_login_webauthn",
}  # fmt: skip
