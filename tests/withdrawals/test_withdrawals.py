"""What is registered is withdrawn when its reporter asks and the desk agrees."""

from datetime import date
from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from referral.access.context import acting, service
from referral.audit.models import AuditEvent
from referral.notices.models import Notice
from referral.organisations.roles import Role
from referral.registrations.actions import withdraw_registration
from referral.registrations.corrections.actions import take_back_correction
from referral.registrations.corrections.models import Version
from referral.registrations.counting.rules import count
from referral.registrations.duplicates.actions import undo_link
from referral.registrations.models import Registration
from referral.registrations.rules import MoveRefused
from referral.registrations.withdrawals.actions import (
    accept_withdrawal,
    decline_withdrawal,
    open_requests,
    take_back_withdrawal,
)
from referral.registrations.withdrawals.models import WithdrawalRequest
from referral.registrations.withdrawals.rules import WithdrawalRefused
from referral.registrations.withdrawals.workflow import MOVES, Status
from tests.factories.after_registration import make_link, make_withdrawal
from tests.factories.corrections import make_correction
from tests.factories.people import make_member, sign_in
from tests.factories.registrations import registration_at

pytestmark = pytest.mark.django_db
DEEDS = {
    Status.ACCEPTED: accept_withdrawal,
    Status.DECLINED: lambda asked, **who: decline_withdrawal(asked, answer="Canary no", **who),
    Status.TAKEN_BACK: take_back_withdrawal,
}


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@pytest.fixture
def alice():
    return make_member(Role.LE_POLICE, name="Alice")


@pytest.fixture
def desk():
    return make_member(Role.COM_REGISTRAR)


def reports():
    counting = service(Role.SERVICE_STATISTICS)
    with acting(counting, purpose="test"):
        return count(date(2000, 1, 1), date(2100, 1, 1), by=counting).totals().reports


def moved(asked, goal, by):
    with acting(by, purpose="test"), transaction.atomic():
        return DEEDS[goal](asked, by=by, at=timezone.now())


def test_a_reporter_asks_the_desk_decides_and_the_number_stays(alice, desk):
    """The whole story: what counts when, who is told, and what stands in the way."""
    one = registration_at("registered", reporter=alice, desk=desk)
    bob = make_member(Role.LE_POLICE, organisation=alice.organisation)
    for registration, by in ((one, desk), (registration_at(reporter=alice, desk=desk), alice)):
        with pytest.raises(WithdrawalRefused, match="not yours"):
            make_withdrawal(registration, by=by)
    with pytest.raises(MoveRefused, match="not yours"):
        make_withdrawal(one, by=bob)
    asked = make_withdrawal(one, by=alice)
    with pytest.raises(WithdrawalRefused, match="asked this already"):
        make_withdrawal(one, by=alice)
    moved(asked, Status.DECLINED, desk)
    assert reports() == 1

    again = make_withdrawal(one, by=alice)
    later = registration_at("registered", reporter=alice, desk=desk)
    link = make_link(later, one, by=desk)
    with pytest.raises(WithdrawalRefused, match="Later registrations"):
        moved(again, Status.ACCEPTED, desk)
    with acting(desk, purpose="test"):
        undo_link(link, by=desk, at=timezone.now())
    make_correction(one, by=alice, sector="club")
    with pytest.raises(WithdrawalRefused, match="correction of it waits"):
        moved(again, Status.ACCEPTED, desk)
    with acting(alice, purpose="test"):
        waits = Version.objects.get(registration=one, status="proposed")
        take_back_correction(waits, by=alice, at=timezone.now())
    moved(again, Status.ACCEPTED, desk)
    with acting(alice, purpose="test"):
        one = Registration.objects.get(pk=one.pk)
        opened = open_requests(one, by=alice, at=timezone.now())
    assert (one.status, one.withdrawal_reason, str(one)) == ("withdrawn", "mistake", str(one))
    assert one.national_number.startswith("CM-")
    assert [(o.asked.status, o.reason, o.answer) for o in opened] == [
        ("accepted", "Canary wrong file", ""),
        ("declined", "Canary wrong file", "Canary no"),
    ]
    assert reports() == 1
    with acting(bob, purpose="test"):
        assert not WithdrawalRequest.objects.exists()
        assert not WithdrawalRequest.objects.visible_to(bob).exists()
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        told = Notice.objects.filter(kind__startswith="withdrawal").order_by("pk")
        assert [kind.removeprefix("withdrawal_") for kind in told.values_list("kind", flat=True)] \
            == ["asked", "declined", "asked", "accepted"]  # fmt: skip
    with acting(make_member(Role.AUDITOR), purpose="test"):
        lines = AuditEvent.objects.filter(action__startswith="withdrawal_", object_id=str(one.pk))
        assert list(lines.order_by("pk").values_list("action", flat=True)) == [
            "withdrawal_asked", "withdrawal_declined", "withdrawal_asked", "withdrawal_accepted",
            "withdrawal_requests_opened",
        ]  # fmt: skip


