"""Every attack of someone who owns the server is found: by the check, or by an anchor."""

import pytest

from referral.audit.rules import ROW_HASH
from referral.organisations.roles import Role
from tests.audit.trail import check, found, one, owner, seal_all, tampering, write
from tests.factories.people import make_member

pytestmark = pytest.mark.usefixtures("committed")

REHASH = f"UPDATE audit_auditevent e SET row_hash = {ROW_HASH} WHERE id = 3"  # noqa: S608

EDITS = [
    "recorded_at = recorded_at + interval '1 microsecond'",
    "actor_id = 1 + coalesce(actor_id, 0)",
    "organisation_id = NULL",
    "role = 'fg'",
    "action = 'nothing_seen'",
    "object_type = ''",
    "object_id = '0'",
    "ids = '{}'",
    "result = 'denied'",
    "purpose = purpose || ' '",
    "legal_basis = 'consent'",
    "grant_used = 'owner'",
    "request_id = 'r'",
    "trace_id = 't'",
    "address = '192.0.2.1'",
    "details = '\\x00'",
    "details_key = 'k'",
    "happened_at = happened_at - interval '1 day'",
]


@pytest.fixture
def trail(committed: None):  # noqa: ARG001
    """Three seals over ten rows, and their heads."""
    member = make_member(Role.ZC)
    heads = []
    for count in (4, 3, 3):
        write(member, count)
        heads.append("{}:{}".format(*seal_all()))
    assert check(*heads).whole
    return heads


def test_an_untouched_trail_is_whole(trail):
    report = check()

    assert (report.whole, report.rows, report.seals, report.unsealed) == (True, 10, 3, 0)
    assert report.head == trail[-1]


def test_an_empty_trail_is_whole():
    report = check()

    assert (report.whole, report.rows, report.seals, report.head) == (True, 0, 0, "")


@pytest.mark.usefixtures("trail")
def test_rows_that_wait_for_their_seal_are_checked_too():
    one(make_member(Role.ZC))
    assert (check().whole, check().unsealed) == (True, 1)

    with tampering() as attacker:
        touched = attacker.execute(
            "UPDATE audit_auditevent SET action = 'nothing_seen' WHERE id = 11"
        )
        assert touched.rowcount == 1

    [broken] = check().breaks
    assert (broken.what, broken.seal, broken.rows, broken.count) == (
        "rows do not match their own hash",
        None,
        [11],
        1,
    )


def test_an_edit_of_any_column_is_found():
    """One row for each column, so that a column left out of the hash shows itself."""
    write(make_member(Role.ZC), len(EDITS))
    seal_all()
    with tampering() as attacker:
        for row, edit in enumerate(EDITS, start=1):
            attacker.execute(f"UPDATE audit_auditevent SET {edit} WHERE id = {row}")  # noqa: S608

    [broken] = [item for item in check().breaks if item.rows]
    assert broken.what == "rows do not match their own hash"
    assert sorted(broken.rows) == list(range(1, len(EDITS) + 1))


@pytest.mark.usefixtures("trail")
def test_words_cannot_flow_from_one_column_into_the_next():
    with tampering() as attacker:
        attacker.execute(
            "UPDATE audit_auditevent SET purpose = '', legal_basis = purpose WHERE id = 3"
        )

    assert "rows do not match their own hash" in found()


@pytest.mark.usefixtures("trail")
def test_an_edit_with_its_hash_recomputed_is_found_by_the_seal():
    with tampering() as attacker:
        attacker.execute("UPDATE audit_auditevent SET action = 'nothing_seen' WHERE id = 3")
        attacker.execute(REHASH)

    assert found() == {"rows were changed"}


@pytest.mark.usefixtures("trail")
def test_a_deleted_row_is_found():
    with tampering() as attacker:
        attacker.execute("DELETE FROM audit_auditevent WHERE id = 6")

    [broken] = check().breaks
    assert (broken.what, broken.seal, broken.count) == ("rows are missing or were added", 2, 1)


