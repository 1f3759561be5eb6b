"""What was registered is never lost: the chain of versions, and what figures read of it."""

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
from referral.persons.rules import FactsRefused
from referral.registrations.corrections.actions import (
    accept_correction,
    decline_correction,
    open_chain,
    take_back_correction,
)
from referral.registrations.corrections.models import Version
from referral.registrations.corrections.rules import CorrectionRefused
from referral.registrations.corrections.workflow import MOVES, Status
from referral.registrations.counting.rules import count
from referral.registrations.models import Registration
from tests.factories.corrections import make_correction, make_what
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


def counted():
    """Form, sex and age as the statistics service counts them."""
    counting = service(Role.SERVICE_STATISTICS)
    with acting(counting, purpose="test"):
        rows = count(date(2000, 1, 1), date(2100, 1, 1), by=counting).patterns()
        return [(one.forms, one.sex, one.age_group, one.reports) for one in rows]


def chain_of(registration, member):
    with acting(member, purpose="test"):
        return open_chain(registration, by=member, at=timezone.now())


def test_a_reporter_corrects_the_desk_decides_and_every_version_stays(alice, desk):
    """The whole story: what counts when, who reads what beside what, who is told."""
    one = registration_at("registered", reporter=alice, desk=desk)
    [(forms, sex, age, _)] = counted()
    proposed = make_correction(one, by=alice, forms=["labour"], crossing="domestic")
    assert counted() == [(forms, sex, age, 1)]
    with pytest.raises(CorrectionRefused, match="waits for a decision"):
        make_correction(one, by=alice, forms=["criminal"], primary_form="criminal")
    with acting(alice, purpose="test"), pytest.raises(CorrectionRefused, match="not yours"):
        accept_correction(proposed, by=alice, at=timezone.now())

    with acting(desk, purpose="test"):
        accepted = accept_correction(proposed, by=desk, at=timezone.now())
    assert accepted.registration.forms == ["labour"]
    assert counted() == [(("labour",), sex, age, 1)]
    second = make_correction(one, by=alice, forms=["labour"], sector="club")
    with acting(desk, purpose="test"):
        decline_correction(second, answer="Canary answer", by=desk, at=timezone.now())
    make_correction(one, by=desk, forms=["labour"], crossing="domestic", sex="x")
    assert counted() == [(("labour",), "x", age, 1)]

    opened = chain_of(one, alice)
    assert [(o.version.number, o.version.status, o.reason, o.answer) for o in opened] == [
        (4, "accepted", "Canary reason", ""),
        (3, "declined", "Canary reason", "Canary answer"),
        (2, "accepted", "Canary reason", ""),
        (1, "original", "", ""),
    ]
    assert [c.code for c in opened[0].changed] == ["sex"]
    assert [c.code for c in opened[2].changed] == ["forms", "primary_form", "crossing"]
    assert opened[0].version.corrects.number == 2
    first = opened[3].version
    assert (list(first.forms), first.made_by) == (list(forms), desk.user)
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        told = Notice.objects.filter(kind__startswith="correction").order_by("pk")
        assert [kind.removeprefix("correction_") for kind in told.values_list("kind", flat=True)] == [
            "proposed", "accepted", "proposed", "declined", "proposed", "accepted",
        ]  # fmt: skip
    with acting(make_member(Role.AUDITOR), purpose="test"):
        lines = AuditEvent.objects.filter(action__startswith="correction", object_id=str(one.pk))
        assert [action.removeprefix("correction") for action in
                lines.order_by("pk").values_list("action", flat=True)] == [
            "_proposed", "_accepted", "_proposed", "_declined", "_proposed", "_accepted",
            "s_opened",
        ]  # fmt: skip


def test_what_cannot_be_a_correction_is_refused_in_words(alice, desk):
    one = registration_at("registered", reporter=alice, desk=desk)
    waiting = registration_at(reporter=alice, desk=desk)
    bob = make_member(Role.LE_POLICE, organisation=alice.organisation)
    for registration, by, changes, words in (
        (one, alice, {"primary_form": "sexual"}, "says already"),
        (one, alice, {"forms": []}, "at least one form"),
        (one, alice, {"sex": "lost"}, "Choose one"),
        (waiting, alice, {}, "not yours"),
        (one, bob, {}, "not yours"),
    ):
        with pytest.raises(Exception, match=words) as refused:
            make_correction(registration, by=by, **changes)
        assert "Refused" in type(refused.value).__name__
    with pytest.raises(FactsRefused, match="does not agree with the birth date"):
        make_correction(one, by=desk, age_group="0-11")
    assert counted()[0][0] == ("sexual", "labour")
    assert chain_of(one, alice) == []


