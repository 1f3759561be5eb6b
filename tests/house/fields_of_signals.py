"""What the fields of signals and of the rooms inside say; a part of tests/house/fields.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.house.fields import Kinds

SIGNALS: dict[str, Kinds] = {
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
}
