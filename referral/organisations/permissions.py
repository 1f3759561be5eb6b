"""Who may do what, as a table that a person can read. A change here is a reviewed commit.

The matrix follows the chain's own division of tasks: nobody holds a permission of the
intelligence side and one of the care side (tests/house/test_wall.py). `manage.py sync_roles`
writes it to the database, where row-level security asks it again.
"""

from enum import StrEnum

from referral.organisations.roles import Role


class Permission(StrEnum):
    """One thing that a role may do. What a role may see of it is decided by `visible_to`."""

    # Indications of trafficking, intelligence side
    SIGNAL_SUBMIT = "signal.submit"
    SIGNAL_READ_OWN = "signal.read_own"
    SIGNAL_READ_ORGANISATION = "signal.read_organisation"
    SIGNAL_READ_MUNICIPALITY = "signal.read_municipality"
    SIGNAL_READ_ALL = "signal.read_all"
    SIGNAL_TRIAGE = "signal.triage"
    SIGNAL_JUDGE = "signal.judge"
    SIGNAL_IMPORT = "signal.import"
    SIGNAL_LEVELS = "signal.levels"
    SIGNAL_EVIDENCE = "signal.evidence"
    #: Decides on the destruction of signals, and holds them, on the side of intelligence.
    SIGNAL_DESTROY = "signal.destroy"
    DELIBERATION_PREPARE = "deliberation.prepare"
    DELIBERATION_CHAIR = "deliberation.chair"
    DELIBERATION_ATTEND = "deliberation.attend"
    #: Answers requests of the expert centre, and gets what it forwards, for the organisation.
    SIGNAL_RECEIVE = "signal.receive"
    TIP_KEEP = "tip.keep"
    ROUTING_READ = "routing.read"
    ROUTING_MANAGE = "routing.manage"
    SIGNAL_INDEX = "signal.index"
    # Registration of presumed victims
    REGISTRATION_SUBMIT = "registration.submit"
    REGISTRATION_READ_OWN = "registration.read_own"
    REGISTRATION_READ_ALL = "registration.read_all"
    REGISTRATION_COMPLETE = "registration.complete"
    PERSON_READ_ALL = "person.read_all"
    PERSON_READ_GRANTED = "person.read_granted"
    # Care
    CASE_OFFER = "case.offer"
    CASE_READ_HEADER = "case.read_header"
    CASE_READ_GRANTED = "case.read_granted"
    CASE_WORK = "case.work"
    CARE_NOTE_READ = "care_note.read"
    CARE_NOTE_WRITE = "care_note.write"
    CONSENT_READ = "consent.read"
    CONSENT_ASK = "consent.ask"
    #: Shares on another basis although the person refused or took the consent back.
    CONSENT_OVERRIDE = "consent.override"
    HANDOFF_OFFER = "handoff.offer"
    HANDOFF_ANSWER = "handoff.answer"
    #: Reads a case without a grant for some hours: on the side of care only, told and judged.
    EMERGENCY_OPEN = "emergency.open"
    EMERGENCY_READ_NOTES = "emergency.read_notes"
    EMERGENCY_REVIEW = "emergency.review"
    # Residence: reflection period, permit, police report
    REFLECTION_OFFER = "reflection.offer"
    REFLECTION_READ_END = "reflection.read_end"
    RESIDENCE_DECIDE = "residence.decide"
    RESIDENCE_READ_ALL = "residence.read_all"
    RESIDENCE_READ_GRANTED = "residence.read_granted"
    REPORT_KEEP = "report.keep"
    REPORT_READ = "report.read"
    # A case referred to another organisation, for one kind of help
    REFERRAL_SEND = "referral.send"
    REFERRAL_RECEIVE = "referral.receive"
    # Shelter and placement
    SHELTER_READ = "shelter.read"
    SHELTER_REQUEST = "shelter.request"
    BED_READ_ALL = "bed.read_all"
    BED_MANAGE_OWN = "bed.manage_own"
    PLACEMENT_READ_ALL = "placement.read_all"
    PLACEMENT_RESERVE = "placement.reserve"
    PLACEMENT_ANSWER = "placement.answer"
    PLACEMENT_RECORD = "placement.record"
    ADDRESS_REVEAL_ALL = "address.reveal_all"
    ADDRESS_REVEAL_PLACED = "address.reveal_placed"
    ADDRESS_READ_OWN = "address.read_own"
    # Figures
    RELEASE_COMPUTE = "release.compute"
    RELEASE_READ = "release.read"
    RELEASE_PROPOSE = "release.propose"
    RELEASE_APPROVE = "release.approve"
    RELEASE_DOWNLOAD = "release.download"
    TRUE_COUNTS = "release.true_counts"
    DASHBOARD_READ = "dashboard.read"
    # Oversight and administration
    AUDIT_READ = "audit.read"
    OVERRIDE_REVIEW = "override.review"
    AUDIT_SEAL = "audit.seal"
    MEMBERS_MANAGE = "members.manage"
    ORGANISATIONS_MANAGE = "organisations.manage"
    CLIENTS_MANAGE = "clients.manage"
    GEOGRAPHY_MANAGE = "geography.manage"
    #: How long data are kept, what is held and what was erased; who decides, who sets the terms.
    RETENTION_READ = "retention.read"
    RETENTION_DECIDE = "retention.decide"
    RETENTION_TERMS = "retention.terms"
    #: How long planning, handover, shelter and residence may take, in versions.
    TERMS_KEEP = "terms.keep"
    #: How care regions are covered, and with how much capacity.
    REGION_MANAGE = "region.manage"
    #: Changes the legal rules of sharing, which hold for everybody.
    MATRIX_CHANGE = "matrix.change"
    #: Answers persons who ask what is kept of them, for the own organisation.
    RIGHTS_HANDLE = "rights.handle"
    #: Does with the data what a privacy officer of the own organisation granted.
    RIGHTS_CARRY_OUT = "rights.carry_out"
    NOTICE_RELAY = "notice.relay"
    DEADLINE_SWEEP = "deadline.sweep"


