"""Each lock holds without the other, in every room: the queryset, and row-level security.

The rooms try their own locks on more stories; here no room and no table can be forgotten.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.cases.actions import reply_about_handoff, write_care_note
from referral.cases.calendar.actions import make_address
from referral.cases.emergency.workflow import Status as Opened
from referral.cases.referrals.workflow import ReferralStatus
from referral.cases.regions.actions import set_capacity
from referral.cases.regions.rules import Setting
from referral.cases.tables.workflow import TableStatus
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.checks import open_reason
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import SERVICES, OrganisationType, Role
from referral.registrations.duty.actions import remind_officers
from referral.registrations.workflow import Status as RegistrationStatus
from referral.residence.actions import move_report
from referral.residence.rules import ReportFacts
from referral.residence.tasks import keep_terms as keep_residence_terms
from referral.residence.workflow import ReportStatus
from referral.retention.workflow import Status as Erasing
from referral.rights.workflow import Status as RightsStatus
from reporting.workflow import Status as ReleaseStatus
from shelters.actions import set_out_of_order
from shelters.workflow import PlacementStatus
from signals.actions import escalate_overdue, take_up_signal
from signals.deliberation.actions import add_addendum
from signals.deliberation.workflow import MeetingStatus
from signals.enrichment.actions import destroy_enrichments, prolong_enrichment
from signals.enrichment.workflow import RequestStatus
from signals.forwarding.workflow import ExtractStatus
from signals.links.actions import dismiss_suggestion, end_link, tell_handlers
from signals.links.models import LinkKind
from signals.routing.actions import order_dry_run, set_patience
from signals.search.actions import index_changes, save_filter
from signals.tips.actions import send_tip
from signals.workflow import Status as SignalStatus
from tests.deliberation.scenes import Scene, act
from tests.factories.after_registration import make_link as link_to_earlier
from tests.factories.after_registration import make_withdrawal
from tests.factories.attachments import begun_upload, make_attachment
from tests.factories.cases import case_at, colleague_of, handoff_at
from tests.factories.contact import make_contact_rule
from tests.factories.corrections import make_correction
from tests.factories.destruction import night as list_what_is_due
from tests.factories.destruction import old_signal, signal_hold
from tests.factories.documents import make_document
from tests.factories.drafts import make_draft_of
from tests.factories.emergencies import emergency_at, make_officer
from tests.factories.enrichment import enrichment_at, request_at
from tests.factories.erasures import erasure_at
from tests.factories.families import child_of
from tests.factories.forwarding import extract_at
from tests.factories.links import VAN, make_link, naming
from tests.factories.matching import matched
from tests.factories.merges import make_merge
from tests.factories.people import make_member, make_organisation
from tests.factories.planning import planned
from tests.factories.referrals import make_lawyer, other_basis_for, referral_at
from tests.factories.registrations import registration_at
from tests.factories.releases import make_analysts, release_at
from tests.factories.residence import make_liaison, permitted, registration_of, running
from tests.factories.rights import request_at as asked_by_person
from tests.factories.rights import restricted_at
from tests.factories.routing import draft_of, rules_in_use, shift_of
from tests.factories.shelters import (
    make_family,
    make_place,
    more_beds,
    pay_for_places,
    placed_at_night,
    placement_at,
)
from tests.factories.signals import make_draft, make_signal, signal_at, split_up
from tests.factories.stays import followed
from tests.factories.swaps import proposed_swap, staying
from tests.factories.tables import table_at
from tests.factories.unsent import unsent_of

pytestmark = pytest.mark.django_db
ROOMS = [
    "signals",
    "attachments",
    "drafts",
    "deliberation",
    "enrichment",
    "links",
    "routing",
    "search",
    "tips",
    "registrations",
    "duty",
    "corrections",
    "duplicates",
    "withdrawals",
    "residence",
    "persons",
    "merging",
    "contact",
    "sharing",
    "cases",
    "referrals",
    "emergency",
    "retention",
    "destruction",
    "rights",
    "restriction",
    "planning",
    "calendar",
    "family",
    "tables",
    "regions",
    "unsent",
    "documents",
    "shelters",
    "stays",
    "swaps",
    "matching",
    "reporting",
]
LOCKED = [
    model
    for model in apps.get_models(include_auto_created=True)
    if model._meta.managed and open_reason(model._meta.db_table) is None
]
#: Locked tables that nobody reads through a queryset: the reason is the answer.
NOT_READ = {
    "reporting.DraftCounts": "true counts, opened by the statistics service in its own deed",
    "signals.FilePiece": "a sealed piece of a file, taken in by the import that it belongs to",
    "signals.SeenContent": "what an import has seen so far, gone when it ends",
}
#: Tables of imports, which have a story and a test of their own in the room of signals.
NEVER_FILLED = {"signals.ImportBatch", "signals.ImportRefusal"}
READ = [model for model in LOCKED if hasattr(model._default_manager, "visible_to")]
OF_ROOMS = [model for model in READ if model._meta.app_label in ROOMS]


@pytest.fixture
def everybody() -> list[Membership]:
    """Something in every table of every room, and somebody of every kind; Charlie has no part."""
    place = make_place()
    country = place.country
    analyst, analysts = make_member(Role.EMM_ANALYST), make_analysts()
    inspector = make_member(Role.LE_NLA)
    make_routing(inspector)
    for status in SignalStatus:
        signal = signal_at(status, by=country.officer, analyst=analyst, deepened=True)
    findings_and_requests(country.officer, analyst)
    links_and_dismissals(country.officer, analyst)
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        escalate_overdue(by=sweeper, at=timezone.now() + timedelta(days=9))
        assert remind_officers(by=sweeper, at=timezone.now() + timedelta(days=2))
    begun_upload(signal_at(SignalStatus.RECEIVED, by=country.officer), by=country.officer)
    make_attachment(signal_at(SignalStatus.RECEIVED, by=country.officer), by=country.officer)
    make_draft_of(country.officer)
    colleague = make_member(Role.LE_POLICE, organisation=country.officer.organisation)
    make_draft_of(country.officer, handed_to=colleague)
    with acting(service(Role.SERVICE_RELAY), purpose="test") as relay:
        index_changes(by=relay, at=timezone.now())
    with acting(country.officer, purpose="test") as officer:
        save_filter({"words": "bus"}, name="Bus", shared=True, by=officer, at=timezone.now())
    signal_at(SignalStatus.RECEIVED, by=country.officer)  # to be indexed still
    registration_at(reporter=country.officer, desk=country.desk, signal=signal.pk)
    scene = Scene(alice=country.officer, analyst=analyst)
    for meeting_status in (MeetingStatus.PLANNED, MeetingStatus.HELD, MeetingStatus.LOCKED):
        meeting = scene.meeting_at(meeting_status)
    act(scene.chair, add_addendum, meeting, text="Words.")
    scene.trend(published=True)
    scene.counts()
    reported = [
        registration_at(status, reporter=country.officer, desk=country.desk)
        for status in RegistrationStatus
    ]
    corrected = registration_at("registered", reporter=country.officer, desk=country.desk)
    make_correction(corrected, by=country.officer)
    again = registration_at("registered", reporter=country.officer, desk=country.desk)
    link_to_earlier(again, corrected, by=country.desk)
    make_withdrawal(again, by=country.officer)
    make_contact_rule(reported[0].person, by=country.officer)
    make_merge(reported[0].person, reported[1].person, by=country.desk)
    case = case_at(CaseStatus.ACTIVE, country)
    with acting(country.alice, purpose="test"):
        write_care_note(case, text="Words.", by=country.alice, at=timezone.now())
        make_address(by=country.alice, at=timezone.now())
    child_of(case, by=country.alice)
    planned(case, by=country.alice)
    unsent_of(case, by=country.alice)
    make_document(case, by=country.alice)
    make_document(case, by=country.alice, settled=False)
    handoff_at(HandoffStatus.ACCEPTED, country)
    handoff_at(HandoffStatus.OFFERED, country)
    asked = handoff_at(HandoffStatus.INFO_REQUESTED, country)
    with acting(country.alice, purpose="test"):
        now = timezone.now()
        reply_about_handoff(asked, text="So.", pack_again=True, by=country.alice, at=now)
    with acting(country.desk, purpose="test"):
        set_capacity(
            Setting(
                care_region=country.here,
                coverage="own",
                fte=Decimal(1),
                age_split="none",
                valid_from=timezone.localdate(),
            ),
            by=country.desk,
            at=timezone.now(),
        )
    lawyer = make_lawyer()
    for referred in (ReferralStatus.OFFERED, ReferralStatus.ACCEPTED, ReferralStatus.STOPPED):
        referral_at(referred, country, receiver=lawyer)
    other_basis_for(case, lawyer, by=country.alice)
    table_at(TableStatus.HELD, case, lawyer, country.bob, by=country.alice)
    officer = make_officer()
    for opener in (country.bob, country.placement, officer):
        emergency_at(Opened.TO_REVIEW, case, by=opener)
    emergency_at(Opened.JUSTIFIED, case, by=colleague_of(country.bob), officer=officer)
    for erasing in (Erasing.DUE, Erasing.HELD):
        erasure_at(erasing, country)
    signal_hold(old_signal(by=country.officer), by=make_member(Role.EMM_COORDINATOR))
    old_signal(by=country.officer)
    list_what_is_due()
    for asked in (RightsStatus.RECEIVED, RightsStatus.CLOSED):
        asked_by_person(asked, case.reference, by=officer)
    restricted_at(case_at(CaseStatus.ACTIVE, country).reference, by=officer, desk=country.desk)
    pay_for_places(place)
    make_family(place)
    placed_at_night(place)
    placed = placement_at(PlacementStatus.ARRIVED, place)
    followed(placed, place)
    pair = [staying(place, one, more_beds(one, 1)[0]) for one in (place.house, place.other)]
    proposed_swap(place, *pair)
    matched(place, more_beds(place.house, 2)[0])
    liaison = make_liaison()
    make_residence(placed.case_id, liaison, country.officer)
    with acting(place.other.manager, purpose="test"):
        set_out_of_order(place.other.bed, by=place.other.manager, at=timezone.now())
    release_at(ReleaseStatus.SEALED, analysts)
    given = [
        *place.members,
        inspector,
        liaison,
        lawyer,
        officer,
        analyst,
        *analysts,
        *scene.members,
        colleague_of(country.officer),
    ]
    held = {Role(member.role) for member in given}
    others = [make_member(role) for role in Role if role not in held | set(SERVICES)]
    return [*given, *others, *(service(role) for role in sorted(SERVICES - held))]


def make_residence(case: UUID, liaison: Membership, officer: Membership) -> None:
    """A file with a period that was told of, and one with a case that was dismissed."""
    start = timezone.localdate() - timedelta(days=70)
    running(registration_of(case), officer=officer, starts_on=start)
    keep_residence_terms()
    other = running(registration_at(reporter=officer), officer=officer, starts_on=start)
    permitted(other, officer=officer, liaison=liaison, on=start)
    with acting(officer, purpose="test"):
        for to in (ReportStatus.REPORTED, ReportStatus.DISMISSED):
            facts = ReportFacts(on=start)
            move_report(other, to=to, facts=facts, by=officer, at=timezone.now())


def findings_and_requests(officer: Membership, analyst: Membership) -> None:
    """A finding that is kept longer, one that is gone; a request and an extract at every stage."""
    now = timezone.now()
    signal = signal_at(SignalStatus.TRIAGE, by=officer, analyst=analyst)
    kept = enrichment_at(signal, analyst=analyst, at=now)
    with acting(analyst, purpose="test"):
        prolong_enrichment(kept, reason="A trial.", by=analyst, at=now + timedelta(days=170))
    enrichment_at(signal, analyst=analyst, at=now - timedelta(days=400))
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        destroy_enrichments(by=sweeper, at=now)
    for status in RequestStatus:
        request_at(status, partner=officer, analyst=analyst, signal=signal)
    for sent in ExtractStatus:
        extract_at(sent, receiver=officer, analyst=analyst)


def make_routing(inspector: Membership) -> None:
    """Versions in every status, a rule that breaks, and a service to which signals go direct."""
    coordinator = make_member(Role.EMM_COORDINATOR)
    gone = make_organisation(OrganisationType.KMAR)
    rules_in_use(by=coordinator)
    rules_in_use(
        ({"form": "sexual"}, gone), ({"form": "labour"}, inspector.organisation), by=coordinator
    )
    Organisation.objects.filter(pk=gone.pk).update(closed_at=timezone.now())
    shift_of(coordinator, by=coordinator)
    make_signal(forms=["sexual"], danger=True)
    draft = draft_of(by=coordinator)
    with acting(coordinator, purpose="test"):
        order_dry_run(draft, by=coordinator, at=timezone.now())
        set_patience(5, by=coordinator, at=timezone.now())
    answers = make_draft(municipality_code="", forms=["unknown"])
    with acting(service(Role.SERVICE_TIPS), purpose="test") as tips:
        send_tip(answers, code="0" * 16, by=tips, at=timezone.now())


def links_and_dismissals(officer: Membership, analyst: Membership) -> None:
    """Links of two kinds, one that ended, and two signals that are not the same after all."""
    [split] = split_up(officer)
    origin, other, shared = split.offshoot.origin, make_signal(), naming(VAN, by=officer)
    make_link(origin, split, kind=LinkKind.SPLIT, analyst=analyst)
    make_link(split, other, kind=LinkKind.SPLIT, analyst=analyst)
    ended = make_link(origin, other, analyst=analyst)
    with acting(analyst, purpose="test"):
        end_link(ended, by=analyst, at=timezone.now())
        dismiss_suggestion(origin, other=shared, by=analyst, at=timezone.now())
        take_up_signal(split, by=analyst, at=timezone.now())
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        assert tell_handlers(by=sweeper, at=timezone.now())


def ids(rows: models.QuerySet[models.Model]) -> set[str]:
    return {str(pk) for pk in rows.values_list("pk", flat=True)}


def rows_of_all() -> dict[type[models.Model], set[str]]:
    """Every row of every table that the database itself shows now, in one statement."""
    of_label = {model._meta.label: model for model in OF_ROOMS}
    each = " UNION ALL ".join(
        f"SELECT '{label}', {model._meta.pk.column}::text FROM {model._meta.db_table}"  # noqa: S608
        for label, model in of_label.items()
    )
    found: dict[type[models.Model], set[str]] = {model: set() for model in OF_ROOMS}
    with connection.cursor() as cursor:
        cursor.execute(each)
        for label, pk in cursor.fetchall():
            found[of_label[label]].add(pk)
    return found


def rows_by_queryset(member: Membership) -> dict[type[models.Model], set[str]]:
    return {model: ids(model._default_manager.visible_to(member)) for model in OF_ROOMS}


@contextmanager
def without_row_level_security() -> Iterator[None]:
    """As the role to which no policy says no; back when the block ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        yield
        cursor.execute("SET LOCAL ROLE baken_web")


