"""The main navigation: one list of pages with the permission that opens each."""

from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referral.organisations.models import Membership
from referral.organisations.permissions import Permission

_P = Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the navigation. `on_home` also gets a card on the home page, with its reason."""

    name: str
    label: str | Promise
    permissions: tuple[Permission, ...] = ()
    on_home: str | Promise = ""

    @property
    def url(self) -> str:
        return address(self.name)


@cache
def address(name: str) -> str:
    """Every page names a dozen, and looking one up takes longer than drawing it."""
    return reverse(name)


#: In the order of the work. A page is named by its URL, so that access leans on no room.
ENTRIES = (
    Entry("home", _("My work")),
    Entry("signals:submit", _("New signal"), (_P.SIGNAL_SUBMIT,)),
    Entry("signals:list", _("Signals"), (_P.SIGNAL_SUBMIT,)),
    Entry("signals:triage", _("Triage"), (_P.SIGNAL_TRIAGE,)),
    Entry(
        "signals:deliberation:list", _("Deliberation"), (_P.SIGNAL_JUDGE, _P.DELIBERATION_ATTEND)
    ),
    Entry("signals:enrichment:desk", _("Requests to partners"), (_P.SIGNAL_TRIAGE,)),
    Entry("signals:forwarding:sent", _("Forwarded"), (_P.SIGNAL_TRIAGE,)),
    Entry("signals:enrichment:to_us", _("Requests to us"), (_P.SIGNAL_RECEIVE,)),
    Entry("signals:forwarding:received", _("Forwarded to us"), (_P.SIGNAL_RECEIVE,)),
    Entry("signals:search:search", _("Search"), (_P.SIGNAL_SUBMIT,)),
    Entry("signals:imports", _("Import"), (_P.SIGNAL_IMPORT,)),
    Entry(
        "signals:routing:versions",
        _("Routing"),
        (_P.ROUTING_READ,),
        _("By which rules new signals go to the expert centre or direct to a service."),
    ),
    Entry("signals:levels", _("Service levels"), (_P.SIGNAL_LEVELS,)),
    Entry("signals:links:weights", _("Weights of links"), (_P.SIGNAL_LEVELS,)),
    Entry("registrations:mine", _("Registrations"), (_P.REGISTRATION_READ_OWN,)),
    Entry("registrations:queue", _("Registrations"), (_P.REGISTRATION_COMPLETE,)),
    Entry(
        "residence:list",
        _("Residence and report"),
        (
            _P.REPORT_KEEP,
            _P.RESIDENCE_DECIDE,
            _P.RESIDENCE_READ_ALL,
            _P.RESIDENCE_READ_GRANTED,
            _P.REFLECTION_READ_END,
        ),
    ),
    Entry("persons:merges", _("Merges"), (_P.REGISTRATION_COMPLETE,)),
    Entry("cases:list", _("Cases"), (_P.CASE_READ_GRANTED, _P.CASE_READ_HEADER)),
    Entry("cases:regions:overview", _("Care regions"), (_P.CASE_READ_HEADER,)),
    Entry("cases:queue", _("On offer"), (_P.HANDOFF_ANSWER,)),
    Entry("cases:handoffs", _("Handoffs"), (_P.HANDOFF_OFFER,)),
    Entry("cases:planning:tasks", _("Tasks"), (_P.CASE_WORK,)),
    Entry("cases:calendar:month", _("Calendar"), (_P.CASE_WORK,)),
    Entry("cases:referrals:list", _("Referrals"), (_P.REFERRAL_SEND, _P.REFERRAL_RECEIVE)),
    Entry("cases:tables:list", _("Case tables"), (_P.REFERRAL_SEND, _P.REFERRAL_RECEIVE)),
    Entry(
        "cases:emergency:list",
        _("Emergency access"),
        (_P.EMERGENCY_OPEN, _P.EMERGENCY_REVIEW),
    ),
    Entry("retention:list", _("Erasure"), (_P.RETENTION_READ,)),
    Entry(
        "retention:destruction:lists",
        _("Destruction lists"),
        (_P.RETENTION_READ, _P.SIGNAL_DESTROY),
        _("Signals, placements and consents that are past their term, to approve or to hold."),
    ),
    Entry(
        "retention:terms",
        _("Retention terms"),
        (_P.RETENTION_TERMS,),
        _("How long each kind of data is kept, and which text says so."),
    ),
    Entry(
        "terms:all",
        _("Terms"),
        (_P.TERMS_KEEP,),
        _("How long planning, handover, shelter and residence may take, and which text says so."),
    ),
    Entry(
        "rights:list",
        _("Requests of persons"),
        (_P.RIGHTS_HANDLE,),
        _("Who asks what is kept of them, or to change, destroy, stop using or take it along."),
    ),
    Entry(
        "rights:to_carry_out",
        _("To carry out"),
        (_P.RIGHTS_CARRY_OUT,),
        _("What was granted to persons about their own data, and must be done now."),
    ),
    Entry("shelters:requests", _("Requests"), (_P.PLACEMENT_RESERVE,)),
    Entry("shelters:board", _("Bed board"), (_P.BED_READ_ALL,)),
    Entry("shelters:today", _("Beds today"), (_P.PLACEMENT_ANSWER,)),
    Entry("shelters:stays:list", _("Stays"), (_P.PLACEMENT_READ_ALL, _P.PLACEMENT_ANSWER)),
    Entry("shelters:figures:quarter", _("Figures of shelter"), (_P.SHELTER_READ,)),
    Entry("reporting:releases", _("Releases"), (_P.RELEASE_READ,)),
    Entry(
        "municipalities:dashboard",
        _("Figures"),
        (_P.DASHBOARD_READ,),
        _("Presumed victims in your region, your province and the country, by quarter."),
    ),
    Entry(
        "audit:trail",
        _("Log"),
        (_P.AUDIT_READ,),
        _("Who did or saw what, for which purpose; also what was refused."),
    ),
    Entry(
        "sharing:other_bases",
        _("Without consent"),
        (_P.OVERRIDE_REVIEW,),
        _("Where data were shared without consent, on which article, to be reviewed."),
    ),
    Entry(
        "people:members",
        _("Members"),
        (_P.MEMBERS_MANAGE,),
        _("Who works here in which role, from when until when."),
    ),
    Entry(
        "people:organisations",
        _("Organisations"),
        (_P.ORGANISATIONS_MANAGE,),
        _("The partners of the chain."),
    ),
    Entry(
        "people:clients",
        _("Systems"),
        (_P.CLIENTS_MANAGE,),
        _("The systems of partners that send signals by themselves, and their keys."),
    ),
    Entry(
        "matrix:rules",
        _("Legal rules"),
        (_P.MATRIX_CHANGE,),
        _("What the law says of sharing, by who, what for and with whom."),
    ),
    Entry(
        "registrations:duty:term",
        _("Term of registration"),
        (_P.MATRIX_CHANGE,),
        _("How long an officer has to register a presumed victim."),
    ),
    Entry("matrix:may_i_share", _("May I share this?")),
    Entry("geography:look_up", _("Municipalities")),
)


def entries(member: Membership | None) -> list[Entry]:
    """The pages that this member's role opens."""
    if member is None:
        return []
    return [
        entry
        for entry in ENTRIES
        if not entry.permissions or any(map(member.may, entry.permissions))
    ]
