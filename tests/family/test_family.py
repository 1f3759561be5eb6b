"""Who belongs to the person of a case: linked by who works on it, seen by who may see both."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.cases.family.actions import end_link, link_relative, link_relatives, list_family
from referral.cases.family.models import FamilyLink, Relation
from referral.cases.family.rules import FamilyRefused, NewLink
from referral.cases.rules import CaseRefused, MoveRefused
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.organisations.roles import Role
from tests.factories.cases import case_at, colleague_of, doing, handoff_at, make_country
from tests.factories.families import child_of, linked
from tests.factories.people import make_member, sign_in

pytestmark = pytest.mark.django_db


def relatives(case, member):
    """What is read, as words: what they are, of which case or age, and whether it can be ended."""
    with doing(member), translation.override("nl"):
        return [
            (one.relation, one.case.reference if one.case else one.link.age_group, one.is_own)
            for one in list_family(case, by=member, at=timezone.now())
        ]


def test_a_link_is_read_from_both_cases_by_who_may_see_both_and_by_nobody_else():
    country = make_country()
    mother, daughter = (case_at(CaseStatus.ACTIVE, country) for _ in range(2))
    link = linked(daughter, mother, by=country.alice)
    child_of(daughter, by=country.alice)
    assert relatives(daughter, country.alice) == [
        ("Ouder", mother.reference, True),
        ("Kind", "0-11", True),
    ]
    assert relatives(mother, colleague_of(country.alice)) == [("Kind", daughter.reference, False)]
    # Both locks, each alone: somebody of another region, and a handoff of one of the two cases.
    taken = handoff_at(HandoffStatus.ACCEPTED, country)
    with doing(country.alice):
        earlier = taken.case
    for member in (country.bob, country.desk, country.placement):
        with doing(member):
            assert not FamilyLink.objects.exists()
            assert not FamilyLink.objects.visible_to(member).exists()
    child = child_of(earlier, by=country.bob)
    with doing(country.bob):
        known = FamilyLink.objects.visible_to(country.bob)
        assert [one.pk for one in known] == [one.pk for one in FamilyLink.objects.all()]
        assert [one.pk for one in known] == [child.pk]
        for not_seen in (mother, daughter):
            new = NewLink(case=earlier, relation="sibling", reference=not_seen.reference)
            with pytest.raises(FamilyRefused, match="kenmerk"):
                link_relative(new, by=country.bob, at=timezone.now())
    with doing(country.alice):
        end_link(link, by=country.alice, at=timezone.now())
        with pytest.raises(CaseRefused):
            end_link(link, by=country.alice, at=timezone.now())
    assert relatives(mother, country.alice) == []
    with acting(make_member(Role.AUDITOR), purpose="test"):
        said = AuditEvent.objects.filter(object_type="family.familylink")
        assert said.filter(action="family_linked").count() == 3
        assert said.filter(action="family_link_ended").count() == 1
        assert AuditEvent.objects.filter(action="family_read").count() == 3


def test_what_makes_no_family_is_refused_in_words_and_nothing_stays():
    country = make_country()
    case, other = (case_at(CaseStatus.ACTIVE, country) for _ in range(2))
    closed = case_at(CaseStatus.CLOSED, country)
    linked(case, other, by=country.alice)
    wrong = [
        ({"relation": "aunt", "reference": other.reference}, "relation"),
        ({"relation": "child", "reference": "CASE-2000-000001"}, "reference"),
        ({"relation": "sibling", "reference": case.reference}, "reference"),
        ({"relation": "partner", "reference": other.reference}, "reference"),
        ({"relation": "child", "reference": other.reference, "sex": "x"}, "age_group"),
        ({"relation": "sibling", "age_group": "0-11", "sex": "x"}, "reference"),
        ({"relation": "child", "age_group": "18-22", "sex": "x"}, "age_group"),
        ({"relation": "child", "age_group": "0-11"}, "sex"),
    ]
    at = timezone.now()
    with doing(country.alice):
        right = NewLink(case=case, relation="child", age_group="0-11", sex="male")
        for answers, about in wrong:
            with pytest.raises(FamilyRefused) as refusal, transaction.atomic():
                link_relatives([right, NewLink(case=case, **answers)], by=country.alice, at=at)
            assert list(refusal.value.reasons) == [about]
        new = NewLink(case=closed, relation="child", age_group="0-11", sex="male")
        with pytest.raises(MoveRefused), transaction.atomic():
            link_relative(new, by=country.alice, at=at)
        assert FamilyLink.objects.count() == 1


def test_the_database_keeps_each_rule_of_a_link_by_itself():
    country = make_country()
    case, other = (case_at(CaseStatus.ACTIVE, country) for _ in range(2))
    link = linked(case, other, by=country.alice)
    at, alice = timezone.now(), country.alice.user
    child = {"relation": Relation.CHILD, "age_group": "0-11", "sex": "x"}
    rules = {
        "family_relation_is_known": {"relation": "aunt", "relative_id": other.person_id},
        "family_link_is_to_a_person_or_a_child_without_registration": child | {"age_group": "65+"},
        "ended_family_link_has_time_and_name": child | {"ended_at": at},
        "person_is_linked_once_to_a_case": {"relation": "partner", "relative_id": other.person_id},
        "family_link_is_to_somebody_else": {"relation": "partner", "relative_id": case.person_id},
    }
    with doing(country.alice):
        for name, facts in rules.items():
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                FamilyLink.objects.create(case=case, linked_at=at, linked_by=alice, **facts)
        end_link(link, by=country.alice, at=at)
        with pytest.raises(IntegrityError, match="family_link_ends_once"), transaction.atomic():
            FamilyLink.objects.filter(pk=link.pk).update(ended_at=None, ended_by=None)


def test_the_file_shows_the_family_folded_and_links_somebody(client):
    country = make_country()
    case, other = (case_at(CaseStatus.ACTIVE, country) for _ in range(2))
    sign_in(client, country.alice)
    english = {"accept-language": "en"}
    address = reverse("cases:family:link", args=[case.pk])
    file = reverse("case_file", args=[case.pk])
    assert 'id="family"' in client.get(file, headers=english).content.decode()
    again = client.post(address, {"relation": "sibling", "reference": "?"}, headers=english)
    assert again.status_code == 422
    assert "You see no person or case with this reference." in again.content.decode()
    answers = {"relation": "sibling", "reference": f" {other.reference.lower()} "}
    done = client.post(address, answers)
    assert done["Location"] == f"{file}?open=family#family"
    opened = client.get(file, {"open": "family"}, headers=english).content.decode()
    assert "Brother or sister" in opened
    assert other.reference in opened
    with doing(country.alice):
        link = FamilyLink.objects.get()
    client.post(reverse("cases:family:end", args=[link.pk]))
    opened = client.get(file, {"open": "family"}, headers=english).content.decode()
    assert "Nobody is linked." in opened
