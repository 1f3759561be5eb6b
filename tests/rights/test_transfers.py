"""A person takes along what they gave: asked, made, read, delivered, and refused without consent."""

import json
from hashlib import sha256

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from jsonschema import Draft202012Validator, FormatChecker

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.cases.actions import open_case, write_care_note
from referral.cases.workflow import CaseStatus
from referral.organisations.roles import Role
from referral.persons.actions import open_identity
from referral.registrations.models import HelpWanted
from referral.rights import actions
from referral.rights.models import Delivery, Right, RightsExecution, RightsExtract, RightsRequest
from referral.rights.rules import RightsRefused
from referral.rights.workflow import Status
from tests.factories.cases import case_at, colleague_of, doing, make_country, make_registration
from tests.factories.contact import make_contact_rule
from tests.factories.emergencies import make_officer
from tests.factories.people import make_member, sign_in
from tests.factories.rights import ANSWER, WORDS, request_at

pytestmark = pytest.mark.django_db

SCHEMA = json.loads((settings.BASE_DIR / "docs" / "transfer.schema.json").read_text())


def validate(document):
    Draft202012Validator.check_schema(SCHEMA)
    found = Draft202012Validator(SCHEMA, format_checker=FormatChecker()).iter_errors(document)
    assert [error.message for error in found] == []


@pytest.fixture
def english():
    with override("en"):
        yield


def test_what_a_person_gave_goes_along_as_a_file_by_a_way_that_is_safe(client, english):  # noqa: ARG001
    country, officer = make_country(), make_officer()
    case = case_at(CaseStatus.ACTIVE, country)
    with doing(country.alice):
        write_care_note(case, text="Canary note", by=country.alice, at=timezone.now())
        open_case(case, by=country.alice, at=timezone.now())
        facts = open_identity(case.person, by=country.alice, at=timezone.now())
    make_contact_rule(case.person, by=country.alice, channel="email", address="c@canary.example")
    make_contact_rule(case.person, by=country.alice, channel="via", address="Canary Friend")
    sign_in(client, officer)
    sent = {
        "called": case.reference, "right": "transfer", "came_by": "letter", "words": WORDS,
        "received_on": timezone.localdate().isoformat(),
    }  # fmt: skip
    there = client.post(reverse("rights:receive"), sent)["Location"]
    with doing(officer):
        asked = RightsRequest.objects.visible_to(officer).get()

    def take(step, status=302, **answers):
        answer = client.post(reverse("rights:step", args=[asked.pk, step]), answers)
        assert answer.status_code == status, answer.content.decode()

    take("identity", proof="document")
    take("make-file")
    take("begin")
    take("make-extract")
    assert (
        reverse("rights:step", args=[asked.pk, "make-file"]) in client.get(there).content.decode()
    )
    take("answer", 422, outcome="granted", refusal="", words=ANSWER)
    granted = {"status": "granted", "outcome": "granted", "answer": b"x" * 40}
    by_whom = {"decided_at": timezone.now(), "decided_by": officer.user}
    with pytest.raises(IntegrityError, match="given_with_a_file"), doing(officer):
        RightsRequest.objects.filter(pk=asked.pk).update(**granted, **by_whom)
    take("make-file")
    take("answer", outcome="granted", refusal="", words=ANSWER)
    take("close", 422, delivery="post")
    take("close", delivery="email")

    with doing(officer):
        extract = RightsExtract.objects.visible_to(officer).get()
        assert not RightsExecution.objects.exists(), "the officer carries it out"
    page = client.get(there).content.decode()
    for word in (officer.user.full_name, str(Delivery.EMAIL.label), WORDS, ANSWER):
        assert word in page
    address = reverse("rights:transfer", args=[extract.pk])
    assert "c@canary.example" in client.get(address).content.decode()
    answer = client.get(address, {"file": "1"})
    assert answer["Content-Type"] == "application/json"
    assert f"{asked.reference}.json" in answer["Content-Disposition"]
    document = answer.json()
    validate(document)
    assert sha256(answer.content).digest() == bytes(extract.digest)
    assert document["personen"][0]["achternaam"] == facts.family_name
    assert {
        one["adres_of_nummer"] for one in document["bereikbaarheid"] if "adres_of_nummer" in one
    } == {"c@canary.example"}
    assert document["toestemmingen"]
    for word in ("Canary note", "Canary Friend", country.alice.user.full_name, case.reference):
        assert word not in answer.content.decode()

    # An extract is no file that goes along, nor the other way round; nobody else has part in it.
    for name in ("rights:extract", "rights:extract_pdf"):
        assert client.get(reverse(name, args=[extract.pk])).status_code == 404
    access = request_at(Status.IN_PROGRESS, case.reference, by=officer)
    with override("en"), doing(officer):
        other = RightsExtract.objects.visible_to(officer).of(access)[0]
        with pytest.raises(RightsRefused):
            actions.make_transfer(access, by=officer, at=timezone.now())
        with pytest.raises(RightsRefused, match="transfer of data alone"):
            actions.answer_request(
                access, Status.REFUSED, refusal="basis", words=ANSWER, by=officer, at=timezone.now()
            )
    assert client.get(reverse("rights:transfer", args=[other.pk])).status_code == 404
    sign_in(client, colleague_of(country.alice, Role.FG))
    assert client.get(address).status_code == 404
    with acting(make_member(Role.AUDITOR), purpose="test"):
        lines = AuditEvent.objects.filter(object_id=str(asked.pk), action__contains="transfer")
        assert list(lines.order_by("id").values_list("action", flat=True)) == [
            "rights_transfer_made", "rights_transfer_read", "rights_transfer_downloaded",
        ]  # fmt: skip


def test_what_is_not_kept_on_consent_is_refused_with_that_reason(english):  # noqa: ARG001
    country, officer = make_country(), make_officer()
    registration = make_registration(country, help_wanted=HelpWanted.NO)
    asked = request_at(Status.IDENTIFIED, registration.reference, by=officer, right=Right.TRANSFER)
    with doing(officer):
        asked = actions.begin_request(asked, by=officer, at=timezone.now())
        with pytest.raises(RightsRefused, match="nothing to transfer"):
            actions.make_transfer(asked, by=officer, at=timezone.now())
        asked = actions.answer_request(
            asked, Status.REFUSED, refusal="basis", words=ANSWER, by=officer, at=timezone.now()
        )
    assert asked.get_refusal_display() == "The data are not kept on consent or a contract"
