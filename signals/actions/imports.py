"""Many signals from one file: kept sealed, checked whole, then taken in part by part.

Each part of the rows commits together with the position in the file, so work that is killed
at any moment goes on where it stopped, and two workers on one file do nothing twice.

A row is known by its content and its number among the equal rows of the file. Content alone
would not do: a file from real life has many rows that are equal in every column and still
speak of different people (in the CTDC data set 11,603 of 21,195 rows repeat an earlier one,
and one content stands there 291 times). With the number, the second of two equal rows is a
row of its own, also when the file comes again, and also after lines were moved or added.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext as _

from referral.access.secrets import new_data_key, opened
from referral.audit.actions import record
from referral.lib.crypto import decrypt, encrypt
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.organisations.roles import Role
from signals.actions.intake import submit_signals
from signals.actions.layouts import mapping_in_force
from signals.models import FilePiece, ImportBatch, ImportRefusal, SeenContent, Signal
from signals.rules import Draft, FileRow, draft_refusals
from signals.workflow import ImportStatus

#: Made by one statement, however many rows: what was seen before this part is what comes back
#: minus what this part adds.
COUNT_CONTENT = """
INSERT INTO signals_seencontent (batch_id, content, seen)
SELECT %s, content, seen FROM unnest(%s::bytea[], %s::int[]) AS part (content, seen)
ON CONFLICT (batch_id, content) DO UPDATE SET seen = signals_seencontent.seen + excluded.seen
RETURNING content, seen
"""


class ImportOvertaken(Exception):
    """Another worker went on with this import; this one stops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """One row of a file as it was read: a draft, or the reason why it is none."""

    line: int
    content: bytes
    draft: Draft | None = None
    reason: str = ""


@transaction.atomic
def order_import(
    read: Callable[[], Iterable[bytes]],
    *,
    file_name: str,
    profile: str,
    by: Membership,
    at: datetime,
) -> ImportBatch:
    """Keep the file, sealed, until a worker takes it in; `read` gives its bytes, twice.

    It is read by the version of its mapping that is in force now. A file that is under way already is not ordered again: its import is given back.
    """
    if not by.may(Permission.SIGNAL_IMPORT):
        raise PermissionDenied(_("Your role does not import signals."))
    mapping = mapping_in_force(profile, by=by, at=at)
    _one_at_a_time(profile)
    digest, size = _digest(read())
    under_way = ImportBatch.objects.visible_to(by).under_way()
    earlier = under_way.filter(profile=profile, file_hash=digest).first()
    if earlier is not None:
        return earlier

    batch = ImportBatch.objects.create(
        organisation=by.organisation,
        created_by_id=by.user_id,
        created_at=at,
        member=by,
        profile=profile,
        mapping=mapping,
        file_name=file_name[:120],
        file_hash=digest,
        file_size=size,
        key=new_data_key(),
        moved_on=at,
    )
    _keep(read(), batch)
    record("import_ordered", on=batch, by=by, at=at, details={"file": batch.file_name})
    return batch


def hand_to_worker(batch: ImportBatch) -> None:
    """Ask a worker to take the file in, after the commit.

    If the broker is away nothing is lost: the sweeper finds work that shows no sign of life.
    """
    arguments = [str(batch.pk), batch.member_id]
    transaction.on_commit(
        lambda: current_app.send_task(
            "signals.tasks.run_import", args=arguments, retry=False, ignore_result=True
        ),
        robust=True,
    )


@transaction.atomic
def begin_check(pk: UUID, *, by: Membership, at: datetime) -> ImportBatch:
    """A worker takes the import up, for the first time or again."""
    found = ImportBatch.objects.visible_to(by).select_related("mapping")
    batch = found.select_for_update(of=["self"]).get(pk=pk)
    if batch.status == ImportStatus.WAITING:
        batch.status = ImportStatus.CHECKING
    if batch.under_way:
        batch.moved_on = at
        batch.save(update_fields=["status", "moved_on"])
    return batch