_P = Permission
_OFFICER = frozenset(
    {
        _P.SIGNAL_SUBMIT,
        _P.SIGNAL_READ_OWN,
        _P.SIGNAL_READ_ORGANISATION,
        _P.DELIBERATION_ATTEND,
        _P.SIGNAL_RECEIVE,
        _P.REGISTRATION_SUBMIT,
        _P.REGISTRATION_READ_OWN,
        _P.PERSON_READ_GRANTED,
        _P.REPORT_KEEP,
        _P.REPORT_READ,
    }
)
#: Only police and Marechaussee offer a reflection period (B8/3.1 Vc).
_BORDER = _OFFICER | {_P.REFLECTION_OFFER}
_ANALYST = frozenset(
    {
        _P.SIGNAL_SUBMIT,
        _P.SIGNAL_READ_OWN,
        _P.SIGNAL_READ_ALL,
        _P.SIGNAL_TRIAGE,
        _P.SIGNAL_JUDGE,
        _P.ROUTING_READ,
    }
)
_SHELTER = frozenset(
    {
        _P.CASE_READ_GRANTED,
        _P.PERSON_READ_GRANTED,
        _P.REFLECTION_READ_END,
        _P.REFERRAL_RECEIVE,
        _P.SHELTER_READ,
        _P.BED_MANAGE_OWN,
        _P.PLACEMENT_ANSWER,
        _P.PLACEMENT_RECORD,
        _P.ADDRESS_READ_OWN,
    }
)

