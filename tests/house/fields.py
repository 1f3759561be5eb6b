"""What every field of the house says, about whom. A field that does not stand here fails.

identifying  who or where somebody is: a name, an address, a number that stands for one person
special      what the law protects more: sexual life, crime, origin, health, the words of a victim
operational  keys, moments, states, who did what: the household of the system
plain        coded or public facts that say nothing about one person by themselves

Identifying and special fields live sealed or as keyed hashes; every other place has its reason
in CLEAR.
"""

from typing import TypedDict

from tests.house.fields_of_planning import PLANNING
from tests.house.fields_of_residence import RESIDENCE
from tests.house.fields_of_sharing import SHARING
from tests.house.fields_of_signals import SIGNALS
from tests.house.fields_of_stays import STAYS
from tests.house.fields_of_tables import TABLES


class Kinds(TypedDict, total=False):
    """The fields of one model, by what they say; names parted by spaces."""

    identifying: str
    special: str
    operational: str
    plain: str


FIELDS: dict[str, Kinds] = {
    # The map, public
    "geography.Province": {"plain": "code name"},
    "geography.PoliceUnit": {"plain": "code name"},
    "geography.SafetyRegion": {"plain": "code name province police_unit"},
    "geography.Municipality": {
        "plain": "cbs_code name also_called province safety_region valid successor"
    },
    "geography.FormerStanding": {
        "operational": "id",
        "plain": "municipality name province safety_region valid",
    },
    "geography.CareRegion": {"plain": "code name centre_municipality"},
    "geography.CareRegionMunicipality": {
        "operational": "id",
        "plain": "care_region municipality valid inferred",
    },
    # Who works where
    "organisations.Organisation": {
        "operational": "id created_at closed_at",
        "plain": "name type oin police_unit municipality",
    },
    "organisations.OrganisationGroupPermission": {
        "operational": "id permission group content_object"
    },
    "organisations.CareRegionCoverage": {"operational": "id care_region organisation valid"},
    "organisations.User": {
        "identifying": "email full_name",
        "operational": "id password last_login is_active machine date_joined",
        "plain": "language",
    },
    "organisations.Membership": {"operational": "id user organisation role valid wall"},
    # The trail and the outbox
    "audit.AuditEvent": {
        "special": "details",
        "operational": "id recorded_at xid actor_id organisation_id role action object_type"
        " object_id ids result purpose legal_basis grant_used request_id trace_id address"
        " details_key happened_at row_hash",
    },
    "audit.Seal": {
        "operational": "seq from_xid until_xid horizon_xid row_count root previous hash sealed_at"
    },
    "notices.Notice": {
        "operational": "id state attempts next_attempt_at last_error kind organisation role user"
        " object_type object_id url urgent posted_at posted_by done_at"
    },
    "notices.Delivery": {
        "operational": "id state attempts next_attempt_at last_error notice user channel"
        " delivered_at read_at"
    },
    "access.RolePermission": {"operational": "id role permission"},
    "access.DataKey": {"operational": "id wrapped ring_key_id created_at"},
    "access.KeptAnswer": {"operational": "id user key body answer created_at"},
    "access.ApiClient": {
        "operational": "id membership created_at created_by ended_at ended_by",
        "plain": "name",
    },
    "access.ClientKey": {"operational": "id client name algorithm public valid"},
    "access.SpentAssertion": {"operational": "id client jti expires_at"},
    "access.AccessToken": {"operational": "id digest client key issued_at expires_at"},
    "webhooks.Endpoint": {
        "operational": "id client address events key added_at added_by failing_since off_at off_by"
        " off_reason"
    },
    "webhooks.EndpointSecret": {"operational": "id endpoint sealed made_at made_by holds_until"},
    "webhooks.Push": {
        "operational": "id state attempts next_attempt_at last_error endpoint event signal_id"
        " reference happened_at delivered_at answered"
    },
    # Presumed victims
    # The deliberation
    "deliberation.Meeting": {
        "operational": "id held_on chair status key planned_at planned_by locked_at locked_by"
    },
    "deliberation.Participant": {
        "operational": "id meeting member sections invited_at invited_by present"
    },
    "deliberation.Proposal": {
        "special": "question",
        "operational": "id signal reference key urgent status proposed_at proposed_by",
    },
    "deliberation.AgendaItem": {"operational": "id meeting proposal position"},
    "deliberation.Pack": {"operational": "id participant status ordered_at ordered_by"},
    "deliberation.PackContent": {"special": "sealed pdf", "operational": "pack key"},
    "deliberation.Decision": {
        "special": "motivation",
        "operational": "id item code receiver due_on decided_at decided_by",
    },
    "deliberation.FollowUp": {
        "special": "remark",
        "operational": "id decision signal due_on status reminded_at done_at done_by",
    },
    "deliberation.Minutes": {"special": "sealed", "operational": "meeting written_at written_by"},
    "deliberation.Addendum": {"special": "sealed", "operational": "id meeting added_at added_by"},
    "deliberation.TrendNote": {
        "special": "sealed",
        "operational": "id key status written_at written_by published_at published_by",
        "plain": "title period forms regions",
    },
    "deliberation.TrendLink": {"operational": "id note signal"},
    "deliberation.TrendCount": {
        "operational": "id published_at published_by",
        "plain": "month axis code number",
    },
    "persons.Person": {
        "operational": "id reference organisation key created_at created_by",
        "plain": "sex age_group is_minor named",
    },
    "persons.Identity": {
        "identifying": "sealed",
        "operational": "person shape version changed_at changed_by",
    },
    "persons.IdentityKey": {"identifying": "hmac", "operational": "id person kind"},
    "persons.PersonGrant": {
        "operational": "id person organisation user level basis source valid granted_by reason"
    },
    "contact.ContactRule": {
        "identifying": "sealed",
        "operational": "id person kept_at kept_by stood_until",
        "plain": "channel is_safe",
    },
    "merging.Merge": {
        "identifying": "sealed before",
        "operational": "id kept gone status version proposed_at proposed_by decided_at decided_by"
        " undone_at undone_by",
    },
    "duty.Term": {"operational": "id version reason valid", "plain": "hours"},
    "duty.Reminder": {
        "operational": "id signal organisation officer told_at explained_at explained_by reason"
    },
    "matrix.LegalRule": {
        "operational": "id version reason valid",
        "plain": "code place sharers aims recipients ages outcome basis citation words_nl words_en"
        " confirmed",
    },
    "sharing.Consent": {
        "operational": "id person organisation purpose recipient_kind recipient state asked_at"
        " asked_by answered_at answered_by valid ended_at ended_by",
        "plain": "language interpreter leaflet how given_by withdrawal_reason",
    },
    **SHARING,
    "registrations.Registration": {
        "identifying": "national_number own_reference",
        "special": "forms primary_form question",
        "operational": "id reference person organisation referrer_type referrer_region"
        " legal_basis consent status submitted_at submitted_by returned_at returned_by missing"
        " registered_at registered_by care_needed withdrawn_at withdrawn_by withdrawal_reason"
        " level raised_at raised_by",
        "plain": "sector period_from period_to period_absent place_municipality place_country"
        " place_absent crossing help_wanted",
    },
    "registrations.SignalLink": {
        "operational": "id registration signal organisation linked_at linked_by"
    },
    "corrections.Version": {
        "special": "forms primary_form reason answer",
        "operational": "id registration number status corrects made_at made_by organisation"
        " decided_at decided_by",
        "plain": "sector period_from period_to period_absent place_municipality place_country"
        " place_absent crossing sex age_group is_minor",
    },
    "duplicates.DuplicateLink": {
        "special": "reason",
        "operational": "id registration earlier status linked_at linked_by undone_at undone_by",
    },
    "withdrawals.WithdrawalRequest": {
        "special": "reason answer",
        "operational": "id registration status ground asked_at asked_by decided_at decided_by",
    },
    # Care
    **RESIDENCE,
    **PLANNING,
    **STAYS,
    **TABLES,
    "cases.Case": {
        "special": "needs",
        "operational": "id reference person registration owner_organisation offered_to"
        " standing_since coordinator care_region status priority next_step next_step_by"
        " next_deadline_on opened_at opened_by accepted_at accepted_by closed_at closed_by"
        " closure_reason outcome person_informed",
        "plain": "age_group",
    },
    "cases.CaseGrant": {
        "operational": "id case organisation user level profile valid basis granted_by reason"
    },
    "cases.CaseAccess": {
        "operational": "id organisation user case level profile basis valid_until status priority"
        " opened_at next_deadline_on care_region"
    },
    "cases.Handoff": {
        "operational": "id case from_organisation to_organisation care_region status reason"
        " decline_reason sections package_hash version warm_meeting_on victim_informed"
        " answer_due_on offered_at offered_by answered_at answered_by key reviewed_at reviewed_by"
        " remind_on escalate_on expire_on reminded_at escalated_at met_on unmet_told_at"
        " completed_at completed_by"
    },
    "regions.Capacity": {
        "operational": "id care_region coverage fte age_split valid set_at set_by"
    },
    "cases.HandoffQuestion": {
        "special": "sealed sealed_reply",
        "operational": "id handoff asked_at asked_by replied_at replied_by",
    },
    "cases.HandoffRevision": {
        "special": "sealed",
        "operational": "id handoff version package_hash replaced_hash made_at made_by",
    },
    "cases.HandoffTerm": {
        "operational": "id version source valid",
        "plain": "remind_days answer_days escalate_days expire_days",
    },
    "cases.HandoffPackage": {"special": "sealed", "operational": "handoff"},
    "cases.CareNote": {
        "special": "sealed",
        "operational": "id case organisation written_at written_by",
    },
    **SIGNALS,
    # Shelter
    "shelters.Shelter": {
        "operational": "id organisation active",
        "plain": "code_name type sexes min_age max_age children pets wheelchair target_groups"
        " expertise languages security safety_region",
    },
    "shelters.Contract": {
        "operational": "id shelter set_at set_by",
        "plain": "funding places valid",
    },
    "shelters.EmergencyPlacement": {
        "operational": "id placement placed_by legal_basis recorded_at recorded_by"
    },
    "shelters.ShelterTerm": {
        "plain": "id version valid source answer_hours first_days long_days near_days record_days"
    },
    "shelters.FamilyStay": {"operational": "placement family"},
    "shelters.ShelterAddress": {"identifying": "sealed", "operational": "shelter key"},
    "shelters.Bed": {
        "operational": "id shelter code unit withdrawn_at withdrawn_by",
        "plain": "kind",
    },
    "shelters.BedOutage": {"operational": "id bed during set_by set_at"},
    "lists.ListedCode": {"operational": "id valid", "plain": "list code dutch english source"},
    "matching.EligibilityRule": {
        "operational": "id valid",
        "plain": "shelter_type demand citation",
    },
    "matching.NeedProfile": {
        "special": "nationality labour",
        "operational": "request avoid_regions apart",
        "plain": "stay children pets language",
    },
    "matching.Override": {"operational": "placement warnings set_by", "plain": "reason"},
    "matching.MatchProposal": {
        "special": "question",
        "operational": "id status progress people places ordered_at ordered_by computed_at",
    },
    "matching.MatchLine": {
        "operational": "id proposal number request bed reasons status decided_at decided_by"
    },
    "shelters.PlacementRequest": {
        "special": "needs",
        "operational": "id reference case person organisation urgency avoid_region legal_basis"
        " citation status requested_at requested_by cancelled_at cancelled_by",
        "plain": "sex age_group",
    },
    "shelters.Placement": {
        "operational": "id request case person shelter bed during follows status reserved_at reserved_by"
        " reserved_until answered_at answered_by refusal_reason withdrawn_at withdrawn_by"
        " arrived_at arrived_by ended_at ended_by end_reason"
    },
    # Figures
    "counting.CountingRules": {"plain": "version moment unit source valid"},
    "reporting.ReportProgramme": {"plain": "code title_nl title_en"},
    "reporting.ReportProgrammeGroupPermission": {
        "operational": "id permission group content_object"
    },
    "reporting.Release": {
        "operational": "id programme source status stage progress moved_on requested_at"
        " requested_by snapshot_at counting_rules computed_at refusal warnings least_possible sha256 proposed_at"
        " proposed_by approved_at approved_by withdrawn_at withdrawn_by withdrawal_reason",
        "plain": "period_from period_to",
    },
    "reporting.DraftCounts": {"special": "sealed", "operational": "release key"},
    "reporting.ReleaseCell": {"operational": "id release", "plain": "code value"},
    "reporting.Artefact": {"operational": "id release media_type sha256", "plain": "name content"},
}