@transaction.atomic
def begin_import(batch: ImportBatch, *, rows: int, by: Membership, at: datetime) -> ImportBatch:
    """The file is whole; from now on its rows come in."""
    batch = _locked(batch, by=by, status=ImportStatus.CHECKING)
    batch.status, batch.rows, batch.moved_on = ImportStatus.IMPORTING, rows, at
    batch.save(update_fields=["status", "rows", "moved_on"])
    return batch


@transaction.atomic
def refuse_file(batch: ImportBatch, *, error: str, by: Membership, at: datetime) -> ImportBatch:
    """The file is broken: the report says why, and nothing of it stays."""
    batch = _locked(batch, by=by, status=ImportStatus.CHECKING)
    batch.error = error[:400]
    _end(batch, ImportStatus.BROKEN, at=at)
    record("import_refused", on=batch, by=by, at=at, result="refused")
    return batch


@transaction.atomic
def import_rows(
    batch: ImportBatch, rows: Sequence[ReadRow], *, by: Membership, at: datetime
) -> ImportBatch:
    """Take in the rows that follow on `batch.position`, and move the position: both or neither.

    Each row becomes a signal, or is known already, or is refused with its line and the reason.
    Raises ImportOvertaken when the position is no longer there.
    """
    _one_at_a_time(batch.profile)
    batch = _locked(batch, by=by, status=ImportStatus.IMPORTING)
    keys = _row_keys(batch, rows)
    known = {
        bytes(key or b"")
        for key in Signal.objects.visible_to(by)
        .with_rows(batch.profile, keys)
        .values_list("row_key", flat=True)
    }
    unseen = [(row, key) for row, key in zip(rows, keys, strict=True) if key not in known]
    reasons = _reasons([row for row, _key in unseen], at=at)
    drafts = [
        replace(row.draft, row=FileRow(batch=batch, key=key))
        for row, key in unseen
        if row.draft is not None and row.line not in reasons
    ]
    submit_signals(drafts, by=by, at=at)
    ImportRefusal.objects.bulk_create(
        [
            ImportRefusal(batch=batch, line=line, reason=reason[:400])
            for line, reason in reasons.items()
        ]
    )

    batch.position += len(rows)
    batch.accepted += len(drafts)
    batch.refused += len(reasons)
    batch.already_known += len(known)
    batch.moved_on = at
    batch.save(update_fields=["position", "accepted", "refused", "already_known", "moved_on"])
    return batch


@transaction.atomic
def finish_import(batch: ImportBatch, *, by: Membership, at: datetime) -> ImportBatch:
    """Every row is dealt with: the file goes, the report stays, the coordinators hear of it."""
    batch = _locked(batch, by=by, status=ImportStatus.IMPORTING)
    _end(batch, ImportStatus.DONE, at=at)
    counts = {
        name: getattr(batch, name) for name in ("rows", "accepted", "refused", "already_known")
    }
    record("import_finished", on=batch, by=by, at=at, details=counts)
    post(Kind.IMPORT_FINISHED, to=batch.organisation, role=Role.EMM_COORDINATOR, on=batch, at=at)
    _publish(batch)
    return batch


def _publish(batch: ImportBatch) -> None:
    """Have the figures of the file computed, by the room that the settings name.

    Signals stand below the room of figures and know it by name only. If the broker is away,
    the figures can be ordered again by importing the file again: nothing comes in twice.
    """
    transaction.on_commit(
        lambda: current_app.send_task(
            settings.PUBLISH_IMPORT_TASK, args=[str(batch.pk)], retry=False, ignore_result=True
        ),
        robust=True,
    )


def kept_file(batch: ImportBatch, *, by: Membership) -> Iterator[bytes]:
    """The bytes of the file, one piece in memory at a time."""
    number = 0
    while True:
        with transaction.atomic():  # the context holds within a transaction only
            mine = ImportBatch.objects.visible_to(by).filter(pk=batch.pk)
            piece = FilePiece.objects.filter(batch__in=mine, number=number).first()
        if piece is None or batch.key is None:
            return
        yield decrypt(bytes(piece.sealed), key=opened(batch.key), about=_about_piece(batch, number))
        number += 1


