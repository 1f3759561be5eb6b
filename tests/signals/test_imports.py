"""A file comes in whole or not at all, each row once, whatever is killed on the way."""

import csv
import hashlib
import json
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.access.models import DataKey
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from signals import tasks
from signals.actions import (
    ImportOvertaken,
    begin_check,
    begin_import,
    import_rows,
    kept_file,
    open_signal,
    order_import,
)
from signals.forms import read_rows
from signals.models import FilePiece, ImportBatch, ImportRefusal, SeenContent, Signal
from signals.tasks import parts, resume_imports, run_import, take_in
from signals.workflow import ImportStatus
from tests.factories.people import end_membership, make_member
from tests.signals.test_reading import CTDC, HEADER, row

pytestmark = pytest.mark.django_db

REAL = Path(settings.BASE_DIR).parent / "shared/data/ctdc_victim_perpetrator_synthetic.csv"
NOW = timezone.now()
COUNTS = ("rows", "accepted", "refused", "already_known")


@pytest.fixture
def coordinator():
    member = make_member(Role.EMM_COORDINATOR, name="Alice")
    with acting(member, purpose="test"):
        yield member


def order(coordinator, *rows):
    pieces = ["\n".join([HEADER, *rows, ""]).encode()]
    return order_import(
        lambda: pieces, file_name="file.csv", profile="ctdc", by=coordinator, at=NOW
    )


def imported(coordinator, *rows):
    batch = order(coordinator, *rows)
    take_in(batch.pk, by=coordinator)
    batch.refresh_from_db()
    return batch


def counts(batch):
    return tuple(getattr(batch, name) for name in COUNTS)


def test_every_row_is_accepted_or_refused_with_its_line(coordinator):
    batch = imported(coordinator, row(gender="Male"), row(gender="Mael"), "", row())

    assert batch.status == ImportStatus.DONE
    assert counts(batch) == (3, 2, 1, 0)
    [refusal] = ImportRefusal.objects.visible_to(coordinator)
    assert (refusal.line, "gender: “Mael”" in refusal.reason) == (3, True)


def test_an_imported_row_is_a_signal_like_any_other(coordinator):
    imported(coordinator, row(gender="Female", isForcedLabour="1", IP_PayMoney="No"))

    [signal] = Signal.objects.visible_to(coordinator)
    assert signal.reporter_organisation == coordinator.organisation
    assert (signal.forms, signal.sex, signal.channel) == (["labour"], "female", "international")
    assert signal.created_by == coordinator.user
    opened = open_signal(signal, by=coordinator, at=NOW)
    assert opened.details == {"source": "ctdc", "perpetrator_paid": ["No"]}


def test_equal_rows_are_different_people(coordinator):
    batch = imported(coordinator, row(), row(), row(gender="Male"), row())

    assert counts(batch) == (4, 4, 0, 0)


def test_importing_again_imports_nothing_twice(coordinator):
    imported(coordinator, row(), row(), row(gender="Mael"))
    again = imported(coordinator, row(), row(), row(gender="Mael"))
    longer = imported(coordinator, row(gender="Male"), row(), row(), row())

    assert counts(again) == (3, 0, 1, 2)
    assert counts(longer) == (4, 2, 0, 2)
    assert Signal.objects.count() == 4


def test_nothing_of_the_file_stays(coordinator):
    batch = imported(coordinator, row(), row(gender="Mael"))

    assert batch.key is None
    assert not FilePiece.objects.exists()
    assert not SeenContent.objects.exists()
    assert DataKey.objects.count() == Signal.objects.count() == 1


def test_the_file_is_kept_sealed_until_then(coordinator):
    batch = order(coordinator, row(IP_Relation="canary"))

    [piece] = FilePiece.objects.all()
    assert b"canary" not in bytes(piece.sealed)
    assert b"canary" in b"".join(kept_file(batch, by=coordinator))


def test_a_broken_file_leaves_only_its_reason(coordinator):
    batch = imported(coordinator, row(), row(yearRegister="3014"))

    assert batch.status == ImportStatus.BROKEN
    assert "Line 3: the year “3014”" in batch.error
    assert counts(batch) == (0, 0, 0, 0)
    assert not Signal.objects.exists()
    assert not FilePiece.objects.exists()
    assert not DataKey.objects.exists()


def test_a_file_that_is_under_way_is_not_ordered_twice(coordinator):
    first = order(coordinator, row())

    assert order(coordinator, row()) == first
    assert order(coordinator, row(), row()) != first


