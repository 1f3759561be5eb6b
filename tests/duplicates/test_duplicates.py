"""Two registrations of one person: two reports, one person, and everything back."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from referral.access.context import acting, service
from referral.audit.models import AuditEvent
from referral.organisations.roles import Role
from referral.registrations.counting.rules import count
from referral.registrations.duplicates.actions import open_links, undo_link
from referral.registrations.duplicates.models import DuplicateLink
from referral.registrations.duplicates.rules import LinkRefused
from referral.registrations.duplicates.workflow import MOVES, Status
from tests.factories.after_registration import make_link
from tests.factories.people import make_member, sign_in
from tests.factories.registrations import registration_at

pytestmark = pytest.mark.django_db


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


def totals():
    """Reports, persons, and the sexes that the patterns are counted by."""
    counting = service(Role.SERVICE_STATISTICS)
    with acting(counting, purpose="test"):
        counted = count(date(2000, 1, 1), date(2100, 1, 1), by=counting)
        found = counted.totals()
        return found.reports, found.persons, sorted({one.sex for one in counted.patterns()})


def three(alice, desk):
    """Reports of three days; of the last one the sex was written down otherwise."""
    now = timezone.now()
    return [
        registration_at(
            "registered", reporter=alice, desk=desk, at=now - timedelta(days=days), person=person
        )
        for days, person in ((3, {}), (2, {}), (1, {"sex": "male"}))
    ]


def test_a_linked_registration_counts_as_a_report_and_not_as_a_person(alice, desk):
    """The whole story: linked, counted, refused where it would make a chain, and undone."""
    first, second, third = three(alice, desk)
    assert totals() == (3, 3, ["female", "male"])
    link = make_link(third, first, by=desk)
    assert totals() == (3, 2, ["female"])
    for later, earlier, by, words in (
        (third, second, desk, "linked already"),
        (first, second, desk, "submitted before this one"),
        (third, third, desk, "submitted before this one"),
        (second, first, alice, "by the national desk"),
    ):
        with pytest.raises(LinkRefused, match=words):
            make_link(later, earlier, by=by)
    make_link(second, first, by=desk)
    assert totals() == (3, 1, ["female"])
    waiting = registration_at(reporter=alice, desk=desk)
    with pytest.raises(LinkRefused, match="Only registered"):
        make_link(waiting, first, by=desk)
    fourth = registration_at("registered", reporter=alice, desk=desk)
    with pytest.raises(LinkRefused, match="linked to an earlier one itself"):
        make_link(fourth, third, by=desk)

    with acting(desk, purpose="test"):
        undone = undo_link(link, by=desk, at=timezone.now())
        assert [one.reason for one in open_links(third, by=desk, at=timezone.now())] == [
            "Canary same scar"
        ]
        with pytest.raises(LinkRefused, match="not linked any more"):
            undo_link(undone, by=desk, at=timezone.now())
    assert totals() == (4, 3, ["female", "male"])
    make_link(fourth, third, by=desk)
    with pytest.raises(LinkRefused, match="Later registrations are linked"):
        make_link(third, first, by=desk)
    with acting(alice, purpose="test"):
        assert not DuplicateLink.objects.exists()
        assert not DuplicateLink.objects.visible_to(alice).exists()
    with acting(make_member(Role.AUDITOR), purpose="test"):
        lines = AuditEvent.objects.filter(object_id=str(third.pk), action__contains="link")
        assert list(lines.order_by("pk").values_list("action", flat=True)) == [
            "registration_linked", "registration_unlinked", "duplicate_links_opened",
        ]  # fmt: skip


def test_the_database_keeps_every_rule_when_it_is_broken_on_purpose(alice, desk):
    first, second, third = three(alice, desk)
    waiting = registration_at(reporter=alice, desk=desk)
    standing = make_link(second, first, by=desk)
    now = timezone.now()
    fresh = {
        "registration": third, "earlier": first, "reason": b"x" * 40,
        "linked_at": now, "linked_by": desk.user,
    }  # fmt: skip
    earlier = "duplicate_link_leads_to_an_earlier_registered"
    moves = "duplicate_link_moves_along_the_table"
    broken = [
        ("duplicate_link_says_why", fresh | {"reason": b"because"}),
        ("duplicate_link_is_undone_by_someone_at_a_time", fresh | {"undone_at": now}),
        (f"duplicate_link_status_is_known|{moves}", fresh | {"status": "lost"}),
        (f"duplicate_link_is_of_two_registrations|{earlier}", fresh | {"earlier": third}),
        (earlier, fresh | {"registration": waiting}),
        ("registration_is_linked_to_one_earlier_at_a_time", fresh | {"registration": second}),
        ("duplicate_link_leads_to_one_that_stands", fresh | {"earlier": second}),
        (moves, fresh | {"status": Status.UNDONE, "undone_at": now, "undone_by": desk.user}),
    ]
    with acting(desk, purpose="test"):
        for name, fields in broken:
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                DuplicateLink.objects.bulk_create([DuplicateLink(**fields)])
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            DuplicateLink.objects.filter(pk=standing.pk).update(earlier=third)
        undo_link(standing, by=desk, at=now)
        for start in Status:
            assert set(MOVES[start]) <= {Status.UNDONE}
        back = {"status": Status.LINKED, "undone_at": None, "undone_by": None}
        with pytest.raises(IntegrityError, match=moves), transaction.atomic():
            DuplicateLink.objects.filter(pk=standing.pk).update(**back)
    seen = "|".join(name for name, _ in broken)
    assert {one.name for one in DuplicateLink._meta.constraints} <= set(seen.split("|"))


def test_the_desk_links_on_the_page_by_likeness_or_by_number(client, alice, desk):
    first, second, _third = three(alice, desk)
    waiting = registration_at(reporter=alice, desk=desk)
    sign_in(client, alice)
    page, address = f"/registrations/{second.pk}/", f"/registrations/{second.pk}/same-person/"
    assert "same-person" not in client.get(page).content.decode()
    sign_in(client, desk)
    assert address in client.get(page).content.decode()
    assert str(first) in client.get(address).content.decode()
    for sent in (
        {"reason": "Same scar"},
        {"reason": "", "earlier": first.pk},
        {"reason": "Same scar", "number": "CM-1999-00001"},
    ):
        assert client.post(address, sent).status_code == 422
    assert client.post(address, {"reason": "Same scar", "earlier": first.pk}).url == page
    assert str(first) in client.get(page).content.decode()
    assert str(second) in client.get(f"/registrations/{first.pk}/").content.decode()
    seen = client.get(address)
    assert "Same scar" in seen.content.decode()
    client.post(f"/registrations/same-person/{seen.context['standing'].link.pk}/undo/")
    assert "Niet meer gekoppeld" in client.get(address).content.decode()
    client.post(address, {"reason": "Same scar", "number": str(first).lower()})
    assert str(first) in client.get(page).content.decode()
    assert client.get(f"/registrations/{waiting.pk}/same-person/").status_code == 404
