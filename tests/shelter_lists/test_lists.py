"""Lists that the desk keeps: what can be chosen on a day, and what stays recorded for ever."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from referral.access.context import acting
from referral.organisations.models import Membership
from shelters.actions import say_what_is_offered, set_contract
from shelters.lists.actions import add_code, end_code
from shelters.lists.models import ListedCode
from shelters.lists.rules import ListRefused, NewCode
from shelters.matching.models import EligibilityRule
from shelters.models import Contract, Shelter
from shelters.rules import Agreement, Offer
from tests.clients import FormClient
from tests.factories.people import sign_in
from tests.factories.shelters import Place

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
NEW = {
    "list": "group", "code": "seafarers", "dutch": "Zeelieden", "english": "Seafarers",
    "source": "Overleg opvang 2026",
}  # fmt: skip


def offer(**changes: Any) -> Offer:
    return Offer(**{"sexes": "all", "min_age": 18, "security": "secret", **changes})


def test_a_code_is_added_offered_recorded_and_ended(place: Place, client: FormClient) -> None:
    url, shelter = reverse("shelters:lists:all"), place.house.shelter
    profile = reverse("shelters:offer", args=[shelter.pk])
    said = {"sexes": "all", "min_age": 18, "security": "secret", "target_groups": ["seafarers"]}
    sign_in(client, place.desk)
    assert client.post(profile, said).status_code == 422
    day = {"since": TODAY.isoformat()}
    wrong = {
        "2 to 16 small letters": {**NEW, **day, "code": "Zee lieden"},
        "2 to 8 small letters": {**NEW, **day, "list": "type"},
        "Write a day": {**NEW, "since": "31 februari"},
        "today or a later day": {**NEW, "since": (TODAY - timedelta(days=1)).isoformat()},
        "in the list already": {**NEW, **day, "code": "labour"},
    }
    for words, answers in wrong.items():
        page = client.post(url, {"deed": "add", **answers})
        assert page.status_code == 422
        assert words in page.content.decode()
    assert client.post(url, {"deed": "add", **NEW, **day}).status_code == 302
    assert client.post(profile, said).status_code == 302

    with acting(place.desk, purpose="test"):
        code = ListedCode.objects.get(code="seafarers")
    ends = {"deed": "end", "ending": code.pk, "until": TODAY.isoformat()}
    assert "a day after its first" in client.post(url, ends).content.decode()
    tomorrow = TODAY + timedelta(days=1)
    assert client.post(url, {**ends, "until": tomorrow.isoformat()}).status_code == 302
    assert client.post(url, ends).status_code == 422  # it can no longer be chosen to end
    assert "Zeelieden" in client.get(url).content.decode()

    later = timezone.now() + timedelta(days=1)
    with acting(place.desk, purpose="test"):
        say_what_is_offered(
            shelter, offer(target_groups=["seafarers"]), by=place.desk, at=later
        )  # recorded already
        other = place.other.shelter
        with pytest.raises(ListRefused):
            say_what_is_offered(other, offer(target_groups=["seafarers"]), by=place.desk, at=later)
        agreement = Agreement(shelter=other, funding="church", places=3, valid_from=TODAY)
        with pytest.raises(ListRefused):
            set_contract(agreement, by=place.desk, at=later)
    page = client.get(shelter.get_absolute_url()).content.decode()
    assert "Seafarers" in page
    with translation.override("nl"):
        assert code.words == "Zeelieden"


def test_the_database_keeps_the_lists(place: Place) -> None:
    """Both locks, what may be written, and each sentence broken on purpose."""
    for member in place.members:
        with acting(member, purpose="test"):
            seen = ListedCode.objects.visible_to(member).count()
            assert seen == ListedCode.objects.count()
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                ListedCode.objects.all()._raw_delete("default")
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                ListedCode.objects.update(dutch="anders")
            if member != place.desk:
                assert not ListedCode.objects.update(valid=(TODAY, None))
                refuses_to_write(member)
    row: dict[str, Any] = {**NEW, "valid": (TODAY, None)}
    breaks: dict[str, dict[str, Any]] = {
        "code_is_in_a_list_once": {"code": "labour"},
        "code_is_short_and_in_a_known_list": {"code": "Ab"},
        "code_has_words_in_both_languages_and_a_source": {"english": ""},
        "code_has_a_first_day": {"valid": (None, TODAY)},
    }
    assert {one.name for one in ListedCode._meta.constraints} == breaks.keys()
    contract = {
        "shelter": place.house.shelter, "places": 1, "valid": (TODAY, None),
        "set_at": timezone.now(), "set_by": place.desk.user,
    }  # fmt: skip
    rule = {"demand": "adult", "citation": "x", "valid": (TODAY, None)}
    theirs = Shelter.objects.filter(pk=place.house.shelter.pk)
    with acting(place.desk, purpose="test"):
        for name, values in breaks.items():
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                ListedCode.objects.create(**{**row, **values})
        for name, deed in {
            "shelter_type_is_known": lambda: theirs.update(type="hotel"),
            "shelter_is_made_for_known_groups": lambda: theirs.update(target_groups=["x"]),
            "shelter_has_known_expertise": lambda: theirs.update(expertise=["x"]),
            "contract_is_paid_by_a_known_funder": lambda: Contract.objects.create(
                funding="church", **contract
            ),
            "eligibility_rule_is_about_a_known_type": lambda: EligibilityRule.objects.create(
                shelter_type="hotel", **rule
            ),
        }.items():
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                deed()
        added = add_code(NewCode(**NEW, since=TODAY), by=place.desk, at=timezone.now())
        until = TODAY + timedelta(days=9)
        end_code(added, until=until, by=place.desk, at=timezone.now())
        with pytest.raises(ListRefused, match="last day already"):
            end_code(added, until=until, by=place.desk, at=timezone.now())
        with pytest.raises(IntegrityError, match="code_ends_once"), transaction.atomic():
            ListedCode.objects.filter(pk=added.pk).update(valid=(TODAY, None))


def refuses_to_write(member: Membership) -> None:
    with pytest.raises(ListRefused):
        add_code(NewCode(**NEW, since=TODAY), by=member, at=timezone.now())
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        ListedCode.objects.create(**NEW, valid=(TODAY, None))