def test_who_does_not_import_may_not():
    analyst = make_member(Role.EMM_ANALYST)
    with acting(analyst, purpose="test"), pytest.raises(PermissionDenied):
        order(analyst, row())


def begun(coordinator, *rows):
    """A batch whose rows may come in, and its rows."""
    batch = begin_check(order(coordinator, *rows).pk, by=coordinator, at=NOW)
    batch = begin_import(batch, rows=len(rows), by=coordinator, at=NOW)
    return batch, list(read_rows(kept_file(batch, by=coordinator), CTDC))


def test_work_that_was_killed_goes_on_where_it_stopped(coordinator):
    rows = [row(), row(), row(gender="Mael"), row(), row(gender="Male")]
    batch, read = begun(coordinator, *rows)
    import_rows(batch, read[:2], by=coordinator, at=NOW)  # and here the worker dies

    take_in(batch.pk, by=coordinator)

    batch.refresh_from_db()
    assert (batch.status, counts(batch)) == (ImportStatus.DONE, (5, 4, 1, 0))
    assert Signal.objects.count() == 4


def test_a_part_that_fails_leaves_nothing_of_itself(coordinator, monkeypatch):
    batch, read = begun(coordinator, row(), row(gender="Mael"))

    def die(*args, **kwargs):  # noqa: ARG001
        raise KeyboardInterrupt

    monkeypatch.setattr(ImportBatch, "save", die)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        import_rows(batch, read, by=coordinator, at=NOW)

    assert not Signal.objects.exists()
    assert not ImportRefusal.objects.exists()
    assert not SeenContent.objects.exists()


def test_of_two_workers_the_slower_stops(coordinator):
    batch, read = begun(coordinator, row(), row())
    import_rows(batch, read[:1], by=coordinator, at=NOW)
    with pytest.raises(ImportOvertaken):
        import_rows(batch, read[:1], by=coordinator, at=NOW)

    assert Signal.objects.count() == 1
    with pytest.raises(ImportOvertaken):
        begin_import(batch, rows=2, by=coordinator, at=NOW)


def test_a_worker_that_is_overtaken_ends_quietly(coordinator, monkeypatch):
    batch, read = begun(coordinator, row(), row())
    begin = tasks.actions.begin_check

    def begin_late(pk, *, by, at):
        mine = begin(pk, by=by, at=at)
        import_rows(mine, read[:1], by=by, at=at)
        return mine

    monkeypatch.setattr(tasks.actions, "begin_check", begin_late)
    take_in(batch.pk, by=coordinator)

    batch.refresh_from_db()
    assert (batch.status, batch.position) == (ImportStatus.IMPORTING, 1)


def test_work_that_has_ended_is_not_begun_again(coordinator):
    batch = imported(coordinator, row())
    ended = batch.ended_at
    take_in(batch.pk, by=coordinator)

    batch.refresh_from_db()
    assert (batch.ended_at, Signal.objects.count()) == (ended, 1)


def test_a_worker_acts_in_the_name_of_the_coordinator(coordinator):
    batch = order(coordinator, row())
    run_import(str(batch.pk), coordinator.pk)

    batch.refresh_from_db()
    assert batch.status == ImportStatus.DONE


def test_a_worker_does_nothing_for_who_has_left(coordinator):
    batch = order(coordinator, row())
    end_membership(coordinator, at=timezone.now())
    run_import(str(batch.pk), coordinator.pk)

    batch.refresh_from_db()
    assert batch.status == ImportStatus.WAITING


def test_the_sweeper_hands_silent_work_out_again(
    coordinator, monkeypatch, django_capture_on_commit_callbacks
):
    silent, fresh = order(coordinator, row()), order(coordinator, row(), row())
    ImportBatch.objects.filter(pk=silent.pk).update(moved_on=NOW - tasks.SILENCE * 2)
    ImportBatch.objects.filter(pk=fresh.pk).update(moved_on=timezone.now())
    sent = []
    monkeypatch.setattr(
        "signals.actions.imports.current_app.send_task",
        lambda name, args, **_: sent.append((name, args)),
    )
    with django_capture_on_commit_callbacks(execute=True):
        resume_imports()

    assert sent == [("signals.tasks.run_import", [str(silent.pk), coordinator.pk])]


def test_rows_come_in_parts():
    assert [len(part) for part in parts(iter([None] * 1001))] == [500, 500, 1]