def test_a_request_moves_only_along_the_table_in_the_database_too(alice, desk):
    by = {Status.ACCEPTED: desk, Status.DECLINED: desk, Status.TAKEN_BACK: alice}
    ended = {}
    for goal in DEEDS:
        one = registration_at("registered", reporter=alice, desk=desk)
        ended[goal] = moved(make_withdrawal(one, by=alice), goal, by[goal])
    for start, goal in product(ended, DEEDS):
        assert goal not in MOVES[start]
        with pytest.raises(WithdrawalRefused, match="cannot be done any more"):
            moved(ended[start], goal, by[goal])
        with (
            acting(by[goal], purpose="test"),
            pytest.raises(IntegrityError, match="along_the_table"),
            transaction.atomic(),
        ):
            WithdrawalRequest.objects.filter(pk=ended[start].pk).update(status=goal)
    waits = make_withdrawal(registration_at("registered", reporter=alice, desk=desk), by=alice)
    for goal, other in ((Status.ACCEPTED, alice), (Status.TAKEN_BACK, desk)):
        with pytest.raises(WithdrawalRefused, match="not yours"):
            moved(waits, goal, other)
        with (
            acting(other, purpose="test"),
            pytest.raises(IntegrityError, match="along_the_table"),
            transaction.atomic(),
        ):
            WithdrawalRequest.objects.filter(pk=waits.pk).update(status=goal)


def test_the_desk_takes_out_nothing_that_nobody_asked_for(alice, desk):
    """The move of the registration itself, and every constraint of a request."""
    one, two = (registration_at("registered", reporter=alice, desk=desk) for _ in range(2))
    waits = make_withdrawal(one, by=alice)
    now = timezone.now()
    out = {"status": "withdrawn", "withdrawn_at": now, "withdrawn_by": desk.user}
    for registration, change in (
        (two, {"withdrawal_reason": "mistake"}),
        (one, {"withdrawal_reason": "no_victim"}),
        (one, {"withdrawal_reason": "mistake", "national_number": "CM-2026-99999"}),
    ):
        with (
            acting(desk, purpose="test"),
            pytest.raises(IntegrityError, match="registration_moves_along_the_table"),
            transaction.atomic(),
        ):
            Registration.objects.filter(pk=registration.pk).update(**out, **change)
    with acting(desk, purpose="test"), pytest.raises(MoveRefused):
        withdraw_registration(one, reason="mistake", by=desk, at=now)
    fresh = {
        "registration": two, "ground": "mistake", "reason": b"x" * 40,
        "asked_at": now, "asked_by": alice.user,
    }  # fmt: skip
    moves = "withdrawal_request_moves_along_the_table"
    broken = [
        (f"withdrawal_request_status_is_known|{moves}", fresh | {"status": "lost"}),
        ("withdrawal_request_ground_is_known", fresh | {"ground": "lost"}),
        ("withdrawal_request_says_why", fresh | {"reason": b"because"}),
        ("withdrawal_request_is_decided_by_someone_at_a_time", fresh | {"decided_at": now}),
        ("registration_waits_for_one_withdrawal_at_a_time", fresh | {"registration": one}),
    ]
    with acting(alice, purpose="test"):
        for name, fields in broken:
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                WithdrawalRequest.objects.bulk_create([WithdrawalRequest(**fields)])
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            WithdrawalRequest.objects.filter(pk=waits.pk).update(ground="consent")
    declined = {"status": "declined", "decided_at": now, "decided_by": desk.user}
    silent = "withdrawal_request_that_is_declined_says_why"
    with (
        acting(desk, purpose="test"),
        pytest.raises(IntegrityError, match=silent),
        transaction.atomic(),
    ):
        WithdrawalRequest.objects.filter(pk=waits.pk).update(**declined)
    seen = "|".join([*(name for name, _ in broken), silent])
    assert {one.name for one in WithdrawalRequest._meta.constraints} <= set(seen.split("|"))


def test_a_reporter_and_the_desk_do_it_on_the_pages(client, alice, desk):
    one = registration_at("registered", reporter=alice, desk=desk)
    page, address = f"/registrations/{one.pk}/", f"/registrations/{one.pk}/withdrawal/"
    sign_in(client, desk)
    assert "Niemand vroeg" in client.get(address).content.decode()
    sign_in(client, alice)
    assert address in client.get(page).content.decode()
    assert client.post(address, {"ground": "mistake"}).status_code == 422
    sent = client.post(address, {"ground": "mistake", "reason": "Wrong file"})
    assert sent.url == address
    sign_in(client, desk)
    assert "/registrations/withdrawals/" in client.get(reverse("home")).content.decode()
    assert address in client.get("/registrations/withdrawals/").content.decode()
    assert "Wrong file" in client.get(address).content.decode()
    assert client.post(address, {"decision": "declined", "answer": ""}).status_code == 422
    client.post(address, {"decision": "accepted"})
    seen = client.get(page).content.decode()
    assert "Op verzoek ingetrokken" in seen
    assert one.national_number in seen
    assert f"{page}corrections/" not in seen
