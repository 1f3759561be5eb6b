"""Two records become one person by two registrars, and two again; the database holds the same."""

from datetime import date
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from referral.access.context import acting, service
from referral.audit.models import AuditEvent
from referral.notices.models import Notice
from referral.organisations.roles import Role
from referral.persons.actions import find_duplicates, open_identity
from referral.persons.merging.actions import (
    confirm_merge,
    decline_merge,
    opened_reason,
    propose_merge,
    undo_merge,
)
from referral.persons.merging.models import Merge
from referral.persons.merging.rules import MergeRefused
from referral.persons.merging.workflow import MOVES, Status
from referral.persons.rules import IdentityFacts
from referral.registrations.counting.rules import count
from referral.registrations.models import Registration
from tests.factories.merges import make_merge
from tests.factories.people import make_member, sign_in
from tests.factories.persons import make_facts, make_person
from tests.factories.registrations import registration_at

pytestmark = pytest.mark.django_db
OTHER = {"given_names": "Mina", "family_name": "Zangvogel", "birth_date": "1991-07-24",
         "phone": "", "v_number": "", "bsn": ""}  # fmt: skip


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@pytest.fixture
def desk():
    return make_member(Role.COM_REGISTRAR, name="Dora")


@pytest.fixture
def second(desk):
    return make_member(Role.COM_REGISTRAR, name="Sam", organisation=desk.organisation)


@pytest.fixture
def alice():
    return make_member(Role.LE_POLICE, name="Alice")


@pytest.fixture
def bob():
    return make_member(Role.LE_KMAR, name="Bob")


def known(person, member):
    with acting(member, purpose="test"):
        return open_identity(person, by=member, at=timezone.now())


def test_two_registrars_make_two_records_one_person_and_two_again(alice, bob, desk, second):
    """The whole story: what is chosen, who is told, what is counted, and everything back."""
    kept = registration_at("registered", reporter=alice, desk=desk)
    gone = registration_at("registered", reporter=bob, desk=desk)
    before = known(kept.person, desk)
    counting = service(Role.SERVICE_STATISTICS)

    def unique():
        with acting(counting, purpose="test"):
            return count(date(2000, 1, 1), date(2100, 1, 1), by=counting).totals().persons

    assert unique() == 2
    merge = make_merge(kept.person, gone.person, by=desk)
    assert unique() == 2
    with acting(desk, purpose="test"), pytest.raises(MergeRefused, match="A colleague"):
        confirm_merge(merge, by=desk, at=timezone.now())
    with acting(second, purpose="test"):
        assert opened_reason(merge)["reason"] == "Canary reason"
        confirm_merge(merge, by=second, at=timezone.now())
    assert unique() == 1
    for holder, registration in ((alice, kept), (bob, gone)):
        with acting(holder, purpose="test"):
            assert Registration.objects.visible_to(holder).get().person_id == registration.person_id
            assert Merge.objects.visible_to(holder).get().status == "merged"
            assert Merge.objects.count() == 1
    relay = service(Role.SERVICE_RELAY)
    with acting(relay, purpose="test"):
        told = Notice.objects.filter(kind="persons_merged").values_list("user", "url")
        assert set(told) == {
            (alice.user_id, f"/persons/{kept.person_id}/"),
            (bob.user_id, f"/persons/{gone.person_id}/"),
        }
    with acting(desk, purpose="test"):
        undo_merge(merge, by=desk, at=timezone.now())
    assert unique() == 2
    assert known(kept.person, desk) == before
    auditor = make_member(Role.AUDITOR)
    with acting(auditor, purpose="test"):
        deeds = AuditEvent.objects.filter(object_id=str(merge.pk)).order_by("pk")
        assert list(deeds.values_list("action", flat=True)) == [
            "merge_proposed", "persons_merged", "merge_undone",
        ]  # fmt: skip


def test_what_is_known_of_the_one_is_chosen_and_both_names_still_find_the_person(
    alice, desk, second
):
    kept, gone = make_person(alice), make_person(alice, facts=OTHER)
    merge = make_merge(kept, gone, by=desk, chosen=("name",), second=second)
    facts = known(kept, desk)
    assert facts == make_facts(
        given_names="Mina", family_name="Zangvogel", bsn="",
        aliases=("Wilhelmina Canary van Zangvogel",),
    )  # fmt: skip
    with acting(alice, purpose="test"):  # what the desk does not see is not lost
        assert open_identity(kept, by=alice, at=timezone.now()).bsn
    asked = IdentityFacts(given_names="Wilhelmina Canary", family_name="Zangvogel")
    with acting(desk, purpose="test"):
        found = find_duplicates(asked, by=desk, at=timezone.now())
        assert kept in [one.person for one in found.candidates]
        undo_merge(merge, by=desk, at=timezone.now())
    assert known(kept, desk) == make_facts(bsn="")
    assert known(gone, desk) == make_facts(**OTHER)


def test_nobody_is_in_two_merges_and_nobody_leads_to_nowhere(alice, desk, second):
    one, two, three = (make_person(alice) for _ in range(3))
    merge = make_merge(one, two, by=desk, second=second)
    wrong = [(one, one), (three, one), (two, three), (three, two)]
    for kept, gone in wrong:
        with pytest.raises(MergeRefused, match=r".+"):
            make_merge(kept, gone, by=desk)
    fields = {"sealed": b"x" * 40, "proposed_at": timezone.now(), "proposed_by": desk.user}
    with acting(desk, purpose="test"):
        for kept, gone in wrong:
            with pytest.raises(IntegrityError), transaction.atomic():
                Merge.objects.bulk_create([Merge(kept=kept, gone=gone, **fields)])
    make_merge(one, three, by=desk)
    with acting(second, purpose="test"):
        undo_merge(merge, by=second, at=timezone.now())
    with acting(alice, purpose="test"), pytest.raises(MergeRefused):
        propose_merge(two, gone=three, chosen=(), reason="x", by=alice, at=timezone.now())


