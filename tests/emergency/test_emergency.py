"""A file opened in an emergency: by whom, for how long, who hears, what is recorded, the verdict."""

from copy import deepcopy
from datetime import timedelta
from itertools import product

import pytest
from django.db import Error, IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from referral.access.context import acting, service
from referral.audit.models import AuditEvent
from referral.cases.actions import open_case, read_care_notes, write_care_note
from referral.cases.documents.models import Document
from referral.cases.emergency.actions import (
    end_emergency,
    list_home_emergencies,
    open_in_emergency,
    read_emergency,
    review_emergency,
    tell_late_reviews,
)
from referral.cases.emergency.models import EmergencyAccess
from referral.cases.emergency.querysets import case_called
from referral.cases.emergency.rules import EmergencyRefused
from referral.cases.emergency.workflow import MOVES, Status
from referral.cases.models import CareNote, Case, CaseGrant
from referral.cases.workflow import CaseStatus
from referral.lib.working_days import working_days_after
from referral.notices.models import Notice
from referral.organisations.roles import OrganisationType, Role
from referral.persons.actions import open_identity
from referral.persons.models import Person
from tests.factories.cases import case_at, doing, make_country
from tests.factories.documents import make_document
from tests.factories.emergencies import WORDS, emergency_at, make_officer
from tests.factories.people import make_member, make_organisation, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(module_db):  # noqa: ARG001
    country = make_country()
    case = case_at(CaseStatus.ACTIVE, country)
    with doing(country.alice):
        write_care_note(case, text="Canary note", by=country.alice, at=timezone.now())
    make_document(case, by=country.alice)
    return country, case, make_officer()


@pytest.fixture
def scene(made, db):  # noqa: ARG001
    with override("en"):
        yield deepcopy(made)


def lines(action):
    with acting(make_member(Role.AUDITOR), purpose="test"):
        return list(AuditEvent.objects.filter(action=action).order_by("pk"))


def sees(member, case):
    """What this member can see of the case now: header, person, notes."""
    with doing(member):
        seen = Case.objects.visible_to(member).filter(pk=case.pk)
        assert set(seen) == set(Case.objects.filter(pk=case.pk))
        persons = Person.objects.visible_to(member).filter(pk=case.person_id)
        assert set(persons) == set(Person.objects.filter(pk=case.person_id))
        notes = CareNote.objects.visible_to(member).filter(case=case)
        assert set(notes) == set(CareNote.objects.filter(case=case))
        documents = Document.objects.visible_to(member).filter(case=case)
        assert set(documents) == set(Document.objects.filter(case=case))
        assert documents.exists() == notes.exists()
        return seen.exists(), persons.exists(), notes.exists()


def test_a_coordinator_opens_one_case_for_an_hour_and_everybody_who_must_hears_it(scene, client):
    country, case, officer = scene
    bob, other = country.bob, case_at(CaseStatus.ACTIVE, country)
    assert sees(bob, case) == (False, False, False)
    sign_in(client, bob)
    sent = {"reference": case.reference.lower(), "reason": "life", "words": WORDS, "hours": "1"}
    answer = client.post(reverse("cases:emergency:open"), sent)
    assert answer["Location"] == case.get_absolute_url()
    # One case, to read, and nothing else; nobody else of the organisation.
    assert sees(bob, case) == (True, True, True)
    assert sees(bob, other) == (False, False, False)
    colleague = make_member(Role.ZC, organisation=bob.organisation)
    assert sees(colleague, case) == (False, False, False)
    page = client.get(f"{case.get_absolute_url()}?open=all")
    assert "Noodtoegang tot CASE" in page.content.decode()
    assert "Canary note" in page.content.decode()
    client.post(reverse("cases:write_note", args=[case.pk]), {"text": "Not mine to write."})
    with doing(country.alice):
        assert CareNote.objects.filter(case=case).count() == 1
    client.post(reverse("cases:identity", args=[case.pk]))
    client.get(reverse("contact:contact", args=[case.person_id]))
    assert "Noodtoegang tot CASE" not in client.get(reverse("home")).content.decode()
    # Each look says so in the trail, and no other line does.
    for action in ("case_opened", "care_notes_read", "identity_opened", "consents_listed"):
        assert {line.purpose for line in lines(action) if line.actor_id == bob.user_id} == {
            "break-glass"
        }
    assert [line.grant_used for line in lines("case_opened")[-1:]] != [""]
    # The holder and the privacy officer are told at once.
    with doing(bob):
        access = EmergencyAccess.objects.visible_to(bob).get()
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        told = Notice.objects.filter(kind="emergency_opened")
        assert set(told.values_list("organisation", "role", "urgent")) == {
            (country.alice.organisation_id, "zc", True),
            (officer.organisation_id, "fg", True),
        }
    for reader in (bob, country.alice, officer):
        with doing(reader):
            assert read_emergency(access, by=reader, at=timezone.now()).words == WORDS
    for stranger in (country.charlie, country.officer, make_member(Role.FG)):
        with doing(stranger), pytest.raises(EmergencyAccess.DoesNotExist):
            read_emergency(access, by=stranger, at=timezone.now())
    # Where a role reads no notes the page does not say that there are none.
    sign_in(client, country.placement)
    emergency_at(Status.TO_REVIEW, case, by=country.placement)
    page = client.get(case.get_absolute_url()).content.decode()
    assert 'id="identity"' in page
    assert 'id="notes"' not in page
    sign_in(client, bob)
    # Done: closed again.
    client.post(reverse("cases:emergency:end", args=[access.pk]))
    assert sees(bob, case) == (False, False, False)
    assert client.get(case.get_absolute_url()).status_code == 404


