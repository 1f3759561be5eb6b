"""A registration tells as much of a person as its level says, and the database keeps it so."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting, service
from referral.audit.models import AuditEvent
from referral.lib.ids import uuid7
from referral.notices.models import Notice
from referral.organisations.roles import Role
from referral.persons.actions import open_identity
from referral.persons.merging.rules import MergeRefused, check_proposal
from referral.persons.models import IdentityKey, Person
from referral.persons.rules import IdentityFacts, PersonEntry
from referral.registrations.actions import (
    complete_registration,
    open_registration,
    raise_registration,
    resubmit_registration,
    return_registration,
)
from referral.registrations.models import Level, Registration
from referral.registrations.rules import MoveRefused, RegistrationRefused, levels_for, ruling_for
from referral.registrations.workflow import Status
from referral.sharing.models import Consent
from referral.sharing.rules import Answer
from tests.factories.people import make_member, sign_in
from tests.factories.persons import make_facts
from tests.factories.registrations import make_entry, make_nameless, registration_at

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def ngo():
    return make_member(Role.PARTNER_NGO)


@pytest.fixture
def desk():
    return make_member(Role.COM_REGISTRAR)


def test_the_law_says_which_level_and_why(ngo):
    police, nla = make_member(Role.LE_POLICE), make_member(Role.LE_NLA)
    told = {
        (member.role, level): (ruling.outcome, ruling.basis)
        for member in (ngo, police, nla)
        for level, ruling in levels_for(member).items()
        if ruling.words and ruling.citation
    }
    assert told == {
        (Role.PARTNER_NGO, Level.FULL): ("consent", "consent"),
        (Role.PARTNER_NGO, Level.PSEUDONYMOUS): ("allowed", "legitimate_interest"),
        (Role.PARTNER_NGO, Level.MINIMAL): ("allowed", "legitimate_interest"),
        (Role.LE_POLICE, Level.FULL): ("obliged", "police_decree"),
        (Role.LE_POLICE, Level.PSEUDONYMOUS): ("not_allowed", ""),
        (Role.LE_POLICE, Level.MINIMAL): ("not_allowed", ""),
        (Role.LE_NLA, Level.FULL): ("allowed", "nla_decree"),
        (Role.LE_NLA, Level.PSEUDONYMOUS): ("allowed", "nla_decree"),
        (Role.LE_NLA, Level.MINIMAL): ("allowed", "nla_decree"),
    }
    assert ruling_for(ngo, "12-14", level=Level.PSEUDONYMOUS).outcome == "not_allowed"
    assert ruling_for(ngo, "12-14", level=Level.MINIMAL).outcome == "allowed"


def test_what_a_level_may_not_hold_is_refused_in_words(ngo):
    coded = {"level": Level.PSEUDONYMOUS, "own_reference": "ZC-26-014"}
    child = PersonEntry(sex="x", age_group="12-14")
    for changes, name in (
        ({"person": make_entry().person}, "given_names"),
        ({"help_wanted": "yes"}, "help_wanted"),
        ({"consent": Answer()}, "help_wanted"),
        ({"own_reference": "ZC-26-014"}, "own_reference"),
        ({**coded, "own_reference": "Wilhelmina 1991"}, "own_reference"),
        ({**coded, "own_reference": ""}, "own_reference"),
        ({**coded, "person": child}, "legal_basis"),
    ):
        with pytest.raises(RegistrationRefused) as refused:
            make_nameless(ngo, **changes)
        assert name in refused.value.reasons, changes
    with pytest.raises(RegistrationRefused) as refused:
        make_nameless(make_member(Role.LE_POLICE))
    assert "say that it is not known" in refused.value.reasons["legal_basis"]


def test_a_registration_without_a_name_lives_and_is_raised_with_its_numbers(ngo, desk):
    """The whole story: reported, returned, registered, and then said who it is."""
    one = make_nameless(ngo, level=Level.PSEUDONYMOUS, own_reference="ZC-26-014", sector="")
    reference = one.reference
    assert (one.legal_basis, one.consent, one.person.named) == ("legitimate_interest", None, False)
    with acting(desk, purpose="test"):
        assert b"ZC-26-014" not in bytes(Registration.objects.get().own_reference)
        assert open_registration(one, by=desk, at=NOW).own_reference == "ZC-26-014"
        assert open_identity(one.person, by=desk, at=NOW) == IdentityFacts()
        return_registration(one, missing=["sector"], by=desk, at=NOW)
    again = make_entry(
        person={}, level=Level.PSEUDONYMOUS, own_reference="ZC-26-015",
    )  # fmt: skip
    again = replace(again, person=PersonEntry(sex="male", age_group="30-39"))
    with acting(ngo, purpose="test"):
        with pytest.raises(MoveRefused, match="more or less"):
            resubmit_registration(one, make_entry(), version=1, by=ngo, at=NOW)
        resubmit_registration(one, again, version=1, by=ngo, at=NOW)
    with acting(desk, purpose="test"):
        with pytest.raises(MoveRefused, match="says who it is"):
            complete_registration(one, care_needed=True, by=desk, at=NOW)
        number = complete_registration(one, care_needed=False, by=desk, at=NOW).national_number
        assert not IdentityKey.objects.filter(person=one.person).exists()
        other = registration_at(reporter=make_member(Role.LE_POLICE), desk=desk)
    with pytest.raises(MergeRefused, match="no name"):
        check_proposal(desk, other.person, one.person, [])

    who = {"facts": make_facts(bsn=""), "version": 2, "at": timezone.now()}
    with acting(ngo, purpose="test"):
        with pytest.raises(RegistrationRefused, match="Ask the person first"):
            raise_registration(one, help_wanted="no", consent=None, by=ngo, **who)
        raised = raise_registration(one, help_wanted="yes", consent=Answer(), by=ngo, **who)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert {c.purpose for c in Consent.objects.all()} == {"registration", "care_coordination"}
        with pytest.raises(MoveRefused):
            raise_registration(one, help_wanted="no", consent=Answer(), by=ngo, **who)
    assert (raised.level, raised.legal_basis, raised.raised_by) == ("full", "consent", ngo.user)
    assert (raised.reference, raised.national_number) == (reference, number)
    with acting(desk, purpose="test"):
        assert open_identity(raised.person, by=desk, at=NOW).family_name == "van Zangvogel"
        assert open_registration(raised, by=desk, at=NOW).own_reference == "ZC-26-015"
        assert raised in Registration.objects.needing_care()
        assert IdentityKey.objects.filter(person=one.person).exists()
    with acting(make_member(Role.AUDITOR), purpose="test"):
        assert AuditEvent.objects.filter(action="registration_raised").count() == 1
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        assert Notice.objects.filter(kind="registration_raised").count() == 1


def test_the_database_keeps_a_level_to_what_it_may_hold(ngo, desk):
    one = make_nameless(ngo)
    full = registration_at(reporter=ngo, desk=desk, consent=Answer(), person={"facts": {"bsn": ""}})
    rows = Registration.objects.filter(pk=one.pk)
    raised = {"level": "full", "raised_at": NOW, "raised_by": ngo.user}

    def judged(deed):
        deed()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def broken(match, deed, by=ngo):
        with (
            acting(by, purpose="test"),
            pytest.raises(DatabaseError, match=match),
            transaction.atomic(),
        ):
            judged(deed)

    def copy(**changes):
        fields = {f.attname: getattr(one, f.attname) for f in Registration._meta.fields}
        fields |= {"id": uuid7(), "reference": "REG-2026-999999"} | changes
        return lambda: Registration.objects.bulk_create([Registration(**fields)])

    by_reporter = "registration_is_raised_to_full_by_its_reporter"
    broken("registration_level_is_known|has_a_reference_of_its_own", copy(level="lost"))
    broken("has_a_reference_of_its_own", copy(own_reference=b"x" * 40))
    broken("has_a_reference_of_its_own", copy(level="pseudonymous"))
    broken("asks_for_no_consent_help_or_care", copy(help_wanted="yes"))
    broken("is_raised_to_full_by_someone", copy(level="full", raised_at=NOW))
    broken("without_a_name_is_of_nobody_named", copy(person_id=full.person_id))
    broken(by_reporter, lambda: rows.update(**raised), by=desk)
    broken(by_reporter, lambda: rows.update(**raised, sector="club"))
    broken(by_reporter, lambda: Registration.objects.filter(pk=full.pk).update(level="minimal"))
    persons = Person.objects.filter(pk=one.person_id)
    broken("without_a_name_is_of_nobody_named", lambda: persons.update(named=True))
    nothing = "person_without_a_name_has_nothing_that_names"
    identity = type(one.person.identity).objects.filter(pk=one.person_id)
    broken(nothing, lambda: identity.update(sealed=b"x" * 60))
    key = IdentityKey(person=one.person, kind="phone", hmac=b"x" * 32)
    broken(nothing, lambda: IdentityKey.objects.bulk_create([key]))
    bob = make_member(Role.PARTNER_NGO, organisation=ngo.organisation)
    with acting(bob, purpose="test"):
        assert persons.update(named=True) == 0


def test_the_pages_ask_and_show_what_the_level_holds(client, ngo, desk):
    sign_in(client, ngo)
    new = reverse("registrations:submit")
    page = client.get(f"{new}?level=pseudonymous").content.decode()
    assert 'name="own_reference"' in page
    assert 'name="family_name"' not in page
    assert client.get(f"{new}?level=lost").status_code == 404
    sign_in(client, make_member(Role.LE_POLICE))
    assert client.get(f"{new}?level=minimal").url == new, "the police say who it is"
    sign_in(client, ngo)
    typed = {
        "own_reference": "ZC-26-014", "age_group": "30-39", "is_minor": "", "sex": "female",
        "forms": ["sexual"], "primary_form": "", "sector": "hotel", "period_from": "2026",
        "period_until": "", "period_absent": "", "place_country": "NL", "place_municipality": "",
        "crossing": "domestic",
    }  # fmt: skip
    assert client.post(f"{new}?level=minimal", typed).status_code == 422
    assert client.post(f"{new}?level=pseudonymous", typed | {"age_group": ""}).status_code == 422
    sent = client.post(f"{new}?level=pseudonymous", typed)
    assert sent.status_code == 302, sent.context["form"].errors
    base = sent.url
    page = client.get(base).content.decode()
    assert "ZC-26-014" in page
    assert "Zonder naam" in page
    assert f"{base}raise/" in page
    assert "Zonder naam" in client.get(reverse("registrations:mine")).content.decode()

    sign_in(client, desk)
    assert "Zonder naam" in client.get(reverse("registrations:queue")).content.decode()
    assert 'name="care_needed"' not in client.get(f"{base}complete/").content.decode()
    assert client.post(f"{base}complete/", {}).url == base
    assert client.get(f"{base}raise/").status_code == 404

    sign_in(client, ngo)
    form = client.get(f"{base}raise/").context["form"]
    who = dict.fromkeys(form.fields, "") | {
        "given_names": "Wil", "birth_date": "1991", "nationality": "PL", "help_wanted": "no",
        "version": 1,
    }  # fmt: skip
    who.pop("birth_estimated", None)
    who.pop("consent_interpreter", None)
    refused = client.post(f"{base}raise/", who).context["form"]
    assert list(refused.errors) == ["consent_how"], "with what is empty, and not after it"
    child = who | {"birth_date": "12-03-2013", "consent_how": "written"}
    refused = client.post(f"{base}raise/", child | {"consent_given_by": "person"}).context["form"]
    assert list(refused.errors) == ["birth_date"], "it is another age than was reported"
    agreed = {"consent_how": "written", "consent_given_by": "person", "consent_language": "pl"}
    assert client.post(f"{base}raise/", who | agreed).url == base
    assert "raise/" not in client.get(base).content.decode()
    stale = client.post(f"{base}raise/", who | agreed, follow=True)
    assert "Deze aanmelding zegt al wie het is" in stale.content.decode()
    with acting(desk, purpose="test"):
        [one] = Registration.objects.all()
        assert (one.level, one.status, one.help_wanted) == ("full", Status.REGISTERED, "no")
