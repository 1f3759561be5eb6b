"""What was granted is carried out by who works with the data, and a restriction is kept by all."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from referral.access.context import acting, service
from referral.audit.models import AuditEvent
from referral.cases.actions import Proposal, offer_handoff, open_case
from referral.cases.models import HandoffReason
from referral.cases.printing.rules import can_print
from referral.cases.referrals.actions import offer_referral
from referral.cases.rules import reach_of
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.notices.models import Notice
from referral.organisations.roles import Role
from referral.persons.restriction.models import Restriction
from referral.persons.restriction.querysets import restricted_among
from referral.persons.restriction.rules import Restricted
from referral.registrations.corrections.models import Version
from referral.retention.querysets import due_on
from referral.rights import actions
from referral.rights.models import How, Right, RightsExecution
from referral.rights.rules import RightsRefused
from referral.sharing.models import DataCategory, Purpose
from tests.factories.cases import case_at, colleague_of, doing, handoff_at, make_country
from tests.factories.emergencies import make_officer
from tests.factories.people import make_member, sign_in
from tests.factories.referrals import consent_for, make_lawyer, other_basis_for, request_of
from tests.factories.rights import ANSWER, WORDS, granted_to, restricted_at

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(module_db):  # noqa: ARG001
    country = make_country()
    return country, case_at(CaseStatus.ACTIVE, country), make_officer()


@pytest.fixture
def scene(made, db):  # noqa: ARG001
    with override("en"):
        yield deepcopy(made)


def says_restricted(page):
    """In either language of the page."""
    text = page.content.decode()
    return "<strong>Beperkt." in text or "<strong>Restricted." in text


def test_a_rectification_goes_along_the_chain_with_the_words_of_the_person(scene, client):
    country, case, officer = scene
    execution = granted_to(case.reference, Right.RECTIFICATION, by=officer)
    sign_in(client, country.desk)
    assert execution.reference in client.get(reverse("rights:to_carry_out")).content.decode()
    page = client.get(execution.get_absolute_url()).content.decode()
    assert WORDS in page
    assert ANSWER in page
    address = reverse("rights:rectify", args=[execution.pk, case.registration_id])
    form = client.get(address).context["form"]
    assert WORDS in form.initial["reason"]
    answers = {name: value for name, value in form.initial.items() if value is not None}
    assert client.post(execution.get_absolute_url(), {"how": "listed"}).status_code == 422
    sent = answers | {"sector": "cleaning" if answers["sector"] != "cleaning" else "other"}
    assert client.post(address, sent).status_code == 422, "whether it is all was not said"
    assert client.post(address, sent | {"is_all": "no"}).status_code == 302
    home = client.get(reverse("rights:to_carry_out")).content.decode()
    assert execution.reference in home, "a name waits"
    sent["crossing"] = "domestic" if answers["crossing"] != "domestic" else "crossborder"
    assert client.post(address, sent | {"is_all": "yes"}).status_code == 302
    assert client.get(address).status_code == 404, "it was done"
    with doing(country.desk):
        assert Version.objects.filter(registration=case.registration_id).count() == 3
        done = RightsExecution.objects.visible_to(country.desk).get()
    assert (done.how, done.done_by_id) == (How.CORRECTED, country.desk.user_id)
    sign_in(client, officer)
    page = client.get(reverse("rights:request", args=[done.request_id])).content.decode()
    assert country.desk.user.full_name in page
    assert str(How.CORRECTED.label) in page
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        told = Notice.objects.get(kind="rights_granted")
        assert (told.object_id, told.role) == (str(execution.pk), "com_registrar")
    with acting(make_member(Role.AUDITOR), purpose="test"):
        lines = AuditEvent.objects.filter(object_id=str(execution.pk)).values_list(
            "action", flat=True
        )
        done = ["rights_partly_carried_out", "rights_carried_out"]
        assert [line for line in lines if line in done] == done


def test_what_waits_for_a_week_is_told_once_more(scene):
    _country, case, officer = scene
    execution = granted_to(case.reference, Right.ERASURE, by=officer)
    clock = service(Role.SERVICE_SWEEPER)
    told = []
    for days in (6, 8, 9):
        with acting(clock, purpose="test"):
            later = timezone.now() + timedelta(days=days)
            told.append(actions.remind_of_executions(by=clock, at=later))
    assert told == [0, 1, 0]
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        notice = Notice.objects.get(kind="rights_waiting")
        assert (notice.object_id, notice.role) == (str(execution.pk), "com_registrar")


def test_a_restricted_person_is_not_shared_and_not_printed(scene, client):
    country, case, officer = scene
    execution = granted_to(case.reference, Right.RESTRICTION, by=officer)
    proposal = Proposal(case=case, care_region=country.there, reason=HandoffReason.MOVED)
    with doing(country.desk):
        actions.carry_out(execution, How.RESTRICTED, by=country.desk, at=timezone.now())
    with doing(country.alice):
        assert restricted_among([case.person_id]) == {case.person_id}
        with pytest.raises(Restricted):
            offer_handoff(proposal, by=country.alice, at=timezone.now())
        _case, reach = open_case(case, by=country.alice, at=timezone.now())
        assert reach.works, "who works on the case reads on"
        assert reach.restricted
        assert not can_print(country.alice, reach)
    sign_in(client, country.alice)
    assert says_restricted(client.get(reverse("cases:case", args=[case.pk])))
    sign_in(client, country.desk)
    of_registration = reverse("registrations:registration", args=[case.registration_id])
    assert says_restricted(client.get(of_registration))
    assert client.post(reverse("rights:lift", args=[execution.pk])).status_code == 302
    assert not says_restricted(client.get(of_registration))
    with doing(country.alice):
        assert not reach_of(case, country.alice).restricted
    with doing(country.desk), pytest.raises(RightsRefused):
        actions.lift_restriction(execution, by=country.desk, at=timezone.now())


def test_who_reads_along_sees_the_header_alone_while_it_is_restricted(scene):
    """The keeper of a case that was handed over reads for thirty days more, and now no more."""
    country, _case, officer = scene
    handoff = handoff_at(HandoffStatus.COMPLETED, country)
    with doing(country.alice):
        assert reach_of(handoff.case, country.alice).reads_all
    execution = granted_to(handoff.case.reference, Right.OBJECTION, by=officer)
    with doing(country.desk):
        actions.carry_out(execution, How.RESTRICTED, by=country.desk, at=timezone.now())
    with doing(country.alice):
        reach = reach_of(handoff.case, country.alice)
        assert (reach.reads_header, reach.reads_identity) == (True, False)
    with doing(country.bob):
        assert reach_of(handoff.case, country.bob).works


def test_a_vital_interest_that_is_written_down_opens_it(scene, monkeypatch):
    country, case, officer = scene
    restricted_at(case.reference, by=officer, desk=country.desk)
    lawyer = make_lawyer()
    consent_for(case, lawyer, by=country.alice)
    with doing(country.alice), pytest.raises(Restricted):
        offer_referral(request_of(case, lawyer), by=country.alice, at=timezone.now())
    # With the first lock open the second one holds.
    monkeypatch.setattr("referral.sharing.rules.restricted_among", lambda _persons: frozenset())
    with doing(country.alice), pytest.raises(IntegrityError, match="person_is_not_shared"):
        offer_referral(request_of(case, lawyer), by=country.alice, at=timezone.now())
    monkeypatch.undo()
    vital = {"basis": "vital_interest", "article": "AVG art. 6.1d"}
    other_basis_for(
        case, lawyer, by=country.alice, purpose=Purpose.CARE_COORDINATION,
        categories=DataCategory.values, **vital,
    )  # fmt: skip
    with doing(country.alice):
        assert offer_referral(request_of(case, lawyer), by=country.alice, at=timezone.now())


def test_a_granted_erasure_is_due_when_nothing_is_open(scene):
    country, case, officer = scene
    gone, open_one = case_at(CaseStatus.CLOSED, country), case
    now = timezone.now()
    for one in (gone, open_one):
        execution = granted_to(one.reference, Right.ERASURE, by=officer)
        with doing(country.desk):
            with pytest.raises(RightsRefused, match="not what the person asked"):
                actions.carry_out(execution, How.RESTRICTED, by=country.desk, at=now)
            actions.carry_out(execution, How.LISTED, by=country.desk, at=now)
            with pytest.raises(RightsRefused, match="already"):
                actions.carry_out(execution, How.LISTED, by=country.desk, at=now)
    clock = service(Role.SERVICE_SWEEPER)
    with doing(clock):
        today = timezone.localdate(now)
        assert [due.person for due in due_on(today + timedelta(days=1))] == [gone.person_id]
        [due] = due_on(today + timedelta(days=1))
    assert due.due_on == due.last_event_on + timedelta(days=1) or due.due_on == today


def test_the_database_holds_who_grants_and_who_carries_out(scene):
    country, case, officer = scene
    execution = granted_to(case.reference, Right.RESTRICTION, by=officer)
    of_alice = colleague_of(country.alice, Role.FG)
    for stranger in (country.alice, country.bob, country.officer, of_alice):
        with doing(stranger):
            assert not RightsExecution.objects.exists()
            assert not RightsExecution.objects.visible_to(stranger).exists()
            with pytest.raises(RightsExecution.DoesNotExist):
                actions.carry_out(execution, How.RESTRICTED, by=stranger, at=timezone.now())
    with doing(officer), pytest.raises(RightsExecution.DoesNotExist):
        actions.carry_out(execution, How.RESTRICTED, by=officer, at=timezone.now())
    done = {"done_at": timezone.now(), "done_by": country.desk.user}

    def tried(**changed):
        with doing(country.desk):
            RightsExecution.objects.filter(pk=execution.pk).update(**changed)

    def restrict(member, **changed):
        values = {
            "person_id": case.person_id, "reference": execution.reference, "begun_by": member.user,
            "organisation": member.organisation, "begun_at": timezone.now(),
        }  # fmt: skip
        with doing(member):
            return Restriction.objects.create(**values | changed)

    for changed, name in (
        (done | {"how": "restricted"}, "stands_when_it_is_said_to"),
        (done | {"how": "listed"}, "does_what_was_asked"),
    ):
        with pytest.raises(IntegrityError, match=name):
            tried(**changed)
    with pytest.raises(ProgrammingError, match="permission denied"):
        tried(right="erasure")
    with pytest.raises(IntegrityError, match="restriction_follows_a_granted_request"):
        restrict(country.desk, reference="AVG-2026-999999")
    with pytest.raises((IntegrityError, ProgrammingError)):
        restrict(country.alice)
    standing = restrict(country.desk)
    with pytest.raises(IntegrityError, match="done_by_someone"):
        tried(how="restricted")
    tried(**done, how="restricted")
    with pytest.raises(IntegrityError, match="done_once"):
        tried(**done, how="restricted")
    ended = {"ended_at": standing.begun_at - timedelta(days=1), "ended_by": country.desk.user}
    with pytest.raises(IntegrityError, match="after_it_began"), doing(country.desk):
        Restriction.objects.filter(pk=standing.pk).update(**ended)
    with doing(country.bob):
        assert not Restriction.objects.exists()
    with doing(country.alice):
        assert Restriction.objects.visible_to(country.alice).exists()
        assert Restriction.objects.update(ended_at=None) == 0, "the desk ends it"
    ended["ended_at"] = timezone.now()
    with doing(country.desk):
        Restriction.objects.filter(pk=standing.pk).update(**ended)
    with pytest.raises(IntegrityError, match="ended_once"), doing(country.desk):
        Restriction.objects.filter(pk=standing.pk).update(**ended)

    refused = granted_to(case.reference, Right.RECTIFICATION, by=officer)
    with pytest.raises(IntegrityError, match="correction_stands"), doing(country.desk):
        RightsExecution.objects.filter(pk=refused.pk).update(how="corrected", **done)

    def wrong(**changed):
        """As the role that no policy binds, so that the constraint alone is asked."""
        fields = {field.attname: getattr(refused, field.attname) for field in refused._meta.fields}
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE baken_guard")
            RightsExecution.objects.filter(pk=refused.pk).delete()
            RightsExecution.objects.create(**fields | changed)

    for changed, name in (
        ({"words": b""}, "says_what_is_to_be_done"),
        ({"reference": "AVG-1"}, "follows_a_granted_request"),
    ):
        with pytest.raises(IntegrityError, match=name):
            wrong(**changed)