def test_each_role_reads_as_far_as_the_matrix_lets_it_and_after_the_end_nothing(scene):
    country, case, officer = scene
    shelter = make_member(Role.SHELTER_MANAGER)
    reach = {
        country.bob: (True, True, True),
        shelter: (True, True, False),
        country.placement: (True, True, False),
        officer: (True, True, True),
    }
    for member, expected in reach.items():
        access = emergency_at(Status.TO_REVIEW, case, by=member, hours=4)
        assert access.ends_at - access.opened_at == timedelta(hours=4)
        assert sees(member, case) == expected, member.role
        with doing(member):
            found, _reach = open_case(case, by=member, at=timezone.now())
            person = Person.objects.visible_to(member).get(pk=case.person_id)
            assert open_identity(person, by=member, at=timezone.now()).given_names == "Ola"
            assert bool(read_care_notes(found, by=member, at=timezone.now())) == expected[2]
        with doing(member):
            end_emergency(access, by=member, at=timezone.now())
        left = (member.role == Role.COM_PLACEMENT, False, False)
        assert sees(member, case) == left, member.role
    past = emergency_at(
        Status.TO_REVIEW, case, by=country.charlie, at=timezone.now() - timedelta(hours=2)
    )
    assert not past.is_running
    assert sees(country.charlie, case) == (False, False, False)


def test_the_wall_stays_shut_and_every_limit_is_said_in_words(scene):
    country, case, officer = scene
    now = timezone.now()

    def ask(member, reference=case.reference, reason="life", words=WORDS, hours=1):
        with doing(member):
            return open_in_emergency(
                reference, reason=reason, words=words, hours=hours, by=member, at=now
            )

    of_police = make_member(Role.FG, organisation=country.officer.organisation)
    of_emm = make_member(Role.FG, organisation=make_organisation(OrganisationType.EMM))
    worker = make_member(Role.SHELTER_WORKER)
    for member in (country.officer, of_police, of_emm, worker, country.desk):
        with pytest.raises(EmergencyRefused, match="Your role"):
            ask(member)
        with doing(member):
            assert case_called(case.reference) is None
        with doing(member), pytest.raises(Error):
            EmergencyAccess.objects.create(
                case=case, owner=country.alice.organisation, organisation=member.organisation,
                reason="life", key=access_key(), sealed=b"x" * 40, opened_at=now,
                opened_by=member.user, ends_at=now + timedelta(hours=1),
                review_due_on=now.date(),
            )  # fmt: skip
    bob = country.bob
    for wrong, sentence in (
        ({"reference": "CASE-2020-999999"}, "no case"),
        ({"reason": "curious"}, "what the emergency is"),
        ({"words": "Help"}, "a sentence"),
        ({"hours": 5}, "four hours"),
    ):
        with pytest.raises(EmergencyRefused, match=sentence):
            ask(bob, **wrong)
    with pytest.raises(EmergencyRefused, match="already"):
        ask(country.alice)
    cases = [case_at(CaseStatus.ACTIVE, country) for _ in range(4)]
    for one in cases[:3]:
        ask(bob, one.reference)
    with pytest.raises(EmergencyRefused, match="3 files"):
        ask(bob, cases[3].reference)
    with doing(officer), pytest.raises(Error):
        CaseGrant.objects.create(
            case=case, organisation=officer.organisation, user=officer.user, level=1,
            profile="full", basis="break_glass", valid=(now, None), granted_by=officer.user,
        )  # fmt: skip


def access_key():
    from referral.access.secrets import new_data_key  # noqa: PLC0415

    return new_data_key()


