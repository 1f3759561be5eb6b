"""What can be told, as the sentence that is shown. No sentence holds anything about a person."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """A kind of notice (soort bericht)."""

    SIGNAL_RECEIVED = "signal_received", _("A new signal has come in.")
    SIGNAL_DEEPENED = (
        "signal_deepened",
        _("A reporter added to a signal, and its urgency has changed."),
    )
    SIGNAL_AMENDED = "signal_amended", _("A reporter changed a signal.")
    SIGNAL_WITHDRAWN = "signal_withdrawn", _("A reporter took a signal back.")
    SIGNAL_JUDGED = "signal_judged", _("There is an outcome on a signal that you sent.")
    SIGNAL_ASKED = "signal_asked", _("The expert centre has a question on a signal that you sent.")
    SIGNAL_ASKED_AGAIN = (
        "signal_asked_again",
        _("A question on a signal that you sent still waits for an answer."),
    )
    SIGNAL_ANSWERED = "signal_answered", _("Your question on a signal has been answered.")
    SIGNAL_UNANSWERED = (
        "signal_unanswered",
        _("No answer came to your question; the signal is back in triage."),
    )
    SIGNAL_UNPARKED = "signal_unparked", _("A parked signal is back in triage.")
    SIGNAL_TO_READ = "signal_to_read", _("A signal waits for a second reader.")
    SIGNAL_GIVEN_BACK = (
        "signal_given_back",
        _("The second reader gave a signal back to you."),
    )
    SIGNAL_REOPENED = (
        "signal_reopened",
        _("A signal that you sent is looked at again; the outcome no longer stands."),
    )
    SIGNAL_HANDED_OVER = "signal_handed_over", _("A colleague has handed a signal over to you.")
    SIGNAL_RESEMBLES = (
        "signal_resembles",
        _("Another signal seems to belong with one that you have."),
    )
    SIGNAL_OVERDUE = "signal_overdue", _("A signal was not decided on in time.")
    SIGNAL_FEEDBACK_NEAR = (
        "signal_feedback_near",
        _("The receiver of a forwarded signal has two weeks left for feedback."),
    )
    SIGNAL_FEEDBACK_OVERDUE = (
        "signal_feedback_overdue",
        _("There is no feedback on a forwarded signal after 30 days."),
    )
    DRAFT_HANDED_OVER = (
        "draft_handed_over",
        _("A colleague has handed a draft of a signal over to you."),
    )
    DRAFT_EXPIRES = (
        "draft_expires",
        _("A draft of yours will be wiped soon. Open it to keep it, or send it."),
    )
    ATTACHMENT_ADDED = "attachment_added", _("A file was added to a signal that you have.")
    ATTACHMENT_REFUSED = (
        "attachment_refused",
        _("A file that you added to a signal was refused."),
    )
    SCANNER_ALARM = (
        "scanner_alarm",
        _("The virus scanner does not answer; files wait in quarantine."),
    )
    MEETING_INVITED = "meeting_invited", _("You are invited to a deliberation.")
    MEETING_CANCELLED = "meeting_cancelled", _("A deliberation is cancelled.")
    PACK_READY = "pack_ready", _("Your papers for a deliberation are ready.")
    MEETING_DECIDED = (
        "meeting_decided",
        _("A deliberation has decided on a signal that you proposed."),
    )
    FOLLOW_UP_DUE = "follow_up_due", _("The follow-up of a decision is due.")
    TREND_PUBLISHED = "trend_published", _("A note on a trend has been published.")
    PARTNER_ASKED = "partner_asked", _("The expert centre asks your organisation for information.")
    PARTNER_REMINDED = (
        "partner_reminded",
        _("A request of the expert centre is to be answered within two working days."),
    )
    PARTNER_LATE = (
        "partner_late",
        _("The last day to answer a request of the expert centre is over."),
    )
    PARTNER_REQUEST_WITHDRAWN = (
        "partner_request_withdrawn",
        _("The expert centre has taken a request to your organisation back."),
    )
    PARTNER_ANSWERED = "partner_answered", _("A partner has answered your request.")
    PARTNER_DECLINED = "partner_declined", _("A partner has declined your request.")
    PARTNER_OVERDUE = "partner_overdue", _("A partner has not answered a request in time.")
    EXTRACT_SENT = "extract_sent", _("The expert centre forwards a signal to your organisation.")
    EXTRACT_RECALLED = (
        "extract_recalled",
        _("The expert centre has recalled a signal that it forwarded to you."),
    )
    EXTRACT_UNOPENED = (
        "extract_unopened",
        _("A signal that was forwarded to your organisation has not been opened yet."),
    )
    EXTRACT_FEEDBACK_NEAR = (
        "extract_feedback_near",
        _("Two weeks are left for your feedback on a forwarded signal."),
    )
    EXTRACT_LATE = (
        "extract_late",
        _("The last day for your feedback on a forwarded signal is over."),
    )
    EXTRACT_OPENED = "extract_opened", _("The receiver has opened a signal that you forwarded.")
    EXTRACT_ANSWERED = (
        "extract_answered",
        _("The receiver has given feedback on a signal that you forwarded."),
    )
    EXTRACT_OVERDUE = (
        "extract_overdue",
        _("The receiver of a forwarded signal gave no feedback in time."),
    )
    TIP_ADDED = "tip_added", _("Somebody who sent a tip has added to it.")
    SIGNAL_DANGER = "signal_danger", _("Acute danger: take this signal up now.")
    SIGNAL_ROUTED = "signal_routed", _("A signal has been sent direct to your organisation.")
    ROUTING_ALARM = (
        "routing_alarm",
        _("A rule for routing signals is broken. Its signals go via the expert centre now."),
    )
    IMPORT_FINISHED = "import_finished", _("An import of signals has finished.")
    DUTY_TO_REGISTER = (
        "duty_to_register",
        _("A presumed victim of a signal that you sent has not been registered yet."),
    )
    REGISTRATION_SUBMITTED = (
        "registration_submitted",
        _("A registration of a presumed victim is waiting to be checked."),
    )
    REGISTRATION_RETURNED = (
        "registration_returned",
        _("A registration has been returned to you with a question."),
    )
    REGISTRATION_COMPLETED = (
        "registration_completed",
        _("A registration of yours has been completed."),
    )
    REGISTRATION_RAISED = (
        "registration_raised",
        _("A registration without a name now says who it is."),
    )
    CORRECTION_PROPOSED = (
        "correction_proposed",
        _("A reporter asks to correct a registration."),
    )
    CORRECTION_ACCEPTED = "correction_accepted", _("A registration of yours has been corrected.")
    CORRECTION_DECLINED = (
        "correction_declined",
        _("A correction that you asked for was not accepted."),
    )
    WITHDRAWAL_ASKED = (
        "withdrawal_asked",
        _("A reporter asks to withdraw a registration."),
    )
    WITHDRAWAL_ACCEPTED = (
        "withdrawal_accepted",
        _("A registration of yours was withdrawn, as you asked."),
    )
    WITHDRAWAL_DECLINED = (
        "withdrawal_declined",
        _("A registration of yours was not withdrawn; read why."),
    )
    PERSONS_MERGED = (
        "persons_merged",
        _("A person whom you know was registered twice; the two records are now one person."),
    )
    MERGE_UNDONE = (
        "merge_undone",
        _("A person whom you know was taken for another; they are two persons again."),
    )
    DOCUMENT_ADDED = "document_added", _("A document was added to a case that you coordinate.")
    DOCUMENT_REFUSED = (
        "document_refused",
        _("A document that you added to a case was refused."),
    )
    CASE_OFFERED = "case_offered", _("A case is offered to your organisation.")
    CASE_OFFERED_ELSEWHERE = (
        "case_offered_elsewhere",
        _("A case that was offered to your organisation is now asked of another region."),
    )
    CASE_ACCEPTED = "case_accepted", _("A care coordinator has accepted the case.")
    CASE_CLOSED = "case_closed", _("A case that you worked on has been closed.")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("A consent has been withdrawn.")
    CONSENT_ENDS = "consent_ends", _("A consent ends within thirty days. Ask the person again.")
    SHARE_STOPPED = (
        "share_stopped",
        _("Sharing has stopped: what it rested on was taken back."),
    )
    ERASURE_DUE = (
        "erasure_due",
        _("Data of your organisation are past their term. Approve the erasure, or hold them."),
    )
    ERASURE_APPROVED = "erasure_approved", _("An erasure waits for a second person.")
    PERSON_ERASED = "person_erased", _("Data of a person were erased. The certificate is ready.")
    EMERGENCY_OPENED = (
        "emergency_opened",
        _("A case was opened in an emergency. Look who did so, and why."),
    )
    EMERGENCY_REVIEWED = (
        "emergency_reviewed",
        _("The privacy officer has judged the opening of a case in an emergency."),
    )
    EMERGENCY_LATE = (
        "emergency_late",
        _("The opening of a case in an emergency was not judged in time."),
    )
    RIGHTS_RECEIVED = (
        "rights_received",
        _("A person asks something about the data that your organisation keeps."),
    )
    RIGHTS_NEAR = (
        "rights_near",
        _("A request of a person must be answered within a week."),
    )
    RIGHTS_LATE = "rights_late", _("A request of a person was not answered in time.")
    RIGHTS_GRANTED = (
        "rights_granted",
        _("A request of a person was granted: see what you must do with the data."),
    )
    RIGHTS_WAITING = (
        "rights_waiting",
        _("What was granted to a person still waits to be carried out."),
    )
    REFERRAL_OFFERED = "referral_offered", _("Help is asked of your organisation for somebody.")
    REFERRAL_REMINDED = (
        "referral_reminded",
        _("A referral to your organisation waits for your answer today."),
    )
    REFERRAL_ACCEPTED = "referral_accepted", _("A referral of yours has been accepted.")
    REFERRAL_DECLINED = "referral_declined", _("A referral of yours has been declined.")
    REFERRAL_WITHDRAWN = (
        "referral_withdrawn",
        _("A referral to your organisation has been withdrawn."),
    )
    REFERRAL_EXPIRED = (
        "referral_expired",
        _("A referral was not answered in time and has ended."),
    )
    REFERRAL_CONTACTED = (
        "referral_contacted",
        _("The first contact after a referral of yours has been made."),
    )
    REFERRAL_LATE = "referral_late", _("After a referral there is no first contact in time.")
    REFERRAL_COMPLETED = "referral_completed", _("The help after a referral of yours is done.")
    TABLE_CALLED = "table_called", _("Your organisation is invited to a case table.")
    TABLE_CANCELLED = "table_cancelled", _("A case table to which you were invited is cancelled.")
    TABLE_AGREED = "table_agreed", _("An agreement of a case table names your organisation.")
    TASK_GIVEN = "task_given", _("A colleague has given you a task.")
    TASK_NEAR = "task_near", _("A task of yours must be done soon.")
    TASK_DUE = "task_due", _("The day of a task has come.")
    PLAN_TO_REVIEW = (
        "plan_to_review",
        _("The day has come to review a care plan with the person."),
    )
    RISK_TO_REVIEW = "risk_to_review", _("The day has come to look at a risk again.")
    TASKS_TAKEN_OVER = (
        "tasks_taken_over",
        _("You have the tasks of a colleague who is away."),
    )
    TASKS_BACK = "tasks_back", _("Your tasks are yours again after your absence.")
    SHELTER_REQUESTED = "shelter_requested", _("A place in a shelter is asked for.")
    PLACEMENT_OFFERED = "placement_offered", _("A placement is offered to your shelter.")
    PLACEMENT_ACCEPTED = "placement_accepted", _("The shelter has accepted the placement.")
    PLACEMENT_REFUSED = "placement_refused", _("The shelter has refused the placement.")
    PLACEMENT_EXPIRED = "placement_expired", _("A reserved bed has been released unanswered.")
    RESERVATION_WITHDRAWN = (
        "reservation_withdrawn",
        _("The placement desk has taken a reserved bed back."),
    )
    PERSON_ARRIVED = "person_arrived", _("The arrival at the shelter has been recorded.")
    EMERGENCY_PLACED = "emergency_placed", _("The police placed somebody in an emergency.")
    PLACEMENT_ENDED = "placement_ended", _("A placement has ended.")
    EXTENSION_ASKED = "extension_asked", _("A shelter asks for a longer stay.")
    EXTENSION_DECIDED = "extension_decided", _("There is an answer on a longer stay.")
    OUTFLOW_PLANNED = "outflow_planned", _("A departure from a shelter is planned.")
    SWAP_PROPOSED = (
        "swap_proposed",
        _("The placement desk proposes that two people change beds."),
    )
    SWAP_ACCEPTED = "swap_accepted", _("A shelter has accepted a change of beds.")
    SWAP_CLOSED = "swap_closed", _("A change of beds will not take place.")
    BEDS_SWAPPED = "beds_swapped", _("Two people have changed beds.")
    STAY_LONG = "stay_long", _("A stay in a shelter has lasted sixty days.")
    STAY_ENDS_SOON = "stay_ends_soon", _("A stay in a shelter is agreed for two more weeks.")
    ADDRESS_REVEALED = "address_revealed", _("The address of your shelter has been shown.")
    SHELTER_CHANGED = (
        "shelter_changed",
        _("The placement desk has changed what is known of your shelter."),
    )
    HANDOFF_OFFERED = "handoff_offered", _("Another region hands a case over to you.")
    HANDOFF_ACCEPTED = "handoff_accepted", _("The other region has accepted the case.")
    HANDOFF_DECLINED = "handoff_declined", _("The other region has declined the case.")
    HANDOFF_WITHDRAWN = "handoff_withdrawn", _("A handoff to you has been withdrawn.")
    HANDOFF_IN_REVIEW = "handoff_in_review", _("The other region looks at your handoff.")
    HANDOFF_QUESTION = "handoff_question", _("The other region asks something about your handoff.")
    HANDOFF_REPLY = "handoff_reply", _("Your question about a handoff has been answered.")
    HANDOFF_REMINDED = "handoff_reminded", _("A handoff waits for your answer.")
    HANDOFF_LATE = (
        "handoff_late",
        _("A handoff waits too long for you. The national desk has been told."),
    )
    HANDOFF_ESCALATED = "handoff_escalated", _("A handoff between regions waits too long.")
    HANDOFF_EXPIRED = (
        "handoff_expired",
        _("A handoff was not answered in time and has ended. The sender stays responsible."),
    )
    HANDOFF_UNMET = (
        "handoff_unmet",
        _("The day of a meeting to hand over has passed, and nobody wrote down that it was held."),
    )
    HANDOFF_COMPLETED = "handoff_completed", _("A handoff of yours has been completed.")
    REFLECTION_BEGUN = "reflection_begun", _("A reflection period has begun.")
    REFLECTION_ENDED = "reflection_ended", _("A reflection period has ended before its term.")
    REFLECTION_TO_END = (
        "reflection_to_end",
        _("The residence of a person changed: look whether the reflection period must end."),
    )
    M55_SENT = "m55_sent", _("Form M55 has been sent: a residence file waits for a decision.")
    RESIDENCE_DECIDED = (
        "residence_decided",
        _("The immigration service has written something in a residence file."),
    )
    RESIDENCE_OF_CASE = (
        "residence_of_case",
        _("The immigration service has decided on the residence of somebody in your care."),
    )
    PERMIT_GROUND_FELL = (
        "permit_ground_fell",
        _("The criminal case on which a permit leans has ended. Look at the permit again."),
    )
    TERM_ENDS_30 = "term_ends_30", _("Within 30 days a term of a residence file ends.")
    TERM_ENDS_14 = "term_ends_14", _("Within 14 days a term of a residence file ends.")
    TERM_ENDS_7 = "term_ends_7", _("Within a week a term of a residence file ends.")
    TERM_ENDS_1 = "term_ends_1", _("Tomorrow a term of a residence file ends.")
    TERM_ENDS_0 = "term_ends_0", _("The last day of a term of a residence file has come.")
    RELEASE_COMPUTED = "release_computed", _("A release of figures has been computed.")
    RELEASE_PROPOSED = "release_proposed", _("A release of figures is waiting for approval.")
    RELEASE_SEALED = "release_sealed", _("A release of figures has been sealed.")
    AUDIT_ALARM = "audit_alarm", _("The audit trail is not whole. Look at it now.")
    OUTBOX_ALARM = "outbox_alarm", _("A notice could not be delivered. Look at the log.")
    PUSH_ALARM = "push_alarm", _("A message to a partner's system could not be delivered.")
    ENDPOINT_OFF = (
        "endpoint_off",
        _("Nothing is sent to the address of a partner's system any more."),
    )