@transaction.atomic
def silent_imports(*, by: Membership, before: datetime) -> list[ImportBatch]:
    """Those under way without a sign of life since `before`: their worker was killed, or the
    broker lost them.
    """
    return list(ImportBatch.objects.visible_to(by).silent_since(before))


@transaction.atomic(savepoint=False)
def list_imports(*, by: Membership, at: datetime, limit: int = 50) -> list[ImportBatch]:
    """The newest imports; the look is recorded."""
    batches = list(
        ImportBatch.objects.visible_to(by)
        .select_related("created_by", "mapping")
        .newest_first()[:limit]
    )
    record("imports_listed", by=by, at=at, ids=[batch.pk for batch in batches])
    return batches


@transaction.atomic
def open_import(batch: ImportBatch, *, by: Membership, at: datetime) -> ImportBatch:
    """The report of one import; the look is recorded."""
    record("import_opened", on=batch, by=by, at=at)
    return batch


def _one_at_a_time(profile: str) -> None:
    """Two files with the same rows wait for one another, so that no row comes in twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {profile}"])


def _digest(pieces: Iterable[bytes]) -> tuple[bytes, int]:
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
    return digest.digest(), size


def _keep(pieces: Iterable[bytes], batch: ImportBatch) -> None:
    if batch.key is None:
        return
    key = opened(batch.key)
    for number, piece in enumerate(pieces):
        sealed = encrypt(piece, key=key, about=_about_piece(batch, number))
        FilePiece.objects.create(batch=batch, number=number, sealed=sealed)


def _about_piece(batch: ImportBatch, number: int) -> str:
    return f"signals_filepiece|{batch.pk}|{number}"


def _locked(batch: ImportBatch, *, by: Membership, status: ImportStatus) -> ImportBatch:
    found = (
        ImportBatch.objects.visible_to(by)
        .select_related("key", "organisation")
        .select_for_update(of=["self"])
        .get(pk=batch.pk)
    )
    if (found.status, found.position) != (status, batch.position):
        raise ImportOvertaken
    return found


def _row_keys(batch: ImportBatch, rows: Sequence[ReadRow]) -> list[bytes]:
    """For each row its key: layout, content, and number among the equal rows of the file."""
    here = Counter(row.content for row in rows)
    with connection.cursor() as cursor:
        cursor.execute(COUNT_CONTENT, [batch.pk, list(here), list(here.values())])
        before = {
            bytes(content): seen - here[bytes(content)] for content, seen in cursor.fetchall()
        }
    keys = []
    for row in rows:
        before[row.content] += 1
        name = f"{batch.profile}|{row.content.hex()}|{before[row.content]}"
        keys.append(hashlib.sha256(name.encode()).digest())
    return keys


def _reasons(rows: Sequence[ReadRow], *, at: datetime) -> dict[int, str]:
    """Why rows are refused, by line: they could not be read, or are no signal."""
    drafted = [(row.line, row.draft) for row in rows if row.draft is not None]
    refusals = draft_refusals([draft for _line, draft in drafted], [at] * len(drafted))
    reasons = {row.line: row.reason for row in rows if row.draft is None}
    for index, errors in refusals.items():
        reasons[drafted[index][0]] = " ".join(errors.values())
    return dict(sorted(reasons.items()))


def _end(batch: ImportBatch, status: ImportStatus, *, at: datetime) -> None:
    """No trace of the file stays, not even its key."""
    FilePiece.objects.filter(batch=batch).delete()
    SeenContent.objects.filter(batch=batch).delete()
    key, batch.key = batch.key, None
    batch.status, batch.moved_on, batch.ended_at = status, at, at
    batch.save(update_fields=["status", "error", "moved_on", "ended_at", "key"])
    if key is not None:
        key.delete()