#: Identifying or special, and yet in clear: each with its reason.
CLEAR = {
    "organisations.User.email": "a colleague's, not a victim's; sign-in looks it up",
    "organisations.User.full_name": "a colleague's; stands beside what the colleague did",
    "registrations.Registration.national_number": "a pseudonym that only the desk can resolve",
    "registrations.Registration.forms": "codes that statistics count; the policy guards the row",
    "registrations.Registration.primary_form": "a code that statistics count, as forms",
    "corrections.Version.forms": "codes, as those of the registration that it corrects",
    "corrections.Version.primary_form": "a code, as forms",
    "referrals.Referral.needs": "codes by which a team decides; the policy guards the row",
    "planning.Goal.need": "a code by which goals are grouped; the policy guards the row",
    "planning.RiskAssessment.level": "a code that lists warn by; the policy guards the row",
    "planning.RiskAssessment.factors": "codes, as the level; the policy guards the row",
    "documents.Document.category": "a code by which a document is found; the policy guards the row",
    "cases.Case.needs": "codes by which a coordinator is found; the policy guards the row",
    "routing.Decision.because": "codes of the signal that a rule asked, as forms",
    "signals.DeepeningAnswer.indicator": "a code that urgency follows from, as forms",
    "signals.Amendment.forms": "codes that go to the signal; the policy guards the row",
    "signals.Signal.forms": "codes that triage sorts by; the row names nobody",
    "search.SearchEntry.words": "keyed hashes; a tsvector, because it must be searched (ADR 13)",
    "matching.NeedProfile.nationality": "a coded part of the world, by which the law of a place asks",
    "matching.NeedProfile.labour": "yes or no, by which a place is found; the policy guards the row",
    "matching.MatchProposal.question": "codes and keys; wiped when it is computed",
    "swaps.SwapSide.needs": "as those of the request; the policy guards the row",
    "shelters.PlacementRequest.needs": "codes by which a bed is found; the policy guards the row",
}
