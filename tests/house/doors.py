"""Every door of the house, written by hand: who may come in, and which record they need.

`people` are the roles that the door lets in; for everybody else the page is not there (404).
`thing` is the record in the address (tests/house/world.py makes one of each kind), `holder` a
member who may see it, and `everywhere` the roles that may see it whosever it is.
"""

from dataclasses import dataclass, field

from referral.organisations.roles import SERVICES, Role

R = Role


@dataclass(frozen=True)
class Door:
    """One line of the table."""

    people: frozenset[Role]
    thing: str = ""
    holder: str = ""
    everywhere: frozenset[Role] = field(default_factory=frozenset)
    post: bool = False


def roles(*groups: Role | frozenset[Role]) -> frozenset[Role]:
    return frozenset().union(*(g if isinstance(g, frozenset) else {g} for g in groups))


NOBODY: frozenset[Role] = roles()
EVERYBODY = roles(*Role)
OFFICERS = roles(R.LE_POLICE, R.LE_KMAR, R.LE_NLA)
MUNICIPAL = roles(R.MUNI_REPORTER, R.MUNI_FOCAL)
EMM = roles(R.EMM_ANALYST, R.EMM_COORDINATOR)
IMPORTERS = roles(R.EMM_COORDINATOR)
ROUTING = roles(EMM, R.PLATFORM_ADMIN)
REPORTERS = roles(OFFICERS, MUNICIPAL, EMM, R.PARTNER_NGO, R.SERVICE_TIPS)
RECEIVERS = roles(OFFICERS, R.MUNI_FOCAL)
DESK = roles(R.COM_REGISTRAR)
PLACERS = roles(R.COM_PLACEMENT)
COORDINATORS = roles(R.ZC)
HELPERS = roles(R.PARTNER_NGO, R.SHELTER_WORKER, R.SHELTER_MANAGER)
SHELTERS = roles(R.SHELTER_WORKER, R.SHELTER_MANAGER)
REGISTERERS = roles(OFFICERS, R.ZC, R.SHELTER_MANAGER, R.PARTNER_NGO)
PERSON_READERS = roles(
    OFFICERS, R.ZC, R.SHELTER_MANAGER, R.SHELTER_WORKER, R.PARTNER_NGO, R.COM_REGISTRAR
)
CASE_READERS = roles(COORDINATORS, SHELTERS, DESK, PLACERS)
OPENERS = roles(COORDINATORS, PLACERS, R.SHELTER_MANAGER, R.FG)
SHELTER_READERS = roles(PLACERS, COORDINATORS, SHELTERS)
KEEPERS = roles(OFFICERS, R.EMM_PARTNER)
RESIDENCE = roles(KEEPERS, COORDINATORS, DESK, PLACERS)
ANALYSTS = roles(R.NRM_ANALYST)
DELIBERATORS = roles(OFFICERS, R.EMM_PARTNER, R.OM_CHAIR)
STATISTICS = roles(R.SERVICE_STATISTICS)
OVERSEERS = roles(R.FG, R.AUDITOR)

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
    # Signals: the intelligence side
    "signals:list": Door(REPORTERS),
    "signals:submit": Door(REPORTERS),
    "signals:signal": Door(REPORTERS, "signal", "officer", EMM),
    "signals:receipt": Door(REPORTERS, "signal", "officer"),
    "signals:deepen": Door(REPORTERS, "signal", "officer", EMM),
    "signals:amend": Door(REPORTERS, "signal", "officer", EMM),
    "signals:split": Door(REPORTERS, "signal", "officer", EMM),
    "signals:withdraw": Door(REPORTERS, "signal", "officer", EMM),
    "signals:triage": Door(EMM),
    "signals:triage_file": Door(EMM),
    "signals:take_up": Door(EMM, "signal", "analyst", EMM, post=True),
    "signals:judge": Door(EMM, "taken_up", "analyst", EMM),
    "signals:close": Door(EMM, "taken_up", "analyst", EMM, post=True),
    "signals:ask": Door(EMM, "taken_up", "analyst", EMM),
    "signals:answer": Door(REPORTERS, "asked", "officer", EMM),
    "signals:withdraw_question": Door(EMM, "asked", "analyst", EMM, post=True),
    "signals:park": Door(EMM, "taken_up", "analyst", EMM),
    "signals:bring_back": Door(EMM, "taken_up", "analyst", EMM, post=True),
    "signals:merge": Door(EMM, "taken_up", "analyst", EMM),
    "signals:unmerge": Door(EMM, "merged", "analyst", EMM, post=True),
    "signals:hand_over": Door(EMM, "taken_up", "analyst", EMM),
    "signals:close_with_feedback": Door(EMM, "forwarded", "analyst", EMM),
    "signals:second_reading": Door(EMM, "proposed", "importer", EMM),
    # Findings, and requests to partners
    "signals:enrichment:desk": Door(EMM),
    "signals:enrichment:add": Door(EMM, "taken_up", "analyst", EMM),
    "signals:enrichment:ask": Door(EMM, "taken_up", "analyst", EMM),
    "signals:enrichment:amend": Door(EMM, "enrichment", "analyst", EMM),
    "signals:enrichment:prolong": Door(EMM, "enrichment", "analyst", EMM),
    "signals:enrichment:to_us": Door(RECEIVERS),
    "signals:enrichment:request": Door(
        roles(RECEIVERS, EMM), "partner_request", "officer", EMM
    ),
    "signals:enrichment:answer": Door(RECEIVERS, "partner_request", "officer"),
    "signals:enrichment:decline": Door(RECEIVERS, "partner_request", "officer"),
    "signals:enrichment:withdraw": Door(EMM, "partner_request", "analyst", EMM, post=True),
    "signals:enrichment:take_over": Door(EMM, "partner_answer", "analyst", EMM),
    "signals:enrichment:set_aside": Door(EMM, "partner_answer", "analyst", EMM, post=True),
    # Extracts of forwarded signals
    "signals:forwarding:sent": Door(EMM),
    "signals:forwarding:send": Door(EMM, "forwarded", "analyst", EMM),
    "signals:forwarding:received": Door(RECEIVERS),
    "signals:forwarding:extract": Door(roles(RECEIVERS, EMM), "extract", "officer", EMM),
    "signals:forwarding:pdf": Door(roles(RECEIVERS, EMM), "extract", "officer", EMM),
    "signals:forwarding:open": Door(RECEIVERS, "extract", "officer", post=True),
    "signals:forwarding:recall": Door(EMM, "extract", "analyst", EMM, post=True),
    "signals:forwarding:feedback": Door(RECEIVERS, "extract", "officer"),
    "signals:search:search": Door(REPORTERS),
    "signals:search:save": Door(REPORTERS, post=True),
    "signals:search:change": Door(REPORTERS, "kept_search", "officer"),
    "signals:search:delete": Door(REPORTERS, "kept_search", "officer", post=True),
    # Signals that belong together
    "signals:links:graph": Door(EMM, "signal", "analyst", EMM),
    "signals:links:link": Door(EMM, "signal", "analyst", EMM),
    "signals:links:dismiss": Door(EMM, "two_signals", "analyst", EMM, post=True),
    "signals:links:end": Door(EMM, "link", "analyst", EMM, post=True),
    "signals:imports": Door(IMPORTERS),
    "signals:levels": Door(IMPORTERS),
    "signals:links:weights": Door(IMPORTERS),
    "signals:mappings": Door(IMPORTERS),
    "signals:keep_mapping": Door(IMPORTERS, post=True),
    "signals:mapping": Door(IMPORTERS, "mapping", "importer", IMPORTERS),
    "signals:end_mapping": Door(IMPORTERS, "mapping", "importer", IMPORTERS, post=True),
    "signals:import_report": Door(IMPORTERS, "batch", "importer", IMPORTERS),
    "signals:import_progress": Door(IMPORTERS, "batch", "importer", IMPORTERS),
    "signals:attachments:attach": Door(REPORTERS, "signal", "officer", EMM),
    "signals:attachments:progress": Door(REPORTERS, "signal", "officer", EMM),
    "signals:attachments:begin": Door(REPORTERS, "signal", "officer", EMM, post=True),
    "signals:attachments:upload": Door(REPORTERS, "upload", "officer"),
    "signals:attachments:download": Door(REPORTERS, "attachment", "officer", EMM),
    "signals:attachments:evidence": Door(
        IMPORTERS, "attachment", "importer", IMPORTERS, post=True
    ),
    "signals:drafts:save": Door(REPORTERS, post=True),
    "signals:drafts:hand_over": Door(REPORTERS, "draft", "officer"),
    "signals:drafts:discard": Door(REPORTERS, "draft", "officer"),
    # The deliberation and trends
    **{
        f"signals:deliberation:{name}": door
        for name, door in {
            "list": Door(roles(EMM, DELIBERATORS)),
            "plan": Door(IMPORTERS),
            "propose": Door(EMM, "taken_up", "analyst", EMM),
            "withdraw": Door(EMM, "proposal", "analyst", EMM, post=True),
            "meeting": Door(roles(EMM, DELIBERATORS), "meeting", "officer", EMM),
            "invite": Door(IMPORTERS, "meeting", "importer", IMPORTERS),
            "sections": Door(IMPORTERS, "participant", "importer", IMPORTERS),
            "remove": Door(IMPORTERS, "participant", "importer", IMPORTERS, post=True),
            "place": Door(IMPORTERS, "placing", "importer", IMPORTERS, post=True),
            "move": Door(IMPORTERS, "item", "importer", IMPORTERS, post=True),
            "set_agenda": Door(IMPORTERS, "meeting", "importer", IMPORTERS, post=True),
            "take_back": Door(IMPORTERS, "meeting", "importer", IMPORTERS, post=True),
            "cancel": Door(IMPORTERS, "meeting", "importer", IMPORTERS),
            "begin": Door(roles(R.OM_CHAIR), "meeting", "chair", post=True),
            "decide": Door(roles(R.OM_CHAIR), "held_item", "chair"),
            "lock": Door(roles(R.OM_CHAIR), "meeting", "chair"),
            "attendance": Door(
                roles(R.OM_CHAIR, IMPORTERS), "held_meeting", "chair", IMPORTERS
            ),
            "minutes": Door(roles(R.OM_CHAIR, IMPORTERS), "held_meeting", "chair", IMPORTERS),
            "addendum": Door(roles(R.OM_CHAIR, IMPORTERS), "locked_meeting", "chair", IMPORTERS),
            "minutes_pdf": Door(roles(EMM, R.OM_CHAIR), "locked_meeting", "chair", EMM),
            "pack": Door(DELIBERATORS, "pack", "officer"),
            "pack_pdf": Door(DELIBERATORS, "pack", "officer"),
            "follow_ups": Door(roles(EMM, R.OM_CHAIR)),
            "follow_up": Door(EMM, "follow_up", "analyst", EMM),
            "trends": Door(roles(EMM, DELIBERATORS)),
            "trend": Door(roles(EMM, DELIBERATORS), "trend", "analyst", EMM),
            "write_trend": Door(EMM),
            "edit_trend": Door(EMM, "trend", "analyst", EMM),
            "publish_trend": Door(EMM, "trend", "analyst", EMM, post=True),
            "withdraw_trend": Door(EMM, "trend", "analyst", EMM, post=True),
            "counts": Door(roles(EMM, DELIBERATORS)),
            "publish_counts": Door(IMPORTERS, post=True),
        }.items()
    },
    # Where signals go
    "signals:routing:versions": Door(ROUTING),
    "signals:routing:version": Door(ROUTING, "rule_set", "importer", ROUTING),
    "signals:routing:begin_first": Door(IMPORTERS, post=True),
    "signals:routing:begin": Door(IMPORTERS, "rule_set", "importer", IMPORTERS, post=True),
    "signals:routing:edit": Door(IMPORTERS, "rules_draft", "importer", IMPORTERS),
    "signals:routing:dry_run": Door(IMPORTERS, "rules_draft", "importer", IMPORTERS, post=True),
    "signals:routing:run": Door(EMM, "rules_draft", "importer", EMM),
    "signals:routing:activate": Door(IMPORTERS, "rules_draft", "importer", IMPORTERS),
    "signals:routing:watch": Door(EMM),
    "signals:routing:patience": Door(IMPORTERS, post=True),
    "signals:routing:cancel_shift": Door(IMPORTERS, "shift", "importer", IMPORTERS, post=True),
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
    # Referrals to teams elsewhere
    "cases:printing:print": Door(roles(COORDINATORS, SHELTERS), "case", "alice"),
    "cases:tables:list": Door(roles(COORDINATORS, HELPERS)),
    "cases:tables:call": Door(COORDINATORS, "case", "alice"),
    "cases:tables:table": Door(roles(COORDINATORS, HELPERS), "case_table", "lawyer"),
    "cases:tables:hold": Door(COORDINATORS, "case_table", "alice"),
    "cases:tables:agree": Door(COORDINATORS, "case_table", "alice"),
    "cases:tables:close": Door(COORDINATORS, "case_table", "alice", post=True),
    "cases:tables:cancel": Door(COORDINATORS, "case_table", "alice", post=True),
    "cases:tables:task": Door(COORDINATORS, "agreement", "alice", post=True),
    "cases:planning:tasks": Door(COORDINATORS),
    "cases:planning:hand_over": Door(COORDINATORS),
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
    "cases:referrals:complete": Door(HELPERS, "referral", "lawyer"),
    "cases:referrals:withdraw": Door(COORDINATORS, "referral", "alice", post=True),
    # Care
    "case_file": Door(roles(CASE_READERS, OPENERS), "case", "alice", roles(DESK, PLACERS)),
    "cases:case": Door(roles(CASE_READERS, OPENERS), "case", "alice", roles(DESK, PLACERS)),
    # Residence
    "residence:list": Door(roles(RESIDENCE, SHELTERS)),
    "residence:begin": Door(OFFICERS),
    "residence:lengths": Door(roles(R.PLATFORM_ADMIN)),
    "residence:file": Door(RESIDENCE, "residence", "officer", roles(DESK, PLACERS)),
    "residence:move": Door(KEEPERS, "residence_move", "officer"),
    "residence:suspend": Door(roles(R.EMM_PARTNER), "residence", "liaison"),
    "residence:reporting_day": Door(OFFICERS, "residence", "officer"),
    "cases:list": Door(CASE_READERS),
    "cases:regions:overview": Door(roles(DESK, PLACERS)),
    "cases:regions:capacity": Door(DESK, "care_region", "desk", DESK),
    "cases:queue": Door(COORDINATORS),
    "cases:to_offer": Door(DESK),
    "cases:offer": Door(DESK, "unoffered", "desk", DESK),
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
    "shelters:board": Door(PLACERS),
    "shelters:today": Door(SHELTERS),
    "shelters:placement": Door(SHELTER_READERS, "placement", "worker", PLACERS),
    "shelters:accept": Door(SHELTERS, "placement", "worker", post=True),
    "shelters:refuse": Door(SHELTERS, "placement", "worker"),
    "shelters:arrive": Door(roles(SHELTERS, PLACERS), "placement", "worker", PLACERS, post=True),
    "shelters:end": Door(roles(SHELTERS, PLACERS), "placement", "worker", PLACERS),
    "shelters:out_of_order": Door(SHELTERS, "bed", "worker", post=True),
    "shelters:in_order": Door(SHELTERS, "bed", "worker", post=True),
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
#: Services act in tasks; no person signs in as one.
PEOPLE = tuple(role for role in Role if role not in SERVICES)