def at_status(status, alice, desk, second):
    merge = make_merge(make_person(alice), make_person(alice), by=desk)
    with acting(second, purpose="test"):
        if status == Status.DECLINED:
            decline_merge(merge, by=second, at=timezone.now())
        elif status != Status.PROPOSED:
            merge = confirm_merge(merge, by=second, at=timezone.now())
            if status == Status.UNDONE:
                undo_merge(merge, by=second, at=timezone.now())
    return merge


def test_a_merge_moves_only_along_the_table_in_the_database_too(alice, desk, second):
    deeds = {
        Status.MERGED: confirm_merge, Status.DECLINED: decline_merge, Status.UNDONE: undo_merge,
    }  # fmt: skip
    for start, goal in product(Status, deeds):
        merge = at_status(start, alice, desk, second)
        if goal not in MOVES[start]:
            with acting(second, purpose="test"):
                with pytest.raises(MergeRefused, match=r".+"):
                    deeds[goal](merge, by=second, at=timezone.now())
                with pytest.raises(IntegrityError, match="along_the_table"), transaction.atomic():
                    Merge.objects.filter(pk=merge.pk).update(status=goal)


DECIDED = {"decided_at": timezone.now()}
#: How each is broken: a change of a row that waits, or a new row; a trigger may see it first.
BROKEN = {
    "merge_status_is_known": {"status": "lost"},
    "merge_is_decided_by_someone_at_a_time": DECIDED,
    "merge_is_confirmed_by_a_second_person": {
        **DECIDED, "status": "merged", "version": 2, "before": b"x" * 40, "by": "desk",
    },
    "merge_keeps_what_was_known_before": {**DECIDED, "status": "merged", "by": "second"},
    "merge_is_undone_by_someone_at_a_time": {"undone_at": timezone.now()},
}  # fmt: skip
NEW = {"merge_is_of_two_persons", "merge_reason_is_sealed", "person_is_merged_away_once"}
FIRST_SEEN_BY = {
    "merge_status_is_known": "merge_moves_along_the_table",
    "merge_is_decided_by_someone_at_a_time": "merge_moves_along_the_table",
    "merge_is_undone_by_someone_at_a_time": "merge_moves_along_the_table",
    "person_is_merged_away_once": "merged_person_leads_to_one_that_stands",
}


def test_every_constraint_holds_when_it_is_broken_on_purpose(alice, desk, second):
    assert {one.name for one in Merge._meta.constraints} == {*BROKEN, *NEW}
    kept, gone, third = (make_person(alice) for _ in range(3))
    merge = make_merge(kept, gone, by=desk)
    fields = {"kept": kept, "sealed": b"x" * 40, "proposed_at": timezone.now(),
              "proposed_by": desk.user}  # fmt: skip
    rows = {
        "merge_is_of_two_persons": Merge(**fields | {"kept": third}, gone=third),
        "merge_reason_is_sealed": Merge(**fields | {"sealed": b"because"}, gone=third),
        "person_is_merged_away_once": Merge(**fields, gone=gone),
    }

    def breaks(name, deed):
        seen = f"{name}|{FIRST_SEEN_BY.get(name, name)}"
        with pytest.raises(IntegrityError, match=seen), transaction.atomic():
            deed()

    with acting(desk, purpose="test"):
        for name, row in rows.items():
            breaks(name, lambda row=row: Merge.objects.bulk_create([row]))
        for name, said in BROKEN.items():
            who = {"desk": desk, "second": second}.get(said.get("by"))
            changes = {key: value for key, value in said.items() if key != "by"}
            if who:
                changes["decided_by"] = who.user
            found = Merge.objects.filter(pk=merge.pk)
            breaks(name, lambda found=found, changes=changes: found.update(**changes))


def test_the_pages_from_beside_each_other_to_undone(client, alice, desk, second):
    """As two registrars do it in a browser; a holder sees that it is so, and no more."""
    kept, gone = make_person(alice), make_person(alice, facts=OTHER)
    client.cookies["django_language"] = "en"
    sign_in(client, desk)
    address = reverse("persons:propose", args=[kept.pk, gone.pk])
    page = client.get(address).content.decode()
    assert "Wilhelmina Canary" in page
    assert "Mina" in page
    assert client.post(address, {"name": "gone", "birth": "kept"}).status_code == 422
    done = client.post(
        address, {"name": "gone", "birth": "kept", "reason": "Same scar"}, follow=True
    )
    assert "A colleague confirms it or says no." in done.content.decode()
    merge_page = done.redirect_chain[-1][0]
    assert "You proposed this yourself." in done.content.decode()
    assert client.post(merge_page, {"decision": "merged"}).status_code == 422

    sign_in(client, second)
    assert gone.reference in client.get(reverse("persons:merges")).content.decode()
    assert "Same scar" in client.get(merge_page).content.decode()
    done = client.post(merge_page, {"decision": "merged"}, follow=True)
    assert "Confirmed by" in done.content.decode()
    done = client.post(merge_page, {"decision": "undone"}, follow=True)
    assert "Undone by" in done.content.decode()

    sign_in(client, alice)
    page = client.get(gone.get_absolute_url()).content.decode()
    assert "With another record:" in page
    assert kept.reference not in page
    assert client.get(merge_page).status_code == 404
