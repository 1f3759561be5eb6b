"""The address of a shelter is in the sealed row and on the page that reveals it. Nowhere else."""

import logging

import psycopg
import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting, service
from referral.notices.actions import hand_out_next, send_next_mail
from referral.organisations.roles import Role
from shelters.actions import reveal_address
from shelters.workflow import PlacementStatus
from tests.factories.people import sign_in
from tests.factories.shelters import ADDRESS, CANARIES, make_place, placement_at
from tests.processes import database_url


def whole_database() -> str:
    """Every row of every table, as the role that looks past the policies."""
    found = []
    with psycopg.connect(database_url()) as owner:
        owner.execute("SET ROLE baken_guard")
        tables = owner.execute(
            "SELECT c.oid::regclass::text FROM pg_class c"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
            " AND has_table_privilege('baken_guard', c.oid, 'SELECT')"
        ).fetchall()
        for (table,) in tables:
            rows = owner.execute(f"SELECT t::text FROM {table} t").fetchall()  # noqa: S608
            found += [f"{table}: {row}" for (row,) in rows]
    assert any(line.startswith("shelters_shelteraddress") for line in found)
    assert any(line.startswith("audit_auditevent") for line in found)
    return "\n".join(found)


def holds_canary(words: str) -> list[str]:
    encoded = [w.encode().hex() for w in CANARIES]
    return [word for word in (*CANARIES, *encoded) if word in words]


@pytest.mark.usefixtures("committed")
def test_the_address_is_found_nowhere_else(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    place = make_place()
    placement = placement_at(PlacementStatus.ARRIVED, place)
    with acting(place.alice, purpose="test"):
        shown = reveal_address(
            place.house.shelter, purpose="visit", by=place.alice, at=timezone.now()
        )
    assert shown == ADDRESS
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        while hand_out_next(at=timezone.now()):
            pass
        while send_next_mail(at=timezone.now()):
            pass

    assert not holds_canary(whole_database())
    assert not holds_canary(caplog.text)
    assert mail.outbox
    assert not holds_canary("".join(str(message.message()) for message in mail.outbox))

    shelter = place.house.shelter
    pages = {
        place.desk: ["requests", "board", shelter, placement, placement.request],
        place.alice: [shelter, placement, placement.request],
        place.worker: ["today", shelter, placement],
    }
    for member, doors in pages.items():
        sign_in(client, member)
        for door in doors:
            url = reverse(f"shelters:{door}") if isinstance(door, str) else door.get_absolute_url()
            answer = client.get(url)
            assert answer.status_code == 200
            assert not holds_canary(answer.content.decode())
            assert not holds_canary(url)
        reveal = reverse("shelters:reveal_address", args=[shelter.pk])
        assert not holds_canary(client.get(reveal).content.decode())
        assert not holds_canary(client.get(reverse("notices:list")).content.decode())
