"""What is safe for a person, who says so, and that no message leaves to what is not."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.organisations.roles import Role
from referral.persons.contact.actions import open_contact_rules, safe_address
from referral.persons.contact.models import Channel, ContactRule
from referral.persons.contact.rules import ChannelNotSafe, ContactEntry, ContactRefused
from referral.persons.rules import NotYoursToChange
from tests.factories.contact import make_contact_rule
from tests.factories.merges import make_merge
from tests.factories.people import make_member, sign_in
from tests.factories.persons import make_person

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
#: What can carry a message out of the house.
CARRIERS = {"django.core.mail", "smtplib", "email.message", "telnetlib", "ftplib"}
#: They write to colleagues and to who keeps the seal of the trail, and know of no person.
TO_COLLEAGUES = {"referral/notices/actions.py", "referral/audit/tasks.py"}


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies["django_language"] = "en"
    with override("en"):
        yield


@pytest.fixture
def alice():
    return make_member(Role.LE_POLICE, name="Alice")


@pytest.fixture
def desk():
    return make_member(Role.COM_REGISTRAR)


def asked(person, member, channel=Channel.PHONE):
    with acting(member, purpose="test"):
        return safe_address(person, channel, by=member, at=timezone.now())


def test_a_message_leaves_only_to_a_channel_that_is_ticked_safe(alice, desk):
    """Nothing known, safe, unsafe, replaced, and unsafe in another record of the same person."""
    person = make_person(alice)
    with pytest.raises(ChannelNotSafe, match=r".+"):
        asked(person, alice)
    make_contact_rule(person, by=alice)
    assert asked(person, alice).address == "+31698765432"
    assert asked(person, desk).code_word == "Canary word"
    with pytest.raises(ChannelNotSafe):
        asked(person, alice, Channel.EMAIL)
    make_contact_rule(person, by=desk, is_safe=False)
    with pytest.raises(ChannelNotSafe):
        asked(person, alice)
    make_contact_rule(person, by=alice)
    assert asked(person, alice)

    bob, second = make_member(Role.LE_KMAR), make_member(Role.COM_REGISTRAR)
    twin = make_person(bob)
    make_contact_rule(twin, by=bob, is_safe=False)
    assert asked(person, alice)
    make_merge(person, twin, by=desk, second=second)
    for one, member in ((person, alice), (twin, bob)):
        with pytest.raises(ChannelNotSafe):
            asked(one, member)
    with acting(alice, purpose="test"):
        assert ContactRule.objects.about(person).count() == 3
        assert ContactRule.objects.about(person).standing().count() == 1
    with acting(make_member(Role.AUDITOR), purpose="test"):
        deeds = AuditEvent.objects.filter(object_id=str(person.pk))
        assert deeds.filter(action="safe_address_asked").count() == 4
        assert deeds.filter(action="contact_rule_kept").count() == 3
        assert not any(b"Canary" in bytes(one.details or b"") for one in deeds)


def test_who_may_not_know_the_person_reads_no_rule_and_keeps_none(alice, desk):
    person = make_person(alice)
    rule = make_contact_rule(person, by=alice)
    colleague = make_member(Role.LE_POLICE, organisation=alice.organisation)
    for charlie in (colleague, make_member(Role.ZC), make_member(Role.MUNI_FOCAL)):
        with acting(charlie, purpose="test"):
            assert not ContactRule.objects.exists()
            assert not ContactRule.objects.visible_to(charlie).exists()
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                ContactRule.objects.bulk_create(
                    [ContactRule(person=person, channel="post", is_safe=True, sealed=b"x" * 40,
                                 kept_at=timezone.now(), kept_by=charlie.user)]
                )  # fmt: skip
            with pytest.raises(ChannelNotSafe):
                safe_address(person, Channel.PHONE, by=charlie, at=timezone.now())
    with acting(desk, purpose="test"), transaction.atomic():
        [opened] = open_contact_rules(person, by=desk, at=timezone.now())
        assert opened.entry.hours == "Canary hours"
        assert "Canary" not in f"{opened!r} {opened.entry!r} {rule}"
        # Of who is erased nothing is left to send to.
        type(person).objects.filter(pk=person.pk).update(key=None)
        assert open_contact_rules(person, by=desk, at=timezone.now()) == []
        with pytest.raises(ChannelNotSafe):
            safe_address(person, Channel.PHONE, by=desk, at=timezone.now())
    with pytest.raises(NotYoursToChange):
        make_contact_rule(person, by=desk)


@pytest.mark.parametrize(
    "entry",
    [
        {"channel": "pigeon", "is_safe": False},
        {"channel": "phone", "is_safe": True},
        {"channel": "phone", "is_safe": True, "address": "0612345678"},
        {"channel": "email", "is_safe": True, "address": "nobody"},
    ],
)
def test_a_rule_that_cannot_be_right_is_refused(alice, entry):
    with pytest.raises(ContactRefused, match=r".+"):
        make_contact_rule(make_person(alice), by=alice, **{"address": "", **entry})
    assert "hidden" not in repr(ContactEntry(channel="phone", is_safe=True, address="hidden"))


def test_the_database_keeps_rules_and_what_they_said(alice):
    person = make_person(alice)
    rule = make_contact_rule(person, by=alice)
    new = {"person": person, "channel": "email", "is_safe": True, "sealed": b"x" * 40,
           "kept_at": timezone.now(), "kept_by": alice.user}  # fmt: skip
    wrong = {
        "contact_channel_is_known": {"channel": "pigeon"},
        "contact_rule_is_sealed": {"sealed": b"canary"},
        "contact_rule_is_replaced_after_it_was_kept": {
            "stood_until": timezone.now() - timedelta(days=1)
        },
        "person_has_one_standing_rule_a_channel": {"channel": "phone"},
    }
    assert {one.name for one in ContactRule._meta.constraints} == set(wrong)
    with acting(alice, purpose="test"):
        for name, changes in wrong.items():
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                ContactRule.objects.bulk_create([ContactRule(**new | changes)])
        found = ContactRule.objects.filter(pk=rule.pk)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            found.update(is_safe=False)
        found.update(stood_until=timezone.now())
        with pytest.raises(IntegrityError, match="replaced_once"), transaction.atomic():
            found.update(stood_until=None)


def test_the_page_tells_every_channel_and_keeps_what_is_said(client, alice):
    person = make_person(alice)
    address = reverse("contact:contact", args=[person.pk])
    sign_in(client, alice)
    assert client.get(address).content.count(b"Nothing known: do not use this.") == 5
    answers = {"channel": "phone", "safe": "safe", "address": "06 9876 5432", "language": "pl",
               "code_word": "Vogel"}  # fmt: skip
    assert client.post(address, answers | {"address": "12"}).status_code == 422
    done = client.post(address, answers, follow=True).content.decode()
    assert "+31698765432" in done
    assert "Polish" in done
    assert "Vogel" in done
    sign_in(client, make_member(Role.LE_KMAR))
    assert client.get(address).status_code == 404
    assert client.post(address, answers).status_code == 404


def test_no_room_carries_a_message_out_without_asking_what_is_safe():
    """Who sends to persons imports safe_address; nobody else imports what can carry a message."""
    rooms = [ROOT / room for room in ("referral", "signals", "shelters", "municipalities")]
    senders = {
        str(path.relative_to(ROOT)): named
        for room in [*rooms, ROOT / "reporting"]
        for path in room.rglob("*.py")
        if (named := imported(path)) & CARRIERS
    }
    assert senders.keys() >= TO_COLLEAGUES
    unasked = {path for path, named in senders.items() if "safe_address" not in named}
    assert unasked == TO_COLLEAGUES


def imported(path):
    """Every module and name that a file imports."""
    tree = ast.parse(path.read_text())
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in found for alias in node.names}
    return names | {node.module for node in found if isinstance(node, ast.ImportFrom)}