def test_the_privacy_officer_judges_in_time_and_never_the_own_deed(scene, client):
    country, case, officer = scene
    late_day = timezone.now() - timedelta(days=9)
    late = emergency_at(Status.TO_REVIEW, case, by=country.charlie, at=late_day)
    assert late.review_due_on == working_days_after(timezone.localdate(late_day), 3)
    sweeper = service(Role.SERVICE_SWEEPER)
    for told in (1, 0):
        with doing(sweeper):
            assert tell_late_reviews(by=sweeper, at=timezone.now()) == told
    access = emergency_at(Status.TO_REVIEW, case, by=country.bob)
    with doing(country.bob):
        open_case(case, by=country.bob, at=timezone.now())
    with doing(officer):
        assert list_home_emergencies(by=officer, at=timezone.now()).waiting == 2
        assert list_home_emergencies(by=officer, at=timezone.now()).late == 1
    sign_in(client, officer)
    listed = client.get(reverse("cases:emergency:list")).content.decode()
    assert listed.count("Wacht op oordeel") >= 2
    page = client.get(access.get_absolute_url())
    assert WORDS in page.content.decode()
    empty = client.post(access.get_absolute_url(), {"verdict": "justified", "words": "Ja."})
    assert empty.status_code == 422
    sent = {"verdict": "not_justified", "words": "De houder was bereikbaar."}
    assert client.post(access.get_absolute_url(), sent).status_code == 302
    assert sees(country.bob, case) == (False, False, False)  # it ended with the verdict
    assert "De houder was bereikbaar." in client.get(access.get_absolute_url()).content.decode()
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        told = Notice.objects.filter(kind="emergency_reviewed")
        assert set(told.values_list("organisation", "user")) == {
            (country.bob.organisation_id, country.bob.user_id),
            (country.alice.organisation_id, None),
        }
    own = emergency_at(Status.TO_REVIEW, case, by=officer)
    with doing(officer), pytest.raises(EmergencyRefused, match="collega"):
        review_emergency(own, verdict=Status.JUSTIFIED, words=WORDS, by=officer, at=timezone.now())


def test_who_one_is_must_be_shown_again_first(scene, client):
    country, case, _officer = scene
    country.bob.user.set_password("a long and made-up one")
    country.bob.user.save()
    sign_in(client, country.bob)
    address = reverse("cases:emergency:open")
    assert client.get(address)["Location"].startswith(reverse("account_reauthenticate"))
    sent = {"reference": case.reference, "reason": "life", "words": WORDS, "hours": "1"}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert WORDS not in str(dict(client.session.items()))
    shown = {"password": "a long and made-up one", "next": address}
    assert client.post(reverse("account_reauthenticate"), shown)["Location"] == address
    assert client.get(address).status_code == 200
    assert client.post(address, sent)["Location"] == case.get_absolute_url()


def test_the_database_keeps_each_rule_by_itself(scene):
    country, case, officer = scene
    access = emergency_at(Status.TO_REVIEW, case, by=country.bob)
    judged = {
        status: emergency_at(status, case_at(CaseStatus.ACTIVE, country), by=member,
                             officer=officer)
        for status, member in (
            (Status.JUSTIFIED, country.bob), (Status.NOT_JUSTIFIED, country.charlie))
    }  # fmt: skip
    rows = {Status.TO_REVIEW: access, **judged}
    sealed = {
        "reviewed_at": timezone.now(),
        "reviewed_by": officer.user,
        "sealed_verdict": b"x" * 40,
    }

    def tried(member, pk, **values):
        with doing(member):
            return EmergencyAccess.objects.filter(pk=pk).update(**values)

    for start, goal in product(Status, Status):
        if goal == start or goal in MOVES[start]:
            continue
        with pytest.raises(IntegrityError, match="along_the_table"):
            tried(officer, rows[start].pk, status=goal)
    with pytest.raises(IntegrityError, match="reviewed_once"):
        tried(officer, judged[Status.JUSTIFIED].pk, sealed_verdict=b"y" * 40)
    with pytest.raises(IntegrityError, match="only_shortened"):
        tried(country.bob, access.pk, ends_at=access.ends_at + timedelta(minutes=1))
    with pytest.raises(IntegrityError, match="along_the_table"):
        tried(country.bob, access.pk, status="justified", **sealed)
    with pytest.raises(IntegrityError, match="someone_else"):
        tried(officer, access.pk, status="justified", **sealed | {"reviewed_by": country.bob.user})
    with pytest.raises(ProgrammingError, match="permission denied"):
        tried(officer, access.pk, reason="child")
    assert tried(country.alice, access.pk, ends_at=timezone.now()) == 0

    def wrong(**changed):
        """As the role that no policy binds, so that the constraint alone is asked."""
        now = timezone.now()
        values = {
            "case": case, "owner": country.alice.organisation,
            "organisation": country.bob.organisation, "reason": "life", "key": access_key(),
            "sealed": b"x" * 40, "opened_at": now, "opened_by": country.bob.user,
            "ends_at": now + timedelta(hours=1), "review_due_on": now.date(),
        }  # fmt: skip
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL ROLE baken_guard")
            EmergencyAccess.objects.create(**values | changed)

    now = timezone.now()
    for changed, name in (
        ({"reason": "curious"}, "emergency_reason_is_known"),
        ({"status": "unread"}, "emergency_"),
        ({"ends_at": now + timedelta(hours=5)}, "emergency_lasts_four_hours_at_most"),
        ({"sealed": b""}, "emergency_says_why"),
        ({"owner": country.bob.organisation}, "emergency_names_who_holds_the_case"),
    ):
        with pytest.raises(IntegrityError, match=name):
            wrong(**changed)
