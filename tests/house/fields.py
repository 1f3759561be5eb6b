"""What every field of the house says, about whom. A field that does not stand here fails.

identifying  who or where somebody is: a name, an address, a number that stands for one person
special      what the law protects more: sexual life, crime, origin, health, the words of a victim
operational  keys, moments, states, who did what: the household of the system
plain        coded or public facts that say nothing about one person by themselves

Identifying and special fields live sealed or as keyed hashes; every other place has its reason
in CLEAR.
"""

from typing import TypedDict

from tests.house.fields_of_residence import RESIDENCE
from tests.house.fields_of_sharing import SHARING


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
        "plain": "sex age_group is_minor",
    },
    "persons.Identity": {
        "identifying": "sealed",
        "operational": "person shape version changed_at changed_by",
    },
    "persons.IdentityKey": {"identifying": "hmac", "operational": "id person kind"},
    "persons.PersonGrant": {
        "operational": "id person organisation user level basis source valid granted_by reason"
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
        "identifying": "national_number",
        "special": "forms primary_form question",
        "operational": "id reference person organisation referrer_type referrer_region"
        " legal_basis consent status submitted_at submitted_by returned_at returned_by missing"
        " registered_at registered_by care_needed withdrawn_at withdrawn_by withdrawal_reason",
        "plain": "sector period_from period_to period_absent place_municipality place_country"
        " place_absent crossing help_wanted",
    },
    "registrations.SignalLink": {
        "operational": "id registration signal organisation linked_at linked_by"
    },
    # Care
    **RESIDENCE,
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
        " answer_due_on offered_at offered_by answered_at answered_by"
    },
    "cases.HandoffPackage": {"special": "sealed", "operational": "handoff"},
    "cases.CareNote": {
        "special": "sealed",
        "operational": "id case organisation written_at written_by",
    },
    # Signals
    # What the expert centre adds to a signal
    "enrichment.Ground": {
        "operational": "id",
        "plain": "code name_nl name_en valid regime term_months prolong_months",
    },
    "enrichment.Source": {"operational": "id", "plain": "code name_nl name_en valid place"},
    "enrichment.FlowBasis": {
        "operational": "id",
        "plain": "code name_nl name_en valid receiver_types names",
    },
    "enrichment.PartnerRequest": {
        "special": "sealed answer refusal",
        "operational": "id signal organisation basis status due_on key asked_at asked_by"
        " reminded_at escalated_at answered_at answered_by ended_at ended_by",
    },
    "enrichment.Enrichment": {
        "operational": "id signal number request key added_at added_by ends_on destroyed_at"
        " destroyed_by"
    },
    "enrichment.EnrichmentVersion": {
        "special": "sealed",
        "operational": "id enrichment number kind source reliability credibility ground"
        " written_at written_by",
    },
    "enrichment.Prolongation": {
        "special": "sealed",
        "operational": "id enrichment until decided_at decided_by",
    },
    "forwarding.Extract": {
        "special": "sealed",
        "operational": "id signal receiver basis status key due_on sent_at sent_by opened_at"
        " opened_by recalled_at recalled_by feedback answered_at answered_by unopened_told_at"
        " near_told_at overdue_told_at",
    },
    "links.Link": {
        "special": "sealed",
        "operational": "id first second kind made_at made_by ended_at ended_by",
    },
    "links.Dismissal": {"operational": "id first second dismissed_at dismissed_by"},
    "links.Telling": {"operational": "id first second told_at told_by"},
    "links.NewKeys": {"operational": "id signal"},
    "links.LinkWeights": {
        "operational": "id version reason valid name_date plate iban phone profile email words_year"
        " address kvk sound domain surroundings strong"
    },
    "signals.ImportBatch": {
        "operational": "id organisation created_by created_at member profile file_name file_hash"
        " file_size mapping key status rows position accepted refused already_known error moved_on"
        " ended_at"
    },
    "signals.LayoutMapping": {"operational": "id code version label content reason valid"},
    "signals.ServiceLevels": {
        "operational": "id version draft_days triage_urgent_hours triage_days second_reading_days"
        " answer_days answer_reminded_days feedback_near_days feedback_days parking_days reason valid"
    },
    "signals.FilePiece": {"special": "sealed", "operational": "id batch number"},
    "signals.SeenContent": {"special": "content", "operational": "id batch seen"},
    "signals.ImportRefusal": {"operational": "id batch line reason"},
    "signals.Signal": {
        "special": "forms row_key",
        "operational": "id reference reporter_organisation reporter_type created_by created_at"
        " channel urgency status paused version changed_by taken_up_at taken_up_by outcome"
        " outcome_at closed_at closed_by import_batch import_profile departs urgent_indicators"
        " strong_indicators",
        "plain": "observed municipality world_region place_kind n_victims sex age_group danger"
        " minors",
    },
    "signals.SignalNarrative": {"special": "sealed", "operational": "signal key"},
    "attachments.Attachment": {
        "identifying": "name",
        "operational": "id signal key kind size received status reason sha256 rebuilt_size removed"
        " scanned scanner_missed created_at created_by settled_at attempts next_attempt_at",
    },
    "attachments.AttachmentPiece": {
        "special": "sealed",
        "operational": "id attachment part offset",
    },
    "drafts.SavedDraft": {
        "operational": "id organisation holder status form_version version created_at created_by"
        " saved_at saved_by told_at ended_at ended_by"
    },
    "drafts.DraftContent": {"special": "sealed", "operational": "draft key"},
    "drafts.DraftHandover": {"operational": "id draft to handed_at handed_by"},
    "signals.Indicator": {
        "operational": "id",
        "plain": "code version chapter dimension strength ages target_groups ilo departs text_nl"
        " text_en source valid",
    },
    "signals.Deepening": {
        "special": "sealed",
        "operational": "id signal number added_at added_by",
    },
    "signals.DeepeningAnswer": {"special": "indicator", "operational": "id deepening knowledge"},
    "signals.Item": {
        "identifying": "sealed",
        "operational": "id signal kind position role came_in left_in added_at added_by",
        "plain": "sex",
    },
    "signals.ItemKey": {"identifying": "hmac", "operational": "id signal item kind"},
    "signals.Amendment": {
        "special": "sealed forms",
        "operational": "id signal number added_at added_by",
        "plain": "observed municipality place_kind n_victims sex age_group danger",
    },
    "signals.Withdrawal": {
        "special": "sealed",
        "operational": "signal reason withdrawn_at withdrawn_by",
    },
    "signals.Offshoot": {"operational": "signal origin item"},
    "signals.Judgement": {
        "special": "motivation",
        "operational": "signal verdict judged_at judged_by",
    },
    "signals.Question": {
        "special": "sealed answer",
        "operational": "id signal status began_at began_by due_on reminded_at ended_at ended_by",
    },
    "signals.Parking": {
        "special": "sealed",
        "operational": "id signal began_at began_by until ended_at ended_by",
    },
    "signals.Merging": {
        "special": "sealed",
        "operational": "id signal into began_at began_by ended_at ended_by",
    },
    "signals.ReceiverFeedback": {"operational": "signal code recorded_at recorded_by"},
    "signals.Escalation": {"operational": "id signal term told_at told_by paused"},
    "signals.SecondReading": {
        "special": "motivation remark",
        "operational": "id signal status proposed_at proposed_by read_at read_by",
    },
    # Where signals go
    "routing.RuleSet": {
        "operational": "id version status made_at made_by changed_at changed_by activated_at"
        " activated_by retired_at retired_by"
    },
    "routing.Rule": {"operational": "id rule_set number goal service", "plain": "conditions"},
    "routing.DryRun": {
        "operational": "id rule_set against ordered_at ordered_by member status total position"
        " last moves taken"
    },
    "routing.Decision": {
        "special": "because",
        "operational": "signal rule goal service fault",
    },
    "routing.BrokenRule": {"operational": "rule fault found_at"},
    "tips.Tip": {"identifying": "code_hash", "operational": "signal"},
    "routing.Shift": {"operational": "id member line during planned_at planned_by"},
    "routing.Patience": {"operational": "id minutes set_at set_by"},
    "routing.Call": {"operational": "id signal step organisation person role called_at called_by"},
    "search.SearchEntry": {
        "special": "words",
        "operational": "id signal desk reporter_organisation reporter_type created_by",
        "plain": "municipality",
    },
    "search.StaleSignal": {"operational": "id signal"},
    "search.SavedFilter": {
        "identifying": "sealed name_key",
        "operational": "id created_by organisation role shared key created_at",
    },
    # Shelter
    "shelters.Shelter": {
        "operational": "id organisation active",
        "plain": "code_name type sexes min_age max_age children wheelchair security safety_region",
    },
    "shelters.ShelterAddress": {"identifying": "sealed", "operational": "shelter key"},
    "shelters.Bed": {"operational": "id shelter code", "plain": "kind"},
    "shelters.BedOutage": {"operational": "id bed during set_by set_at"},
    "shelters.PlacementRequest": {
        "special": "needs",
        "operational": "id reference case person organisation urgency avoid_region legal_basis"
        " citation status requested_at requested_by cancelled_at cancelled_by",
        "plain": "sex age_group",
    },
    "shelters.Placement": {
        "operational": "id request case person shelter bed during status reserved_at reserved_by"
        " reserved_until answered_at answered_by refusal_reason arrived_at arrived_by ended_at"
        " ended_by end_reason"
    },
    # Figures
    "reporting.ReportProgramme": {"plain": "code title_nl title_en"},
    "reporting.ReportProgrammeGroupPermission": {
        "operational": "id permission group content_object"
    },
    "reporting.Release": {
        "operational": "id programme source status stage progress moved_on requested_at"
        " requested_by snapshot_at computed_at refusal warnings least_possible sha256 proposed_at"
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
    "referrals.Referral.needs": "codes by which a team decides; the policy guards the row",
    "cases.Case.needs": "codes by which a coordinator is found; the policy guards the row",
    "routing.Decision.because": "codes of the signal that a rule asked, as forms",
    "signals.DeepeningAnswer.indicator": "a code that urgency follows from, as forms",
    "signals.Amendment.forms": "codes that go to the signal; the policy guards the row",
    "signals.Signal.forms": "codes that triage sorts by; the row names nobody",
    "search.SearchEntry.words": "keyed hashes; a tsvector, because it must be searched (ADR 13)",
    "shelters.PlacementRequest.needs": "codes by which a bed is found; the policy guards the row",
}
