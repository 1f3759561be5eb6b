"""The pages of both sides; before acceptance every door of the receiver shows the envelope only."""

import pytest
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.cases.referrals.models import Referral
from referral.cases.referrals.workflow import ReferralStatus
from referral.cases.workflow import CaseStatus
from referral.organisations.roles import Role
from referral.sharing.models import Consent, OtherBasis
from tests.factories.cases import FACTS, case_at, doing, make_country
from tests.factories.emergencies import make_officer
from tests.factories.people import make_member, sign_in
from tests.factories.referrals import SECRET, consent_for, make_lawyer, referral_at
from tests.factories.rights import restricted_at
from tests.notices.post_office import go_round
from tests.reporting.exports.text import text_of_pdf

pytestmark = pytest.mark.django_db
M = ReferralStatus


def text_of(response):
    return response.content.decode()


def test_every_door_of_the_receiver_shows_the_envelope_and_after_the_task_no_more(client):
    country, lawyer = make_country(), make_lawyer()
    referral = referral_at(M.OFFERED, country, receiver=lawyer)
    with doing(country.alice):
        case, person = Referral.objects.get().case, Referral.objects.get().case.person
    hidden = (SECRET, FACTS.family_name, case.reference, person.reference, str(case.pk))
    page = reverse("cases:referrals:referral", args=[referral.pk])
    kind = Referral._meta.label_lower
    doors = [
        reverse("home"),
        reverse("cases:referrals:list"),
        page,
        reverse("cases:referrals:decline", args=[referral.pk]),
        reverse("cases:referrals:complete", args=[referral.pk]),
        reverse("notices:list"),
        reverse("audit:opened", args=[kind, str(referral.pk)]),
    ]
    closed = [
        reverse("case_file", args=[case.pk]),
        reverse("sharing:consents", args=[person.pk]),
        reverse("audit:opened", args=[case._meta.label_lower, str(case.pk)]),
        reverse("cases:referrals:withdraw", args=[referral.pk]),
    ]
    go_round()
    sign_in(client, lawyer)

    def look():
        for door in doors:
            answer = client.get(door)
            assert answer.status_code in {200, 404}, door
            assert not [word for word in hidden if word in text_of(answer)], door
        assert {client.get(door).status_code for door in closed} <= {404, 405}
        return text_of(client.get(page))

    assert "Juridische hulp" in look()
    paper = reverse("cases:referrals:print", args=[referral.pk])
    assert client.post(paper).status_code == 302  # back to the page, which says why
    client.post(reverse("cases:referrals:accept", args=[referral.pk]))
    shown = text_of(client.get(page))
    assert SECRET in shown
    assert FACTS.family_name in shown
    # What one reads one may print; each page says who did and what for.
    assert paper in shown
    printed = text_of_pdf(client.post(paper).content)
    said = (SECRET, FACTS.family_name, f"Alleen voor: Zorgcoördinatie. {lawyer.user.full_name}")
    assert [words for words in said if words not in printed] == []
    with acting(make_member(Role.AUDITOR), purpose="test"):
        line = AuditEvent.objects.get(action="referral_package_printed")
        assert (line.actor_id, line.object_id) == (lawyer.user_id, str(referral.pk))
    restricted_at(case.reference, by=make_officer(), desk=country.desk)
    assert client.post(paper).status_code == 302  # nothing is printed while that stands
    assert SECRET in text_of(client.get(page))
    assert {client.get(door).status_code for door in closed} <= {404, 405}
    client.post(reverse("cases:referrals:contact", args=[referral.pk]))
    ended = client.post(
        reverse("cases:referrals:complete", args=[referral.pk]), {"result": "helped"}
    )
    assert ended.status_code == 302
    look()
    assert client.post(paper).status_code == 302


def test_a_coordinator_asks_for_help_and_takes_it_back(client):
    country, lawyer = make_country(), make_lawyer()
    case = case_at(CaseStatus.ACTIVE, country)
    sign_in(client, country.alice)
    asked = {
        "receiver": lawyer.organisation_id,
        "needs": ["legal"],
        "urgency": "high",
        "sections": ["situation"],
        "message": "",
    }
    offer = reverse("cases:referrals:offer", args=[case.pk])
    assert client.post(offer, asked).status_code == 422  # nobody asked the person
    consent_for(case, lawyer, by=country.alice)
    assert client.post(offer, asked).status_code == 302
    assert client.post(offer, asked | {"urgency": "normal"}).status_code == 422  # once at a time
    with doing(country.alice):
        referral = Referral.objects.get()
    assert str(referral) in text_of(client.get(case.part_url("referrals")))
    assert client.post(reverse("cases:referrals:withdraw", args=[referral.pk])).status_code == 302
    sign_in(client, lawyer)
    declined = reverse("cases:referrals:decline", args=[referral.pk])
    assert client.post(declined, {"reason": "capacity"}).status_code == 422


def test_a_consent_says_which_data_and_where_the_proof_is_and_sharing_without_is_reviewed(client):
    country, lawyer, officer = make_country(), make_lawyer(), make_member(Role.FG)
    case = case_at(CaseStatus.ACTIVE, country)
    sign_in(client, country.alice)
    question = {
        "purpose": "care_coordination",
        "recipient": lawyer.organisation_id,
        "categories": ["care", "identity"],
    }
    client.post(reverse("cases:ask_consent", args=[case.pk]), question)
    with doing(country.alice):
        asked = Consent.objects.get(recipient=lawyer.organisation_id)
    answer = {
        "given": "yes", "how": "written", "given_by": "person", "interpreter": "yes",
        "leaflet": "2", "language": "pl", "evidence": "paper", "evidence_reference": "",
        "until": "",
    }  # fmt: skip
    page = reverse("cases:answer_consent", args=[case.pk, asked.pk])
    assert client.post(page, answer).status_code == 422  # a place without a reference
    day = timezone.localdate().replace(year=timezone.localdate().year + 1, day=1)
    kept = answer | {"evidence_reference": "2026-0117", "until": day.isoformat()}
    assert client.post(page, kept).status_code == 302
    consents = reverse("sharing:consents", args=[case.person_id])
    assert "2026-0117" in text_of(client.get(consents))

    without = {
        "recipient": lawyer.organisation_id,
        "purpose": "placement",
        "categories": ["care"],
        "basis": "vital_interest",
        "article": "AVG art. 6 lid 1 onder d",
        "reason": "Zij is in gevaar.",
    }
    share = reverse("sharing:use_other_basis", args=[case.person_id])
    assert client.post(share, without | {"categories": []}).status_code == 422
    assert client.post(share, without).status_code == 302
    assert without["reason"] in text_of(client.get(consents))
    sign_in(client, officer)
    listed = text_of(client.get(reverse("sharing:other_bases")))
    assert without["article"] in listed
    assert without["reason"] not in listed
    with doing(officer):
        basis = OtherBasis.objects.get()
    review = reverse("sharing:review", args=[basis.pk])
    assert client.post(review, {}).status_code == 422
    assert client.post(review, {"verdict": "justified"}).status_code == 302
    sign_in(client, country.alice)
    assert client.post(reverse("sharing:end_other_basis", args=[basis.pk])).status_code == 302
    with doing(country.alice):
        assert OtherBasis.objects.get().ended_by == country.alice.user