MATRIX: dict[Role, frozenset[Permission]] = {
    Role.MUNI_REPORTER: frozenset({_P.SIGNAL_SUBMIT, _P.SIGNAL_READ_OWN}),
    Role.MUNI_FOCAL: frozenset(
        {
            _P.SIGNAL_SUBMIT,
            _P.SIGNAL_READ_OWN,
            _P.SIGNAL_READ_MUNICIPALITY,
            _P.SIGNAL_RECEIVE,
        }
    ),
    Role.MUNI_POLICY: frozenset({_P.DASHBOARD_READ}),
    Role.LE_POLICE: _BORDER,
    Role.LE_KMAR: _BORDER,
    Role.LE_NLA: _OFFICER,
    Role.EMM_ANALYST: _ANALYST,
    Role.EMM_COORDINATOR: _ANALYST
    | {
        _P.SIGNAL_IMPORT,
        _P.SIGNAL_LEVELS,
        _P.SIGNAL_EVIDENCE,
        _P.SIGNAL_DESTROY,
        _P.DELIBERATION_PREPARE,
        _P.ROUTING_MANAGE,
    },
    Role.EMM_PARTNER: frozenset({_P.DELIBERATION_ATTEND}),
    # The residence track alone (domain description, table of actors): no intelligence and no care.
    Role.IND_LIAISON: frozenset({_P.RESIDENCE_DECIDE}),
    Role.OM_CHAIR: frozenset({_P.DELIBERATION_ATTEND, _P.DELIBERATION_CHAIR}),
    Role.COM_REGISTRAR: frozenset(
        {
            _P.REGISTRATION_READ_ALL,
            _P.REGISTRATION_COMPLETE,
            _P.PERSON_READ_ALL,
            _P.CASE_OFFER,
            _P.CASE_READ_HEADER,
            _P.REGION_MANAGE,
            _P.RETENTION_READ,
            _P.RETENTION_DECIDE,
            _P.RESIDENCE_READ_ALL,
            _P.REPORT_READ,
            _P.RIGHTS_CARRY_OUT,
        }
    ),
    Role.COM_PLACEMENT: frozenset(
        {
            _P.CASE_READ_HEADER,
            _P.RESIDENCE_READ_ALL,
            _P.SHELTER_READ,
            _P.BED_READ_ALL,
            _P.PLACEMENT_READ_ALL,
            _P.PLACEMENT_RESERVE,
            _P.PLACEMENT_RECORD,
            _P.ADDRESS_REVEAL_ALL,
            _P.CONSENT_READ,
            _P.EMERGENCY_OPEN,
        }
    ),
    Role.ZC: frozenset(
        {
            _P.CASE_READ_GRANTED,
            _P.CASE_WORK,
            _P.CARE_NOTE_READ,
            _P.CARE_NOTE_WRITE,
            _P.CONSENT_READ,
            _P.CONSENT_ASK,
            _P.CONSENT_OVERRIDE,
            _P.HANDOFF_OFFER,
            _P.HANDOFF_ANSWER,
            _P.EMERGENCY_OPEN,
            _P.REFERRAL_SEND,
            _P.RETENTION_READ,
            _P.RETENTION_DECIDE,
            _P.RIGHTS_CARRY_OUT,
            _P.PERSON_READ_GRANTED,
            _P.RESIDENCE_READ_GRANTED,
            _P.REPORT_READ,
            _P.SHELTER_READ,
            _P.SHELTER_REQUEST,
            _P.ADDRESS_REVEAL_PLACED,
            _P.REGISTRATION_SUBMIT,
            _P.REGISTRATION_READ_OWN,
        }
    ),
    Role.SHELTER_WORKER: _SHELTER,
    Role.SHELTER_MANAGER: _SHELTER
    | {
        _P.REGISTRATION_SUBMIT,
        _P.REGISTRATION_READ_OWN,
        _P.EMERGENCY_OPEN,
        _P.RIGHTS_CARRY_OUT,
    },
    # A partner of care also reports what it sees, with or without consent, and reads its own.
    Role.PARTNER_NGO: frozenset(
        {
            _P.SIGNAL_SUBMIT,
            _P.SIGNAL_READ_OWN,
            _P.REGISTRATION_SUBMIT,
            _P.REGISTRATION_READ_OWN,
            _P.PERSON_READ_GRANTED,
            _P.REFERRAL_RECEIVE,
            _P.RIGHTS_CARRY_OUT,
        }
    ),
    Role.NRM_ANALYST: frozenset(
        {
            _P.RELEASE_COMPUTE,
            _P.RELEASE_READ,
            _P.RELEASE_PROPOSE,
            _P.RELEASE_APPROVE,
            _P.RELEASE_DOWNLOAD,
            _P.DASHBOARD_READ,
        }
    ),
    Role.FG: frozenset(
        {
            _P.AUDIT_READ,
            _P.MATRIX_CHANGE,
            _P.OVERRIDE_REVIEW,
            _P.EMERGENCY_OPEN,
            _P.EMERGENCY_READ_NOTES,
            _P.EMERGENCY_REVIEW,
            _P.RETENTION_READ,
            _P.RIGHTS_HANDLE,
        }
    ),
    Role.AUDITOR: frozenset({_P.AUDIT_READ}),
    Role.ORG_ADMIN: frozenset({_P.MEMBERS_MANAGE}),
    Role.PLATFORM_ADMIN: frozenset(
        {
            _P.ORGANISATIONS_MANAGE,
            _P.CLIENTS_MANAGE,
            _P.GEOGRAPHY_MANAGE,
            _P.ROUTING_READ,
            _P.MATRIX_CHANGE,
            _P.TERMS_KEEP,
            _P.RETENTION_TERMS,
        }
    ),
    Role.SERVICE_RELAY: frozenset({_P.NOTICE_RELAY, _P.SIGNAL_INDEX}),
    Role.SERVICE_SEALER: frozenset({_P.AUDIT_SEAL}),
    Role.SERVICE_STATISTICS: frozenset({_P.RELEASE_COMPUTE, _P.RELEASE_READ, _P.TRUE_COUNTS}),
    Role.SERVICE_SWEEPER: frozenset({_P.DEADLINE_SWEEP}),
    # It reports what citizens tell, so that the desk works with a tip as with any signal.
    Role.SERVICE_TIPS: frozenset({_P.SIGNAL_SUBMIT, _P.SIGNAL_READ_OWN, _P.TIP_KEEP}),
}
