"""Every page that lists something: who reads it, and how one row more comes into it."""

from collections.abc import Callable
from datetime import date, timedelta

from django.core.management import call_command
from django.utils import timezone

from referral.access.context import acting
from referral.cases.emergency.workflow import Status as Opened
from referral.cases.referrals.workflow import ReferralStatus
from referral.cases.tables.workflow import TableStatus
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.lib.ids import uuid7
from referral.organisations.roles import OrganisationType, Role
from referral.registrations.workflow import Status as RegistrationStatus
from referral.retention.destruction.workflow import Status as Listed
from referral.retention.workflow import Status as Erasing
from referral.rights.models import Right
from referral.rights.workflow import Status as RightsStatus
from reporting.actions import order_release
from reporting.models import ReportProgramme
from reporting.programmes import IMPORTED
from shelters.actions import add_bed
from shelters.workflow import PlacementStatus, RequestStatus
from signals.actions import keep_mapping, level_book, order_import, set_levels
from signals.deliberation.workflow import MeetingStatus
from signals.enrichment.workflow import RequestStatus as PartnerStatus
from signals.facts import layouts
from signals.forwarding.workflow import ExtractStatus
from signals.links.actions import list_weights, set_weights
from tests.deliberation.scenes import Scene as DeliberationScene
from tests.factories.after_registration import make_withdrawal
from tests.factories.cases import case_at, colleague_of, handoff_at, make_registration
from tests.factories.clients import make_partner
from tests.factories.corrections import make_correction
from tests.factories.destruction import decided, list_of, night, old_signal, signal_hold
from tests.factories.drafts import make_draft_of
from tests.factories.emergencies import emergency_at, make_officer
from tests.factories.enrichment import request_at
from tests.factories.erasures import erasure_at, hold_of
from tests.factories.forwarding import extract_at
from tests.factories.merges import make_merge
from tests.factories.people import make_member, make_organisation, number
from tests.factories.persons import make_person
from tests.factories.planning import task_of
from tests.factories.referrals import make_lawyer, other_basis_for, referral_at
from tests.factories.registrations import registration_at
from tests.factories.residence import make_liaison, running
from tests.factories.rights import granted_to
from tests.factories.rights import request_at as asked_by_person
from tests.factories.routing import rules_in_use, shift_of
from tests.factories.shelters import Place, make_house, make_place, placement_at
from tests.factories.shelters import request_at as shelter_asked
from tests.factories.signals import make_signal
from tests.factories.tables import table_at
from tests.factories.unsent import unsent_of
from tests.notices.post_office import go_round, send


