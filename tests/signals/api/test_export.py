"""The list as a file: the same rows as the list, and a line in the trail before the first byte."""

import csv
import io

import pytest

from tests.factories.signals import make_signal
from tests.signals.test_intake import raw

pytestmark = pytest.mark.django_db
FILE = "/v1/signalen/csv"


def rows_of(answer):
    content = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(content)))


def test_the_file_holds_what_the_list_holds_and_nothing_of_another(alice, charlie):
    mine = [make_signal(by=alice.member, danger=bool(n)) for n in range(2)]
    make_signal(by=charlie.member)

    rows = rows_of(alice.get(FILE))
    listed = alice.get("/v1/signalen").json()["signalen"]

    assert [row["kenmerk"] for row in rows] == [one["kenmerk"] for one in listed]
    assert {row["kenmerk"] for row in rows} == {one.reference for one in mine}
    for row, one in zip(rows, listed, strict=True):
        assert row["vormen"] == ", ".join(one["vormen"])
        for name in ("status", "kanaal", "gemeente", "soortPlek", "geslacht", "leeftijdsgroep"):
            assert row[name] == one[name]
        assert (row["acuutGevaar"] == "t") is one["acuutGevaar"]
    assert rows_of(charlie.get(FILE))[0]["kenmerk"] not in {row["kenmerk"] for row in rows}


def test_that_a_list_goes_out_is_recorded_before_it_is_read(alice):
    make_signal(by=alice.member)

    answer = alice.get(FILE)

    assert raw("SELECT actor_id FROM audit_auditevent WHERE action = 'signals_exported'") == [
        (alice.member.user_id,)
    ]
    answer.close()


def test_the_file_can_be_narrowed_as_the_list_can(alice):
    make_signal(by=alice.member)

    assert len(rows_of(alice.get(FILE, {"status": "ontvangen"}))) == 1
    assert rows_of(alice.get(FILE, {"status": "doorgezet"})) == []
    assert rows_of(alice.get(FILE, {"ontvangenVanaf": "2999-01-01T00:00:00Z"})) == []
    assert alice.get(FILE, {"aantal": "1"}).status_code == 400