@pytest.mark.usefixtures("trail")
def test_a_row_put_in_the_place_of_another_is_found():
    with tampering() as attacker:
        attacker.execute("DELETE FROM audit_auditevent WHERE id = 4")
        attacker.execute(
            "UPDATE audit_auditevent SET xid = (SELECT xid FROM audit_auditevent"
            " WHERE id = 3) WHERE id = 5"
        )
        attacker.execute(REHASH.replace("id = 3", "id = 5"))

    assert found() >= {"rows were changed", "rows are missing or were added"}


@pytest.mark.usefixtures("trail")
def test_a_row_slipped_under_an_old_seal_is_found():
    with tampering() as attacker:
        attacker.execute(
            "INSERT INTO audit_auditevent (xid, action, result, happened_at, row_hash)"
            " SELECT xid, 'case_opened', 'done', now(), '' FROM audit_auditevent WHERE id = 3"
        )

    assert "rows are missing or were added" in found()


@pytest.mark.usefixtures("trail")
def test_a_row_dated_back_is_found_even_when_it_is_sealed():
    """Written now, with the number of now and a right hash, but telling of an hour ago."""
    with tampering() as attacker:
        attacker.execute(
            "INSERT INTO audit_auditevent"
            " (xid, action, result, happened_at, recorded_at, row_hash)"
            " VALUES (pg_current_xact_id()::text::bigint, 'case_opened', 'done', now(),"
            " now() - interval '1 hour', '')"
        )
        attacker.execute(REHASH.replace("id = 3", "id = 11"))
    assert found() == {"rows bear a false time"}

    seal_all()

    [broken] = check().breaks
    assert (broken.what, broken.seal, broken.rows) == ("rows bear a false time", 4, [11])


@pytest.mark.usefixtures("trail")
def test_a_row_dated_forward_is_found_when_it_is_sealed():
    with tampering() as attacker:
        attacker.execute(
            "INSERT INTO audit_auditevent"
            " (xid, action, result, happened_at, recorded_at, row_hash)"
            " VALUES (pg_current_xact_id()::text::bigint, 'case_opened', 'done', now(),"
            " now() + interval '1 hour', '')"
        )
        attacker.execute(REHASH.replace("id = 3", "id = 11"))
    seal_all()

    assert found() == {"rows bear a false time"}


@pytest.mark.usefixtures("trail")
def test_a_changed_seal_is_found():
    with tampering() as attacker:
        attacker.execute("UPDATE audit_seal SET row_count = 5 WHERE seq = 1")

    assert found() == {"a seal was changed", "rows are missing or were added"}


@pytest.mark.usefixtures("trail")
def test_a_seal_taken_out_of_the_middle_is_found():
    with tampering() as attacker:
        attacker.execute("DELETE FROM audit_auditevent WHERE id BETWEEN 5 AND 7")
        attacker.execute("DELETE FROM audit_seal WHERE seq = 2")

    assert "the chain of seals is broken" in found()


def test_only_an_anchor_finds_that_the_end_was_cut_off(trail):
    with tampering() as attacker:
        attacker.execute("DELETE FROM audit_auditevent WHERE id > 7")
        attacker.execute("DELETE FROM audit_seal WHERE seq = 3")

    assert found() == set()
    assert found(trail[1]) == set()
    assert found(trail[2]) == {"the end was cut off: the anchored seal is gone"}


def test_only_an_anchor_finds_a_chain_that_was_written_anew(trail):
    with tampering() as attacker:
        attacker.execute("DELETE FROM audit_auditevent WHERE id = 6")
        attacker.execute("DELETE FROM audit_seal")
        attacker.execute("UPDATE baken.audit_counter SET floor = 0")
    for _ in range(3):
        seal_all()

    assert found() == set()
    assert found(trail[0]) == {"the chain was written anew: the anchored seal differs"}


@pytest.mark.usefixtures("trail")
def test_without_a_context_the_check_sees_nothing():
    """The check runs under row-level security like everything else."""
    with owner() as connected:
        assert connected.execute("SELECT count(*) FROM audit_auditevent").fetchone() == (0,)