class Scene:
    """A country with a person for each list."""

    def __init__(self) -> None:
        self.place: Place = make_place()
        self.officer = self.place.country.officer
        self.desk = self.place.country.desk
        self.alice, self.bob = self.place.alice, self.place.country.bob
        self.worker, self.placement = self.place.worker, self.place.desk
        self.importer = make_member(Role.EMM_COORDINATOR)
        self.rapporteur = make_member(Role.NRM_ANALYST)
        self.fg = make_member(Role.FG)
        self.privacy = make_officer()
        self.lawyer = make_lawyer()
        self.org_admin = make_member(Role.ORG_ADMIN, organisation=self.officer.organisation)
        self.platform_admin = make_member(Role.PLATFORM_ADMIN)
        self.deliberation = DeliberationScene(alice=self.officer)
        call_command("sync_programmes")

    def signal(self) -> None:
        make_signal(by=self.officer)

    def partner_request(self) -> None:
        request_at(PartnerStatus.ASKED, partner=self.officer)

    def extract(self) -> None:
        extract_at(ExtractStatus.SENT, receiver=self.officer)

    def batch(self) -> None:
        with acting(self.importer, purpose="test"):
            order_import(
                lambda: [uuid7().bytes],
                file_name="a.csv",
                profile="ctdc",
                by=self.importer,
                at=timezone.now(),
            )

    def mapping(self) -> None:
        text = layouts()[0].content.replace('"ctdc"', f'"m{uuid7().hex[:12]}"')
        with acting(self.importer, purpose="test"):
            keep_mapping(text, reason="A partner.", by=self.importer, at=timezone.now())

    def levels(self) -> None:
        with acting(self.importer, purpose="test"):
            last = level_book(by=self.importer).versions[-1]
            set_levels(
                last.terms | {"triage_days": last.version + 1},
                since=timezone.localdate() + timedelta(days=last.version),
                reason="More hands.",
                by=self.importer,
                at=timezone.now(),
            )

    def weights(self) -> None:
        with acting(self.importer, purpose="test"):
            last = list_weights(by=self.importer)[-1]
            set_weights(
                last.terms | {"plate": last.version},
                since=timezone.localdate() + timedelta(days=last.version),
                reason="Plates are rented.",
                by=self.importer,
                at=timezone.now(),
            )

    def proposal(self) -> None:
        self.deliberation.proposal()

    def follow_up(self) -> None:
        self.deliberation.meeting_at(MeetingStatus.LOCKED)

    def trend(self) -> None:
        self.deliberation.trend()

    def version(self) -> None:
        rules_in_use(({"region": "VR13"}, None), by=self.importer)

    def shift(self) -> None:
        shift_of(self.importer, by=self.importer, hours_from_now=next(number) * 10)

    def merge(self) -> None:
        make_merge(make_person(self.officer), make_person(self.officer), by=self.desk)

    def registration(self) -> None:
        registration_at(RegistrationStatus.SUBMITTED, reporter=self.officer, desk=self.desk)

    def withdrawal(self) -> None:
        registration = registration_at("registered", reporter=self.officer, desk=self.desk)
        make_withdrawal(registration, by=self.officer)

    def correction(self) -> None:
        registration = registration_at("registered", reporter=self.officer, desk=self.desk)
        make_correction(registration, by=self.officer)

    def residence(self) -> None:
        if not hasattr(self, "liaison"):
            self.liaison = make_liaison()
        registration = registration_at(reporter=self.officer, desk=self.desk)
        start = timezone.localdate() - timedelta(days=70)
        running(registration, officer=self.officer, starts_on=start)

    def unoffered(self) -> None:
        make_registration(self.place.country)

    def case(self) -> None:
        case_at(CaseStatus.ACTIVE, self.place.country)

    def unsent_form(self) -> None:
        case = case_at(CaseStatus.ACTIVE, self.place.country)
        unsent_of(case, by=self.alice)

    def case_on_offer(self) -> None:
        case_at(CaseStatus.INTAKE, self.place.country)

    def handoff(self) -> None:
        handoff_at(HandoffStatus.OFFERED, self.place.country)

    def referral(self) -> None:
        referral_at(ReferralStatus.OFFERED, self.place.country, receiver=self.lawyer)

    def erasure(self) -> None:
        erasure_at(Erasing.DUE, self.place.country)
        hold_of(case_at(CaseStatus.ACTIVE, self.place.country), by=self.place.country.alice)

    def destruction_list(self) -> None:
        """A certificate, and a signal that is held."""
        signal = old_signal(by=self.officer)
        night()
        listed = list_of(signal.pk, by=self.importer)
        decided(listed, Listed.APPROVED, by=self.importer)
        decided(listed, Listed.DESTROYED, by=make_member(Role.EMM_COORDINATOR))
        signal_hold(make_signal(by=self.officer), by=self.importer)

    def case_table(self) -> None:
        country = self.place.country
        case = case_at(CaseStatus.ACTIVE, country)
        table_at(TableStatus.PLANNED, case, self.lawyer, by=country.alice)

    def emergency(self) -> None:
        case = case_at(CaseStatus.ACTIVE, self.place.country)
        emergency_at(Opened.TO_REVIEW, case, by=colleague_of(self.bob))

    def rights_request(self) -> None:
        registration = make_registration(self.place.country)
        asked_by_person(RightsStatus.RECEIVED, registration.reference, by=self.privacy)

    def execution(self) -> None:
        registration = make_registration(self.place.country)
        granted_to(registration.reference, Right.OBJECTION, by=self.privacy)

    def task(self) -> None:
        alice = self.place.country.alice
        task_of(case_at(CaseStatus.ACTIVE, self.place.country), by=alice, owner=alice.user)

    def other_basis(self) -> None:
        case = case_at(CaseStatus.ACTIVE, self.place.country)
        other_basis_for(case, self.lawyer, by=self.place.country.alice)

    def request(self) -> None:
        shelter_asked(RequestStatus.SUBMITTED, self.place)

    def placement_in_a_new_bed(self, status: PlacementStatus = PlacementStatus.RESERVED) -> None:
        house = self.place.house
        with acting(house.manager, purpose="test"):
            bed = add_bed(
                house.shelter, code=f"N{next(number)}", by=house.manager, at=timezone.now()
            )
        placement_at(status, self.place, bed=bed)

    def stay(self) -> None:
        self.placement_in_a_new_bed(PlacementStatus.ARRIVED)

    def house(self) -> None:
        make_house("Lijster")

    def release(self) -> None:
        with acting(self.rapporteur, purpose="test"):
            order_release(
                ReportProgramme.objects.get(code=IMPORTED),
                period_from=date(2024, 1, 1),
                period_to=date(2024, 4, 1),
                source=uuid7(),
                by=self.rapporteur,
                at=timezone.now(),
            )

    def draft(self) -> None:
        make_draft_of(self.officer)

    def notice(self) -> None:
        send(self.alice, self.officer.organisation)
        go_round()

    def colleague(self) -> None:
        colleague_of(self.officer, Role.LE_POLICE)

    def system(self) -> None:
        make_partner()

    def organisation(self) -> None:
        make_organisation(OrganisationType.NGO)


