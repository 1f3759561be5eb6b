"""What is posted, to whom it is handed out, and what a failure does."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from referral.access.context import acting
from referral.lib.acting import Actor, acting_as
from referral.notices.actions import NobodyActs, post
from referral.notices.kinds import Kind
from referral.notices.models import Delivery, Notice
from referral.notices.querysets import MAIL_PAUSE, unread_count
from referral.notices.workflow import MAX_ATTEMPTS, State
from referral.organisations.models import User
from referral.organisations.roles import OrganisationType, Role
from tests.factories.people import end_membership, make_member, make_organisation
from tests.notices.post_office import (
    as_relay,
    deliveries,
    go_round,
    mail_round,
    notices,
    send,
    subject,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return make_member(Role.LE_POLICE)


@pytest.fixture
def bob():
    return make_member(Role.EMM_ANALYST)


@pytest.fixture(autouse=True)
def outbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def test_a_notice_says_what_happened_and_where_but_nothing_of_a_person(alice, bob):
    at = timezone.now()
    with acting(alice, purpose="test"):
        post(Kind.SIGNAL_RECEIVED, to=bob.organisation, at=at, on=subject(), urgent=True)

    [notice] = notices()
    assert notice.sentence == str(notice) == str(Kind.SIGNAL_RECEIVED.label)
    assert notice.url == subject().get_absolute_url()
    assert (notice.object_type, notice.object_id) == ("geography.municipality", str(subject().pk))
    assert (notice.posted_at, notice.posted_by_id) == (at, alice.user_id)
    assert (notice.state, notice.urgent, notice.attempts) == (State.PENDING, True, 0)


def test_a_notice_reaches_each_member_of_the_organisation_once(alice, bob):
    colleague = make_member(Role.EMM_COORDINATOR, organisation=bob.organisation)
    make_member(Role.ZC)
    send(alice, bob.organisation)
    assert go_round() == 1
    assert go_round() == 0

    assert {item.user_id for item in deliveries()} == {bob.user_id, colleague.user_id}
    assert len(deliveries()) == 2
    assert [item.state for item in notices()] == [State.DONE]


def test_a_notice_to_a_role_reaches_only_that_role(alice, bob):
    colleague = make_member(Role.EMM_COORDINATOR, organisation=bob.organisation)
    send(alice, bob.organisation, role=Role.EMM_COORDINATOR)
    go_round()

    assert [item.user_id for item in deliveries()] == [colleague.user_id]


def test_a_notice_to_a_person_reaches_only_that_person(alice, bob):
    make_member(Role.EMM_ANALYST, organisation=bob.organisation)
    send(alice, bob.organisation, user=bob.user)
    go_round()

    assert [item.user_id for item in deliveries()] == [bob.user_id]


def test_nobody_is_told_of_the_own_deed(alice):
    colleague = make_member(Role.LE_POLICE, organisation=alice.organisation)
    send(alice, alice.organisation, user=alice.user)
    assert notices() == []

    send(alice, alice.organisation)
    go_round()
    assert [item.user_id for item in deliveries()] == [colleague.user_id]


def test_whose_membership_has_ended_is_not_told(alice, bob):
    former = make_member(Role.EMM_ANALYST, organisation=bob.organisation)
    end_membership(former, at=timezone.now() - timedelta(days=1))
    send(alice, bob.organisation)
    go_round()

    assert [item.user_id for item in deliveries()] == [bob.user_id]


def test_a_notice_to_nobody_is_done_all_the_same(alice):
    send(alice, make_organisation(OrganisationType.EMM))
    go_round()

    assert [item.state for item in notices()] == [State.DONE]
    assert deliveries() == []


def test_nobody_posts_without_acting_or_in_the_name_of_another(alice, bob):
    with pytest.raises(NobodyActs):
        post(Kind.SIGNAL_RECEIVED, to=bob.organisation, at=timezone.now(), on=subject())

    forged = Actor(user_id=bob.user_id, organisation_id=bob.organisation_id, role="emm_analyst")
    with acting(alice, purpose="test"):
        forgery = Notice(
            kind=Kind.SIGNAL_RECEIVED,
            organisation=bob.organisation,
            url="/",
            posted_at=timezone.now(),
            posted_by_id=forged.user_id,
            next_attempt_at=timezone.now(),
        )
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            forgery.save(force_insert=True)
        forgery.posted_by_id, forgery.state = alice.user_id, State.DONE
        forgery.done_at = timezone.now()
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            forgery.save(force_insert=True)
    with acting_as(None), pytest.raises(DatabaseError, match="row-level"), transaction.atomic():
        forgery.save(force_insert=True)


def test_a_notice_never_leads_out_of_the_house(alice, bob):
    with acting(alice, purpose="test"):
        for url in ("https://example.invalid/", "//example.invalid/"):
            with pytest.raises(IntegrityError, match="notice_leads_to"), transaction.atomic():
                Notice.objects.bulk_create(
                    [
                        Notice(
                            kind=Kind.SIGNAL_RECEIVED,
                            organisation=bob.organisation,
                            url=url,
                            posted_at=timezone.now(),
                            posted_by=alice.user,
                            next_attempt_at=timezone.now(),
                        )
                    ]
                )


def test_the_bell_counts_what_is_unread_in_this_role(alice, bob):
    other = make_member(Role.EMM_ANALYST, organisation=bob.organisation)
    send(alice, bob.organisation, count=2)
    send(alice, bob.organisation, role=Role.EMM_COORDINATOR)
    send(alice, bob.organisation, user=other.user)
    go_round()

    with acting(bob, purpose="test"):
        assert unread_count(bob) == 2
    with acting(alice, purpose="test"):
        assert unread_count(alice) == 0


@pytest.mark.parametrize(
    ("language", "subject_line"),
    [("nl", "U hebt een nieuwe taak in Baken"), ("en", "You have a new task in Baken")],
)
def test_a_mail_says_only_that_there_is_a_task(alice, bob, language, subject_line, settings):
    User.objects.filter(pk=bob.user_id).update(language=language)
    send(alice, bob.organisation)
    go_round()
    assert mail_round() == 1

    [letter] = mail.outbox
    [delivery] = deliveries("mail")
    assert (letter.subject, letter.to) == (subject_line, [bob.user.email])
    assert letter.body == f"{subject_line}.\n\n{settings.SITE_URL}/home/\n"
    assert letter.extra_headers == {"Message-ID": f"<{delivery.pk}@baken.invalid>"}
    assert (delivery.state, delivery.delivered_at is not None) == (State.DONE, True)


def test_one_mail_tells_of_all_that_waits(alice, bob):
    send(alice, bob.organisation, count=30)
    go_round()
    mail_round()

    assert len(mail.outbox) == 1
    assert {item.state for item in deliveries("mail")} == {State.DONE}


def test_who_just_had_a_mail_waits_for_the_next_unless_it_is_urgent(alice, bob):
    send(alice, bob.organisation)
    go_round()
    now = timezone.now()
    assert mail_round(at=now) == 1

    send(alice, bob.organisation)
    go_round()
    assert mail_round(at=now + timedelta(minutes=1)) == 0
    send(alice, bob.organisation, urgent=True)
    go_round()
    assert mail_round(at=now + timedelta(minutes=2)) == 1
    assert len(mail.outbox) == 2

    send(alice, bob.organisation)
    go_round()
    assert mail_round(at=now + timedelta(minutes=3)) == 0
    assert mail_round(at=now + timedelta(minutes=3) + MAIL_PAUSE) == 1
    assert len(mail.outbox) == 3


def test_mail_that_fails_waits_longer_each_time_and_is_then_given_up(alice, bob, settings, caplog):
    """The mail server is away: a port at which nobody listens."""
    admin = make_member(Role.PLATFORM_ADMIN)
    User.objects.filter(pk=admin.user_id).update(email="")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    send(alice, bob.organisation)
    go_round()

    at, pauses = timezone.now(), []
    for _ in range(MAX_ATTEMPTS):
        assert mail_round(at=at) == 1
        assert mail_round(at=at) == 0
        [delivery] = [item for item in deliveries("mail") if item.user_id == bob.user_id]
        pauses.append((delivery.next_attempt_at - at).total_seconds())
        at = delivery.next_attempt_at

    assert pauses[:3] == [10, 20, 40]
    assert max(pauses) == 3600
    assert (delivery.state, delivery.attempts) == (State.DEAD, MAX_ATTEMPTS)
    assert delivery.last_error == "ConnectionRefusedError"
    assert f"outbox_dead notices.delivery {delivery.pk}" in caplog.text
    assert mail_round(at=at + timedelta(days=1)) == 0

    [alarm] = [item for item in notices() if item.kind == Kind.OUTBOX_ALARM]
    assert (alarm.role, alarm.urgent) == (Role.PLATFORM_ADMIN, True)
    go_round(at=at)
    with acting(admin, purpose="test"):
        assert unread_count(admin) == 1


def test_an_alarm_that_cannot_be_mailed_raises_no_alarm(alice, bob, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    make_member(Role.PLATFORM_ADMIN)
    send(alice, bob.organisation)
    go_round()
    at = timezone.now()
    for _ in range(3 * MAX_ATTEMPTS):
        mail_round(at=at)
        go_round(at=at)
        at += timedelta(hours=1)

    assert {item.state for item in deliveries("mail")} == {State.DEAD}
    assert [item.kind for item in notices()] == [Kind.SIGNAL_RECEIVED, Kind.OUTBOX_ALARM]


def test_one_refused_address_does_not_stop_the_others(alice, bob):
    """A header injection in an address is refused by Django's mail, at each try."""
    other = make_member(Role.EMM_ANALYST, organisation=bob.organisation)
    User.objects.filter(pk=bob.user_id).update(email="bob\n@example.invalid")
    send(alice, bob.organisation)
    go_round()
    mail_round()

    assert [letter.to for letter in mail.outbox] == [[other.user.email]]
    states = {item.user_id: item.state for item in deliveries("mail")}
    assert states == {bob.user_id: State.PENDING, other.user_id: State.DONE}


def test_a_delivery_is_read_only_after_it_came(alice, bob):
    send(alice, bob.organisation)
    go_round()
    with as_relay(), pytest.raises(IntegrityError, match="delivery_is_read_after_it_came"):
        Delivery.objects.filter(channel="mail").update(read_at=timezone.now())
