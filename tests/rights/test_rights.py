"""Requests of persons: the steps, the term, the extract, and who may have any part in it."""

from copy import deepcopy
from datetime import timedelta
from io import BytesIO
from itertools import product

import pytest
from django.db import Error, IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from pikepdf import Pdf

from referral.access.context import acting, service
from referral.access.secrets import new_data_key
from referral.audit.models import AuditEvent
from referral.cases.actions import open_case, write_care_note
from referral.cases.workflow import CaseStatus
from referral.notices.models import Notice
from referral.organisations.roles import OrganisationType, Role
from referral.persons.actions import open_identity
from referral.persons.models import Person
from referral.registrations.models import Registration
from referral.registrations.templatetags.registered import born
from referral.rights import actions
from referral.rights.models import Right, RightsExtract, RightsRequest
from referral.rights.querysets import kept_of_person, safe_contact
from referral.rights.rules import RightsRefused, term
from referral.rights.tasks import keep_terms
from referral.rights.workflow import MOVES, Status
from tests.factories.cases import case_at, colleague_of, doing, make_country
from tests.factories.contact import make_contact_rule
from tests.factories.documents import TITLE, make_document
from tests.factories.emergencies import make_officer
from tests.factories.people import make_member, make_organisation, sign_in
from tests.factories.rights import ANSWER, WORDS, request_at

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(module_db):  # noqa: ARG001
    country = make_country()
    case = case_at(CaseStatus.ACTIVE, country)
    with doing(country.alice):
        write_care_note(case, text="Canary note", by=country.alice, at=timezone.now())
        open_case(case, by=country.alice, at=timezone.now())
        open_identity(case.person, by=country.alice, at=timezone.now())
    make_document(case, by=country.alice, category="decision")
    other = case_at(CaseStatus.ACTIVE, country)
    return country, case, other, make_officer()


@pytest.fixture
def scene(made, db):  # noqa: ARG001
    with override("en"):
        yield deepcopy(made)