Add = Callable[[Scene], None]
#: Each list: who reads it, and what adds a row to it.
LISTS: dict[str, tuple[str, Add]] = {
    "signals:list": ("officer", Scene.signal),
    "signals:triage": ("importer", Scene.signal),
    "signals:triage_file": ("importer", Scene.signal),
    "signals:search:search": ("officer", Scene.signal),
    "signals:imports": ("importer", Scene.batch),
    "signals:mappings": ("importer", Scene.mapping),
    "signals:levels": ("importer", Scene.levels),
    "signals:links:weights": ("importer", Scene.weights),
    "signals:deliberation:list": ("importer", Scene.proposal),
    "signals:deliberation:follow_ups": ("importer", Scene.follow_up),
    "signals:deliberation:trends": ("importer", Scene.trend),
    "signals:forwarding:sent": ("importer", Scene.extract),
    "signals:forwarding:received": ("officer", Scene.extract),
    "signals:enrichment:desk": ("importer", Scene.partner_request),
    "signals:enrichment:to_us": ("officer", Scene.partner_request),
    "signals:routing:versions": ("importer", Scene.version),
    "signals:routing:watch": ("importer", Scene.shift),
    "persons:merges": ("desk", Scene.merge),
    "registrations:mine": ("officer", Scene.registration),
    "registrations:queue": ("desk", Scene.registration),
    "registrations:corrections:waiting": ("desk", Scene.correction),
    "registrations:withdrawals:waiting": ("desk", Scene.withdrawal),
    "residence:list": ("officer", Scene.residence),
    "cases:list": ("alice", Scene.case),
    "cases:queue": ("bob", Scene.handoff),
    "cases:to_offer": ("desk", Scene.unoffered),
    "cases:handoffs": ("bob", Scene.handoff),
    "cases:planning:tasks": ("alice", Scene.task),
    "cases:calendar:month": ("alice", Scene.task),
    "cases:referrals:list": ("lawyer", Scene.referral),
    "cases:tables:list": ("lawyer", Scene.case_table),
    "cases:emergency:list": ("privacy", Scene.emergency),
    "retention:list": ("alice", Scene.erasure),
    "retention:destruction:lists": ("importer", Scene.destruction_list),
    "rights:list": ("privacy", Scene.rights_request),
    "rights:to_carry_out": ("desk", Scene.execution),
    "sharing:other_bases": ("fg", Scene.other_basis),
    "shelters:requests": ("placement", Scene.request),
    "shelters:board": ("placement", Scene.house),
    "shelters:stays:list": ("placement", Scene.stay),
    "shelters:today": ("worker", Scene.placement_in_a_new_bed),
    "reporting:releases": ("rapporteur", Scene.release),
    "notices:list": ("officer", Scene.notice),
    "audit:trail": ("fg", Scene.signal),
    "people:members": ("org_admin", Scene.colleague),
    "people:organisations": ("platform_admin", Scene.organisation),
    "people:clients": ("platform_admin", Scene.system),
}
#: The parts of the home page are lists too, one for each kind of work.
HOMES: dict[str, tuple[str, Add]] = {
    "officer: signals": ("officer", Scene.signal),
    "officer: drafts": ("officer", Scene.draft),
    "officer: registrations": ("officer", Scene.registration),
    "officer: requests": ("officer", Scene.partner_request),
    "officer: extracts": ("officer", Scene.extract),
    "expert centre": ("importer", Scene.signal),
    "officer: residence": ("officer", Scene.residence),
    "desk: registrations": ("desk", Scene.registration),
    "desk: cases": ("desk", Scene.case_on_offer),
    "coordinator: cases": ("alice", Scene.case),
    "coordinator: forms": ("alice", Scene.unsent_form),
    "coordinator: handoffs": ("bob", Scene.handoff),
    "coordinator: tasks": ("alice", Scene.task),
    "team that is asked": ("lawyer", Scene.referral),
    "placement desk": ("placement", Scene.request),
    "shelter": ("worker", Scene.placement_in_a_new_bed),
    "rapporteur": ("rapporteur", Scene.release),
}
#: Pages that show one thing, a form or figures, whatever there is.
NOT_LISTS = {
    "cases:emergency:open",
    "retention:hold",
    "shelters:matching:rules",  # what types of shelter ask, and no record of anybody
    "shelters:matching:propose",
    "shelters:lists:all",  # codes and their words, and no record of anybody
    "retention:terms",  # the terms of the house, and no record of anybody
    "cases:regions:overview",  # the regions of the country, and no record of anybody
    "rights:receive",
    "shelters:new",
    "shelters:figures:quarter",  # sums, and no record of anybody
    "home",
    "notices:read_all",
    "signals:submit",
    "signals:drafts:save",
    "signals:keep_mapping",
    "signals:deliberation:plan",
    "signals:deliberation:write_trend",
    "signals:deliberation:counts",
    "signals:deliberation:publish_counts",
    "signals:routing:begin_first",
    "signals:routing:patience",
    "signals:search:save",
    "registrations:submit",
    "registrations:duty:term",
    "matrix:add",
    "cases:planning:hand_over",
    "cases:calendar:make_address",
    "cases:calendar:end_address",
    "residence:begin",
    "terms:all",  # how long things may take, and no record of anybody
    "municipalities:dashboard",
}