def test_every_room_is_here_and_every_locked_table_is_read_through_a_queryset_or_not_at_all():
    assert {model._meta.app_label for model in OF_ROOMS} >= set(ROOMS)
    unread = {
        model._meta.label
        for model in LOCKED
        if model._meta.app_label in ROOMS and model not in READ
    }
    assert unread == set(NOT_READ)


def test_each_lock_alone_shows_no_foreign_row(everybody: list[Membership]) -> None:
    differ: list[tuple[object, ...]] = []
    hidden_by_database, hidden_by_queryset = dict.fromkeys(OF_ROOMS, 0), dict.fromkeys(OF_ROOMS, 0)
    with without_row_level_security():
        everything = rows_of_all()
    for member in everybody:
        with acting(member, purpose="test"):
            both, database_alone = rows_by_queryset(member), rows_of_all()
            with without_row_level_security():
                queryset_alone = rows_by_queryset(member)
        for model in OF_ROOMS:
            shown = both[model], database_alone[model], queryset_alone[model]
            if not shown[0] == shown[1] == shown[2]:
                differ.append((member.role, model._meta.label, *map(len, shown)))
            hidden_by_database[model] += len(everything[model] - shown[1])
            hidden_by_queryset[model] += len(everything[model] - shown[2])
    assert not differ, "role, table, both locks, database alone, queryset alone"
    # A lock that had nothing to hide proves nothing.
    for hidden in (hidden_by_database, hidden_by_queryset):
        empty = {model._meta.label for model, count in hidden.items() if not count}
        assert not empty - NEVER_FILLED