def test_a_version_moves_only_along_the_table_in_the_database_too(alice, desk):
    by = {Status.ACCEPTED: desk, Status.DECLINED: desk, Status.TAKEN_BACK: alice}
    one = registration_at("registered", reporter=alice, desk=desk)
    deeds = {
        Status.ACCEPTED: accept_correction,
        Status.DECLINED: lambda version, **who: decline_correction(version, answer="No", **who),
        Status.TAKEN_BACK: take_back_correction,
    }

    def moved(version, goal):
        with acting(by[goal], purpose="test"), transaction.atomic():
            return deeds[goal](version, by=by[goal], at=timezone.now())

    ended = {}
    for goal, sector in zip(deeds, ("club", "escort", "street"), strict=True):
        ended[goal] = moved(make_correction(one, by=alice, sector=sector), goal)
    ended[Status.ORIGINAL] = next(o.version for o in chain_of(one, desk) if o.version.number == 1)
    for start, goal in product(ended, deeds):
        assert goal not in MOVES[start]
        with pytest.raises(CorrectionRefused, match="cannot be done any more"):
            moved(ended[start], goal)
        with (
            acting(by[goal], purpose="test"),
            pytest.raises(IntegrityError, match="along_the_table"),
            transaction.atomic(),
        ):
            Version.objects.filter(pk=ended[start].pk).update(status=goal)
    waits = make_correction(one, by=alice, sector="home")
    for goal, other in ((Status.ACCEPTED, alice), (Status.TAKEN_BACK, desk)):
        with acting(other, purpose="test"):
            with pytest.raises(CorrectionRefused, match="not yours"):
                deeds[goal](waits, by=other, at=timezone.now())
            with pytest.raises(IntegrityError, match="along_the_table"), transaction.atomic():
                Version.objects.filter(pk=waits.pk).update(status=goal)


def test_nobody_changes_what_was_registered_or_what_a_version_says(alice, desk):
    one = registration_at("registered", reporter=alice, desk=desk)
    version = make_correction(one, by=alice)
    for member, match in ((desk, "newest_version_says"), (alice, "newest_version_says")):
        with acting(member, purpose="test"):
            with pytest.raises(DatabaseError, match=match), transaction.atomic():
                Registration.objects.filter(pk=one.pk).update(primary_form="labour")
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                Version.objects.filter(pk=version.pk).update(sector="club")
            with transaction.atomic():
                assert Version.objects.filter(pk=version.pk).count() == 1
    bob = make_member(Role.LE_POLICE, organisation=alice.organisation)
    with acting(bob, purpose="test"):
        assert not Version.objects.exists()
        assert not Version.objects.visible_to(bob).exists()


def test_every_constraint_holds_when_it_is_broken_on_purpose(alice, desk):
    one, two = (registration_at("registered", reporter=alice, desk=desk) for _ in range(2))
    waits = make_correction(one, by=alice)
    first = waits.corrects
    fresh = {
        "registration": one, "number": 3, "corrects": first, "reason": b"x" * 40,
        "made_at": timezone.now(), "made_by": alice.user, "organisation": alice.organisation,
        **make_what(sector="club").columns(),
    }  # fmt: skip
    begun = "version_begins_where_the_chain_ends"
    broken = [
        ("registration_waits_for_one_correction_at_a_time", fresh),
        ("version_that_corrects_says_why", fresh | {"reason": b"because"}),
        ("version_is_decided_by_someone_at_a_time", fresh | {"decided_at": timezone.now()}),
        (f"versions_of_a_registration_are_numbered|{begun}", fresh | {"number": 2}),
        (f"version_status_is_known|{begun}", fresh | {"status": "lost"}),
        (f"version_is_the_first_or_corrects_another|{begun}", fresh | {"corrects": None}),
        (begun, fresh | {"registration": two}),
        (begun, fresh | {"status": "original", "number": 1, "registration": two, "corrects": None,
                         "made_at": two.registered_at, "made_by": desk.user}),
    ]  # fmt: skip
    with acting(alice, purpose="test"):
        for name, fields in broken:
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                Version.objects.bulk_create([Version(**fields)])
    decided = {"status": "declined", "decided_at": timezone.now(), "decided_by": desk.user}
    with (
        acting(desk, purpose="test"),
        pytest.raises(IntegrityError, match="declined_says_why"),
        transaction.atomic(),
    ):
        Version.objects.filter(pk=waits.pk).update(**decided)
    seen = "|".join(name for name, _ in broken) + "|version_that_is_declined_says_why"
    assert {one.name for one in Version._meta.constraints} <= set(seen.split("|"))


def test_a_reporter_and_the_desk_do_it_on_the_pages(client, alice, desk):
    one = registration_at("registered", reporter=alice, desk=desk)
    base = f"/registrations/{one.pk}/"
    sign_in(client, alice)
    untouched = client.get(base).content.decode()
    assert f"{base}correct/" in untouched
    assert "is zoals het is geregistreerd" in untouched
    page = client.get(f"{base}correct/")
    typed = {
        name: value if value is not None else ""
        for name, value in page.context["form"].initial.items()
    }
    assert client.post(f"{base}correct/", typed | {"reason": "Misheard"}).status_code == 422
    sent = client.post(f"{base}correct/", typed | {"reason": "Misheard", "sector": "club"})
    assert sent.url == f"{base}corrections/"
    waiting = client.get(base).content.decode()
    assert f"{base}corrections/" in waiting
    assert "is zoals het is geregistreerd" in waiting
    assert "versie 2, geschreven op" in waiting

    sign_in(client, desk)
    home = client.get(reverse("home")).content.decode()
    assert "/registrations/corrections/" in home
    assert f"{base}corrections/" in client.get("/registrations/corrections/").content.decode()
    seen = client.get(f"{base}corrections/").content.decode()
    assert "Misheard" in seen
    assert "Club of privéhuis" in seen
    declined = {"decision": "declined", "answer": ""}
    assert client.post(f"{base}corrections/", declined).status_code == 422
    client.post(f"{base}corrections/", {"decision": "accepted"})
    corrected = client.get(base).content.decode()
    assert "Club of privéhuis" in corrected
    assert "2 versies. Wat hierboven staat, telt sinds" in corrected
    client.post(
        f"{base}correct/", typed | {"reason": "Not in the Netherlands", "place_country": "BE"}
    )
    assert "België" in client.get(base).content.decode()