def test_access_is_asked_answered_and_delivered_by_a_way_that_is_safe(scene, client):
    country, case, _other, officer = scene
    make_contact_rule(case.person, by=country.alice, channel="email", address="c@canary.example")
    make_contact_rule(case.person, by=country.alice, channel="post", is_safe=False, address="")
    sign_in(client, officer)
    sent = {
        "called": case.reference.lower(),
        "right": "access",
        "came_by": "letter",
        "received_on": timezone.localdate().isoformat(),
        "words": WORDS,
    }
    early = client.post(reverse("rights:receive"), sent | {"received_on": "2999-01-01"})
    assert early.status_code == 422
    unknown = client.post(reverse("rights:receive"), sent | {"called": "PER-1999-000001"})
    assert unknown.status_code == 422
    there = client.post(reverse("rights:receive"), sent)["Location"]
    with doing(officer):
        asked = RightsRequest.objects.visible_to(officer).get()
        assert asked.due_on == term(timezone.localdate())
        assert kept_of_person(asked) is None, "nothing before it is known who asks"

    def take(step, status=302, **answers):
        answer = client.post(reverse("rights:step", args=[asked.pk, step]), answers)
        assert answer.status_code == status, answer.content.decode()

    take("begin")  # too early: led back, and nothing is done
    take("identity", 422, proof="a feeling")
    take("identity", proof="document")
    take("make-extract")
    with doing(officer):
        asked.refresh_from_db()
        assert asked.status == Status.IDENTIFIED
        assert not RightsExtract.objects.visible_to(officer).exists()
    take("begin")
    assert WORDS in client.get(reverse("rights:step", args=[asked.pk, "answer"])).content.decode()
    take("answer", 422, outcome="granted", refusal="", words=ANSWER)
    take("make-extract")
    take("answer", 422, outcome="refused", refusal="", words=ANSWER)
    take("answer", outcome="granted", refusal="", words=ANSWER)
    page = client.get(reverse("rights:step", args=[asked.pk, "close"])).content.decode()
    assert "c@canary.example" in page
    take("close", 422, delivery="post")
    take("close", delivery="email")
    page = client.get(there).content.decode()
    assert WORDS in page
    assert ANSWER in page

    # The extract: own data and organisations, no names of others, no notes.
    with doing(officer):
        extract = RightsExtract.objects.visible_to(officer).get()
        opened = actions.read_extract(extract, by=officer, at=timezone.now())
    said = client.get(reverse("rights:extract", args=[extract.pk])).content.decode()
    with doing(country.alice):
        facts = open_identity(case.person, by=country.alice, at=timezone.now())
    with override("nl"):
        birth = born(facts)
    for word in (facts.full_name, birth, case.reference, country.alice.organisation.name):
        assert word in said
    assert "Besluit (" in said
    assert TITLE not in said
    # Empty parts say so, and what the law keeps out of a copy is named with its reason.
    titles = [part["title"] for part in opened.sections]
    assert titles[-4:-1] == ["Waar u verbleef", "Verblijfsrecht", "Familie"]
    assert "AVG art. 15 lid 4" in said
    for word in ("Canary note", country.alice.user.full_name, country.officer.user.full_name):
        assert word not in said
    seen = {(look["organisation"], look["purpose"]) for look in opened.looks}
    assert (country.alice.organisation.name, "Identiteit geopend") in seen
    assert country.officer.organisation.name not in {look["organisation"] for look in opened.looks}
    paper = client.get(reverse("rights:extract_pdf", args=[extract.pk]))
    assert paper.content.startswith(b"%PDF")
    with Pdf.open(BytesIO(paper.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root

    with acting(make_member(Role.AUDITOR), purpose="test"):
        about = AuditEvent.objects.filter(object_id=str(asked.pk)).values_list("action", flat=True)
        assert {
            "rights_request_received", "rights_identity_checked", "rights_request_begun",
            "rights_extract_made", "rights_request_answered", "rights_contact_read",
            "rights_request_closed", "rights_request_read", "rights_extract_read",
            "rights_extract_printed",
        } <= set(about)  # fmt: skip
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        told = Notice.objects.filter(kind="rights_granted")
        assert not told.exists(), "access is answered with an extract, and nothing is left to do"


def test_only_the_officer_of_who_keeps_the_data_has_part_in_it(scene, client):
    country, case, other, officer = scene
    asked = request_at(Status.IN_PROGRESS, case.reference, by=officer)
    of_alice = colleague_of(country.alice, Role.FG)
    of_charlie = colleague_of(country.charlie, Role.FG)
    of_police = colleague_of(country.officer, Role.FG)
    of_emm = make_member(Role.FG, organisation=make_organisation(OrganisationType.EMM))
    for stranger in (of_alice, of_charlie, of_police, of_emm, country.alice, country.desk):
        with doing(stranger):
            assert not RightsRequest.objects.visible_to(stranger).exists()
            assert not RightsRequest.objects.exists()
            assert not RightsExtract.objects.exists()
            assert kept_of_person(asked) is None
            assert safe_contact(asked) == []
            with pytest.raises((RightsRefused, RightsRequest.DoesNotExist)):
                actions.answer_request(
                    asked, Status.GRANTED, refusal="", words=ANSWER, by=stranger, at=timezone.now()
                )
    # Each keeper answers for what it keeps itself; who keeps nothing learns nothing.
    with pytest.raises(RightsRefused):
        request_at(Status.RECEIVED, case.reference, by=of_charlie)
    with pytest.raises(RightsRefused):
        request_at(Status.RECEIVED, case.reference, by=of_police)
    own = request_at(Status.IN_PROGRESS, case.reference, by=of_alice)
    with doing(of_alice):
        kept = kept_of_person(own)
        assert [one["reference"] for one in kept["cases"]] == [case.reference]
        assert not kept["registrations"], "the registration is kept by the desk"
        assert not Person.objects.exists()
        assert not Registration.objects.exists()
    with doing(officer):
        assert [one["id"] for one in kept_of_person(asked)["persons"]] == [str(case.person_id)]
        assert str(other.person_id) not in str(kept_of_person(asked))
    sign_in(client, of_charlie)
    for address in (asked.get_absolute_url(), reverse("rights:step", args=[asked.pk, "answer"])):
        assert client.get(address).status_code == 404
    sign_in(client, of_police)
    assert client.get(reverse("rights:list")).status_code == 200
    sent = {
        "called": case.reference, "right": "access", "came_by": "letter", "words": WORDS,
        "received_on": timezone.localdate().isoformat(),
    }  # fmt: skip
    assert client.post(reverse("rights:receive"), sent).status_code == 422


def test_the_term_is_a_month_two_more_in_time_and_the_clock_tells_once(scene):
    _country, case, _other, officer = scene
    now = timezone.now()
    near = request_at(
        Status.IN_PROGRESS, case.reference, by=officer, right=Right.ERASURE,
        at=now - timedelta(days=26),
    )  # fmt: skip
    late = request_at(Status.RECEIVED, case.reference, by=officer, at=now - timedelta(days=40))
    gone = request_at(
        Status.IN_PROGRESS, case.reference, by=officer, right=Right.OBJECTION,
        at=now - timedelta(days=40),
    )  # fmt: skip
    keep_terms()
    keep_terms()
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        told = Notice.objects.filter(kind__in=["rights_near", "rights_late"])
        assert sorted(told.values_list("kind", "object_id")) == sorted([
            ("rights_near", str(near.pk)), ("rights_late", str(late.pk)),
            ("rights_late", str(gone.pk)),
        ])  # fmt: skip
    with doing(officer):
        near = actions.extend_request(near, reason="complex", by=officer, at=now)
        assert near.due_on == term(near.received_on, extended=True)
        assert near.near_told_at is None
        with pytest.raises(RightsRefused, match="first month"):
            actions.extend_request(gone, reason="complex", by=officer, at=now)
        assert actions.count_home_rights(by=officer, at=now) == actions.HomeRights(3, 2)


def columns(goal, officer):
    """What a move to `goal` writes, when it is lawful but for the table."""
    at, by = timezone.now(), officer.user
    answered = {"decided_at": at, "decided_by": by, "answer": b"y" * 40}
    reason = {"refusal": "others"} if goal in (Status.REFUSED, Status.PARTLY_GRANTED) else {}
    return {"status": goal} | {
        Status.IDENTIFIED: {"identified_at": at, "identified_by": by, "proof": "known"},
        Status.IN_PROGRESS: {"begun_at": at, "begun_by": by},
        Status.EXTENDED: {
            "extended_at": at, "extended_by": by, "extension": "many",
            "due_on": term(timezone.localdate(), extended=True),
        },
        Status.CLOSED: {"closed_at": at, "closed_by": by, "delivery": "collected"},
    }.get(goal, answered | reason | {"outcome": goal})  # fmt: skip


def test_the_database_holds_the_table_the_term_and_the_answer(scene):  # noqa: C901 -- two tries
    _country, case, _other, officer = scene
    rows = {status: request_at(status, case.reference, by=officer) for status in Status}
    erasing = request_at(Status.IN_PROGRESS, case.reference, by=officer, right=Right.ERASURE)

    def tried(member, key, **changed):
        with doing(member):
            return RightsRequest.objects.filter(pk=key).update(**changed)

    for start, goal in product(Status, Status):
        if goal == start:
            continue
        if goal in MOVES[start]:
            with transaction.atomic():
                assert tried(officer, rows[start].pk, **columns(goal, officer)) == 1
                transaction.set_rollback(True)
            continue
        with pytest.raises(IntegrityError, match="moves_along_the_table"):
            tried(officer, rows[start].pk, **columns(goal, officer))
    running = rows[Status.IN_PROGRESS].pk
    for changed, name in (
        ({"proof": "mandate"}, "changes_only_with_a_step"),
        ({"status": "extended", "due_on": term(timezone.localdate())}, "within_the_first_month"),
        ({"due_on": term(timezone.localdate(), extended=True)}, "changes_only_with_a_step"),
        (columns(Status.REFUSED, officer) | {"refusal": ""}, "refusal_has_a_reason"),
        (columns(Status.REFUSED, officer) | {"refusal": "basis"}, "refuses_a_transfer_alone"),
        (columns(Status.GRANTED, officer) | {"answer": b""}, "given_by_someone_with_words"),
        (columns(Status.GRANTED, officer) | {"outcome": "refused"}, "rights_"),
    ):
        with pytest.raises(IntegrityError, match=name):
            tried(officer, running, **changed)
    with doing(officer), pytest.raises(IntegrityError, match="stays_as_it_was_given"):
        RightsRequest.objects.filter(pk=rows[Status.GRANTED].pk).update(
            **columns(Status.CLOSED, officer), answer=b"z" * 40
        )
    with pytest.raises(Error, match="permission denied"):
        tried(officer, running, right="erasure")
    with doing(officer):
        extract = RightsExtract.objects.all()[0]
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            RightsExtract.objects.filter(pk=extract.pk).update(sealed=b"z" * 40)
        with pytest.raises(Error, match="row-level security"), transaction.atomic():
            RightsExtract.objects.create(
                request=erasing, sealed=b"z" * 40, digest=b"z" * 32, made_at=timezone.now(),
                made_by=officer.user,
            )  # fmt: skip

    def wrong(model=RightsRequest, **changed):
        """As the role that no policy binds, so that the constraint alone is asked."""
        today = timezone.localdate()
        values = {
            "reference": "AVG-2026-999999", "organisation": officer.organisation,
            "person_id": case.person_id, "person_reference": "PER-2026-000001",
            "right": "access", "came_by": "letter", "received_on": today, "due_on": term(today),
            "words": b"x" * 40, "received_at": timezone.now(), "received_by": officer.user,
        }  # fmt: skip
        if model is RightsExtract:
            values = {
                "request": rows[Status.IN_PROGRESS], "sealed": b"x" * 40, "digest": b"x" * 32,
                "made_at": timezone.now(), "made_by": officer.user,
            }  # fmt: skip
        else:
            values["key"] = new_data_key()
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL ROLE baken_guard")
            model.objects.create(**values | changed)

    today = timezone.localdate()
    for changed, name in (
        ({"reference": "AVG-1"}, "per_year_and_number"),
        ({"right": "money"}, "asks_one_of_six"),
        ({"status": "lost"}, "rights_"),
        ({"words": b""}, "says_what_is_asked"),
        ({"due_on": today}, "one_month_from_receipt"),
        ({"proof": "known"}, "identity_is_checked"),
        ({"begun_at": timezone.now()}, "begun_by_someone"),
        ({"extension": "many"}, "extended_by_someone"),
        ({"delivery": "post"}, "closed_by_someone"),
    ):
        with pytest.raises(IntegrityError, match=name):
            wrong(**changed)
    for changed, name in (
        ({"sealed": b""}, "extract_is_sealed"), ({"digest": b"1"}, "digest_of_32_bytes"),
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match=name):
            wrong(RightsExtract, **changed)
