"""One record of every kind that stands in an address, and who may see it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.utils import timezone

from referral.access.context import acting, service
from referral.audit.models import AuditEvent
from referral.cases.actions import open_case
from referral.cases.emergency.workflow import Status as Opened
from referral.cases.models import Case
from referral.cases.referrals.workflow import ReferralStatus
from referral.cases.tables.workflow import TableStatus
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.lib.ids import uuid7
from referral.notices.models import Channel, Delivery
from referral.organisations.models import Membership
from referral.organisations.roles import SERVICES, Role
from referral.registrations.duty.actions import remind_officers
from referral.registrations.duty.models import Reminder
from referral.registrations.workflow import Status as RegistrationStatus
from referral.retention.workflow import Status as Erasing
from referral.rights.models import Right, RightsExtract
from referral.rights.workflow import Status as RightsStatus
from referral.sharing.actions import ask_consent
from referral.sharing.models import Consent, Purpose
from referral.sharing.workflow import State
from reporting.actions import approve_release, order_release, propose_release
from reporting.models import Artefact, Release, ReportProgramme
from reporting.programmes import IMPORTED, VICTIMS
from reporting.workflow import Status as ReleaseStatus
from shelters.workflow import PlacementStatus
from shelters.workflow import RequestStatus as ShelterRequestStatus
from signals.actions import order_import
from signals.deliberation.models import FollowUp
from signals.deliberation.workflow import MeetingStatus
from signals.enrichment.workflow import RequestStatus
from signals.forwarding.workflow import ExtractStatus
from signals.models import Signal
from signals.search.actions import save_filter
from signals.webhooks.actions import add_endpoint
from signals.webhooks.models import Event
from signals.workflow import Status as SignalStatus
from signals.workflow import Verdict
from tests.deliberation.scenes import Scene as DeliberationScene
from tests.factories.after_registration import make_link as link_to_earlier
from tests.factories.attachments import begun_upload, make_attachment
from tests.factories.cases import Country, case_at, handoff_at, make_coordinator, make_registration
from tests.factories.clients import make_partner
from tests.factories.destruction import list_of, night, old_signal, signal_hold
from tests.factories.documents import begun_document, make_document
from tests.factories.drafts import make_draft_of
from tests.factories.emergencies import emergency_at, make_officer
from tests.factories.enrichment import enrichment_at, request_at
from tests.factories.erasures import erasure_at, hold_of
from tests.factories.families import child_of
from tests.factories.forwarding import extract_at
from tests.factories.links import make_link
from tests.factories.matching import proposed
from tests.factories.merges import make_merge
from tests.factories.people import make_member
from tests.factories.planning import absence_of, plan_of, task_of
from tests.factories.referrals import make_lawyer, other_basis_for, referral_at
from tests.factories.registrations import make_nameless, registration_at
from tests.factories.residence import make_liaison, running
from tests.factories.rights import granted_to, restricted_at
from tests.factories.rights import request_at as asked_by_person
from tests.factories.routing import draft_of, rules_in_use, shift_of
from tests.factories.shelters import Place, make_place, more_beds, placement_at
from tests.factories.shelters import request_at as shelter_asked
from tests.factories.signals import signal_at
from tests.factories.swaps import proposed_swap, staying
from tests.factories.tables import table_at
from tests.notices.post_office import go_round

Arguments = tuple[Any, ...]


@dataclass(frozen=True)
class World:
    """The things by name, as arguments of an address, and the members by name."""

    things: dict[str, Arguments]
    holders: dict[str, Membership]
    strangers: dict[Role, Membership]
    bed: UUID


def make_world() -> World:
    """Alice, Bob and the others at work; the strangers have no part in any of it."""
    place = make_place()
    country = place.country
    holders = {
        "officer": country.officer,
        "reporter": make_member(Role.PARTNER_NGO),
        "analyst": make_member(Role.EMM_ANALYST),
        "importer": make_member(Role.EMM_COORDINATOR),
        "desk": country.desk,
        "placement": country.placement,
        "alice": country.alice,
        "bob": country.bob,
        "worker": place.worker,
        "lawyer": make_lawyer(),
        "rapporteur": make_member(Role.NRM_ANALYST),
        "fg": make_member(Role.FG),
        "privacy": make_officer(),
        "org_admin": make_member(Role.ORG_ADMIN, organisation=country.officer.organisation),
        "platform_admin": make_member(Role.PLATFORM_ADMIN),
    }
    things = {
        **signals_and_registrations(holders),
        **deliberations(holders),
        **care(place, holders["lawyer"]),
        **residence(holders),
        **figures(holders["rapporteur"]),
        **rights(country, holders["privacy"], holders["desk"]),
        "legal_rule": ("nothing_else",),
    }
    go_round()
    with acting(country.officer, purpose="test"):
        told = Delivery.objects.filter(user=country.officer.user_id, channel=Channel.IN_APP)
        things["delivery"] = (told[0].pk,)
    with acting(country.alice, purpose="test"):
        case = things["case"][0]
        opened, _reach = open_case(Case(pk=case), by=country.alice, at=timezone.now())
        things["opening"] = (opened._meta.label_lower, str(case))
    with acting(holders["fg"], purpose="test"):
        things["event"] = (AuditEvent.objects.visible_to(holders["fg"]).newest_first()[0].pk,)
    things["membership"] = (country.officer.pk,)
    system = make_partner().client
    things["system"] = (system.pk,)
    with acting(holders["platform_admin"], purpose="test") as admin:
        add_endpoint(
            system, address="http://127.0.0.1/", events=Event.values, by=admin, at=timezone.now()
        )
    things["system_key"] = (system.pk, system.keys.get().pk)
    strangers = {role: make_stranger(role) for role in Role}
    return World(things, holders, strangers, place.other.bed.pk)


def make_stranger(role: Role) -> Membership:
    if role in SERVICES:
        return service(role)
    return make_coordinator("Stranger") if role == Role.ZC else make_member(role)


def signals_and_registrations(holders: dict[str, Membership]) -> dict[str, Arguments]:
    officer, analyst, desk = holders["officer"], holders["analyst"], holders["desk"]
    importer = holders["importer"]
    signal = signal_at(SignalStatus.RECEIVED, by=officer)
    taken_up = signal_at(SignalStatus.TRIAGE, by=officer, analyst=analyst)
    asked = signal_at(SignalStatus.NEEDS_INFO, by=officer, analyst=analyst)
    merged = signal_at(SignalStatus.MERGED, by=officer, analyst=analyst)
    proposed = signal_at(SignalStatus.SECOND_READING, by=officer, analyst=analyst)
    # Of it the officer is told.
    forwarded = signal_at(SignalStatus.FORWARDED, by=officer, analyst=analyst)
    with acting(importer, purpose="test"):
        batch = order_import(
            lambda: [b"nothing"],
            file_name="a.csv",
            profile="ctdc",
            by=importer,
            at=timezone.now(),
        )
    upload, attachment = begun_upload(signal, by=officer), make_attachment(signal, by=officer)
    draft = make_draft_of(officer)
    rule_set, rules_draft = rules_in_use(by=importer), draft_of(by=importer)
    shift = shift_of(analyst, by=importer)
    with acting(officer, purpose="test"):
        kept = save_filter(
            {"words": "bus"}, name="Bus", shared=False, by=officer, at=timezone.now()
        )
    registration = registration_at(reporter=officer, desk=desk)
    returned = registration_at(RegistrationStatus.RETURNED, reporter=officer, desk=desk)
    registered = registration_at(RegistrationStatus.REGISTERED, reporter=officer, desk=desk)
    later = registration_at(RegistrationStatus.REGISTERED, reporter=officer, desk=desk)
    merge = make_merge(registration.person, returned.person, by=desk)
    finding = enrichment_at(taken_up, analyst=analyst)
    asked_of_us = request_at(RequestStatus.ASKED, partner=officer, analyst=analyst, signal=taken_up)
    answered = request_at(RequestStatus.ANSWERED, partner=officer, analyst=analyst, signal=taken_up)
    extract = extract_at(ExtractStatus.SENT, receiver=officer, analyst=analyst, signal=forwarded)
    link = make_link(signal, forwarded, analyst=analyst)
    past_its_term = old_signal(Verdict.FORWARDED, by=officer, analyst=analyst)
    night()
    listed = list_of(past_its_term.pk, by=importer)
    return {
        "destruction_list": (listed.pk,),
        "destruction_move": (listed.pk, "approved"),
        "signal_hold": (signal_hold(signal, by=importer).pk,),
        "two_signals": (signal.pk, forwarded.pk),
        "link": (signal.pk, link.pk),
        "mapping": (batch.mapping_id,),
        "extract": (extract.pk,),
        "enrichment": (finding.pk,),
        "partner_request": (asked_of_us.pk,),
        "partner_answer": (answered.pk,),
        "signal": (signal.pk,),
        "taken_up": (taken_up.pk,),
        "asked": (asked.pk,),
        "proposed": (proposed.pk,),
        "merged": (merged.pk,),
        "forwarded": (forwarded.pk,),
        "kept_search": (kept.pk,),
        "batch": (batch.pk,),
        "upload": (upload.pk,),
        "attachment": (attachment.pk,),
        "draft": (draft.pk,),
        "rule_set": (rule_set.pk,),
        "rules_draft": (rules_draft.pk,),
        "shift": (shift.pk,),
        "merge": (merge.pk,),
        "registered_person": (registration.person_id,),
        "two_persons": (registration.person_id, returned.person_id),
        "registration": (registration.pk,),
        "nameless": (make_nameless(holders["reporter"]).pk,),
        "duty": (reminded(signal),),
        "registered": (registered.pk,),
        "duplicate": (link_to_earlier(later, registered, by=desk).pk,),
        "returned": (returned.pk,),
    }


def reminded(signal: Signal) -> UUID:
    """The officer was told that nobody is registered with this signal."""
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        remind_officers(by=sweeper, at=timezone.now() + timedelta(days=2))
        return Reminder.objects.visible_to(sweeper).get(signal=signal).pk


def deliberations(holders: dict[str, Membership]) -> dict[str, Arguments]:
    """A meeting that is planned, one with papers, one that is held and one that is locked."""
    scene = DeliberationScene(alice=holders["officer"], analyst=holders["analyst"])
    holders["chair"] = scene.chair
    planned, waiting = scene.planned(), scene.proposal()
    held = scene.meeting_at(MeetingStatus.HELD)
    locked = scene.meeting_at(MeetingStatus.LOCKED)
    with acting(holders["analyst"], purpose="test"):
        follow_up = FollowUp.objects.get(decision__item__meeting=locked)
        participant = planned.participants.get(member=scene.bob)
    return {
        "meeting": (planned.pk,),
        "participant": (participant.pk,),
        "item": (scene.items(planned)[0].pk,),
        "proposal": (waiting.pk,),
        "placing": (planned.pk, waiting.pk),
        "held_meeting": (held.pk,),
        "held_item": (scene.items(held)[0].pk,),
        "pack": (scene.pack_of(scene.alice, held).pk,),
        "locked_meeting": (locked.pk,),
        "follow_up": (follow_up.pk,),
        "trend": (scene.trend().pk,),
    }


def rights(country: Country, privacy: Membership, desk: Membership) -> dict[str, Arguments]:
    registration = make_registration(country)
    asked = asked_by_person(RightsStatus.EXTENDED, registration.reference, by=privacy)
    with acting(privacy, purpose="test"):
        extract = RightsExtract.objects.visible_to(privacy).of(asked)[0]
    wrong = granted_to(registration.reference, Right.RECTIFICATION, by=privacy)
    restricted = restricted_at(make_registration(country).reference, by=privacy, desk=desk)
    along = asked_by_person(
        RightsStatus.IN_PROGRESS,
        make_registration(country).reference,
        by=privacy,
        right=Right.TRANSFER,
    )
    with acting(privacy, purpose="test"):
        transfer = RightsExtract.objects.visible_to(privacy).of(along)[0]
    return {
        "rights_request": (asked.pk,),
        "rights_step": (asked.pk, "answer"),
        "rights_extract": (extract.pk,),
        "rights_transfer": (transfer.pk,),
        "execution": (restricted.pk,),
        "rectification": (wrong.pk, registration.pk),
        "restriction": (restricted.pk,),
    }


def care(place: Place, lawyer: Membership) -> dict[str, Arguments]:
    country, alice = place.country, place.alice
    unoffered = make_registration(country)
    on_offer = case_at(CaseStatus.INTAKE, country)
    handoff = handoff_at(HandoffStatus.OFFERED, country)
    asked = shelter_asked(ShelterRequestStatus.SUBMITTED, place)
    placement = placement_at(PlacementStatus.RESERVED, place)
    [bed] = more_beds(place.house, 1)
    stay = placement_at(PlacementStatus.ARRIVED, place, bed=bed)
    pair = [staying(place, place.house, bed) for bed in more_beds(place.house, 2)]
    proposal = proposed(place)
    with acting(place.desk, purpose="test"):
        line = proposal.lines.exclude(bed=None)[0]
    case = case_at(CaseStatus.ACTIVE, country)
    referral = referral_at(ReferralStatus.OFFERED, country, receiver=lawyer, case=case)
    helped = referral_at(
        ReferralStatus.ACCEPTED, country, receiver=lawyer, sections=["documents"], message=""
    )
    other = other_basis_for(case, lawyer, by=alice)
    case_table = table_at(TableStatus.HELD, case, lawyer, by=alice)
    opened = emergency_at(Opened.TO_REVIEW, case_at(CaseStatus.ACTIVE, country), by=country.bob)
    erasure = erasure_at(Erasing.DUE, country)
    with acting(alice, purpose="test"):
        question = ask_consent(case.person, purpose=Purpose.HANDOFF, by=alice, at=timezone.now())
        agreement = case_table.agreements.get(organisation=alice.organisation_id)
        given = Consent.objects.visible_to(alice).about(asked.person).filter(state=State.GIVEN)[0]
    return {
        "unoffered": (unoffered.pk,),
        "case_on_offer": (on_offer.pk,),
        "case": (case.pk,),
        "person": (case.person_id,),
        "question": (case.pk, question.pk),
        "consent": (given.pk,),
        "handoff": (handoff.pk,),
        "absence": (absence_of(alice).pk,),
        "task": (task_of(case, by=alice, owner=alice.user).pk,),
        "document": (make_document(case, by=alice).pk,),
        "document_upload": (begun_document(case, by=alice).pk,),
        "helped": (helped.pk,),
        "family_link": (child_of(case, by=alice).pk,),
        "goal": (plan_of(case, by=alice, agreed=True).pk,),
        "care_region": (country.here.pk,),
        "referral": (referral.pk,),
        "case_table": (case_table.pk,),
        "agreement": (agreement.pk,),
        "other_basis": (other.pk,),
        "emergency": (opened.pk,),
        "hold": (hold_of(case, by=alice).pk,),
        "erasure": (erasure.pk,),
        "erasure_move": (erasure.pk, "approved"),
        "request": (asked.pk,),
        "placement": (placement.pk,),
        "stay": (stay.pk,),
        "swap": (proposed_swap(place, *pair).pk,),
        "match_proposal": (proposal.pk,),
        "match_line": (line.pk,),
        "bed": (place.house.bed.pk,),
        "shelter": (place.house.shelter.pk,),
    }


def residence(holders: dict[str, Membership]) -> dict[str, Arguments]:
    """A file whose reflection period runs, sent to the immigration service."""
    officer, holders["liaison"] = holders["officer"], make_liaison()
    registration = registration_at(reporter=officer, desk=holders["desk"])
    file = running(registration, officer=officer, starts_on=timezone.localdate())
    return {"residence": (file.pk,), "residence_move": (file.pk, "report", "talk_done")}


def figures(rapporteur: Membership) -> dict[str, Arguments]:
    """A release on its way, and a file of a sealed one; computing has tests of its own."""
    call_command("sync_programmes")
    file = sealed_file(ordered(IMPORTED, rapporteur), rapporteur)
    return {"release": (ordered(VICTIMS, rapporteur).pk,), "artefact": (file.pk,)}


def ordered(programme: str, rapporteur: Membership) -> Release:
    with acting(rapporteur, purpose="test"):
        return order_release(
            ReportProgramme.objects.get(code=programme),
            period_from=date(2024, 1, 1),
            period_to=date(2024, 4, 1),
            source=uuid7() if programme == IMPORTED else None,
            by=rapporteur,
            at=timezone.now(),
        )


def sealed_file(release: Release, rapporteur: Membership) -> Artefact:
    """As the statistics service and two analysts leave it, without the rounding between."""
    now = timezone.now()
    with acting(service(Role.SERVICE_STATISTICS), purpose="test"):
        file = Artefact.objects.create(
            release=release, name="a.csv", media_type="text/csv", content=b"a", sha256="0" * 64
        )
        Release.objects.filter(pk=release.pk).update(
            status=ReleaseStatus.COMPUTED, computed_at=now, snapshot_at=now, sha256="0" * 64
        )
    colleague = make_member(Role.NRM_ANALYST, organisation=rapporteur.organisation)
    with acting(rapporteur, purpose="test"):
        propose_release(release, by=rapporteur, at=now)
    with acting(colleague, purpose="test"):
        approve_release(release, by=colleague, at=now)
    return file


def unknown(arguments: Arguments) -> Arguments:
    """An address of the same shape that leads to nothing."""
    fresh = {UUID: uuid7(), int: 987654321, str: str(uuid7())}
    return (*arguments[:-1], fresh[type(arguments[-1])])