def test_the_statistics_service_counts_over_an_import(coordinator):
    batch = imported(
        coordinator,
        row(gender="Male", isForcedLabour="1"),
        row(gender="Male", isForcedLabour="1"),
        row(isForcedLabour="1", isSexualExploit="1"),
    )
    statistics = service(Role.SERVICE_STATISTICS)
    with acting(statistics, purpose="test"):
        found = Signal.objects.visible_to(statistics)
        assert Counter(found.in_batch(batch).true_counts()) == Counter(
            [
                (("labour",), "male", "unknown", 2),
                (("sexual", "labour"), "unknown", "unknown", 1),
            ]
        )
        assert found.received_in(NOW, NOW).true_counts() == []
        assert found.true_counts_by_reporter() == {"emm": 3}
        assert ImportBatch.objects.visible_to(statistics).get() == batch


def command(*arguments):
    out = StringIO()
    try:
        call_command("import_signals", *map(str, arguments), "--profile", "ctdc", stdout=out)
    except CommandError as error:
        return json.loads(out.getvalue().splitlines()[-1]), str(error)
    return json.loads(out.getvalue().splitlines()[-1]), ""


@pytest.mark.usefixtures("coordinator")
def test_the_command_ends_with_a_line_for_programs(tmp_path):
    file = tmp_path / "file.csv"
    file.write_text("\n".join([HEADER, row(), row(gender="Mael")]))

    said, error = command(file, "--wait")
    assert error == ""
    assert said.pop("seconds") >= 0
    assert said == {"rows": 2, "accepted": 1, "refused": 1, "already_known": 0}


@pytest.mark.usefixtures("coordinator")
@pytest.mark.parametrize("content", [b"", b"hello\n", HEADER.encode() + b"\n\xff\n"])
def test_the_command_says_why_a_file_is_broken(tmp_path, content):
    file = tmp_path / "file.csv"
    file.write_bytes(content)

    said, error = command(file, "--wait")
    assert said["error"] == error != ""
    assert said["rows"] == said["accepted"] == 0
    assert not ImportBatch.objects.exists()


@pytest.mark.usefixtures("coordinator")
def test_the_command_finds_a_mistake_far_down(tmp_path):
    file = tmp_path / "file.csv"
    file.write_text("\n".join([HEADER, *[row()] * 200, row(yearRegister="20142018")]))

    said, error = command(file, "--wait")
    assert "202" in error
    assert "20142018" in error
    assert said["accepted"] == 0
    assert not Signal.objects.exists()


def test_the_command_names_what_is_missing(tmp_path):
    with pytest.raises(CommandError, match="no EMM coordinator"):
        call_command("import_signals", str(tmp_path / "file.csv"), "--profile", "ctdc")
    alice = make_member(Role.EMM_COORDINATOR)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command(
            "import_signals",
            str(tmp_path / "file.csv"),
            "--profile=ctdc",
            f"--by={alice.user.email}",
        )


def test_without_a_worker_the_command_does_the_work_itself(coordinator, tmp_path, monkeypatch):
    monkeypatch.setattr("signals.management.commands.import_signals.PATIENCE", 0.0)
    file = tmp_path / "file.csv"
    file.write_text("\n".join([HEADER, row()]))

    said, error = command(file)
    assert (said["accepted"], error) == (1, "")
    assert Membership.objects.get(pk=coordinator.pk)


@pytest.mark.skipif(not REAL.exists(), reason="the CTDC file is on the machines of the builders")
def test_the_real_file_counts_as_it_is_recounted(coordinator):
    with REAL.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[::21]
    content = StringIO()
    writer = csv.DictWriter(content, fieldnames=rows[0])
    writer.writeheader()
    writer.writerows(rows)
    pieces = [content.getvalue().encode()]
    batch = order_import(
        lambda: pieces, file_name="real.csv", profile="ctdc", by=coordinator, at=NOW
    )
    take_in(batch.pk, by=coordinator)

    batch.refresh_from_db()
    assert counts(batch) == (len(rows), len(rows), 0, 0)
    found = Signal.objects.visible_to(coordinator).in_batch(batch).true_counts()
    recounted = Counter(
        (
            "+".join(
                name
                for name, column in (("sexual", "isSexualExploit"), ("labour", "isForcedLabour"))
                if one[column] == "1"
            )
            or "unknown",
            one["gender"].lower() or "unknown",
            one["majorityStatus"].lower() or "unknown",
        )
        for one in rows
    )
    assert {("+".join(forms), sex, age): number for forms, sex, age, number in found} == recounted
    assert len({hashlib.sha256(repr(one).encode()).digest() for one in rows}) < len(rows)
