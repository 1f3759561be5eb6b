"""Writing the trail: in the transaction of the deed, so that neither stands without the other."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from referral.audit.models import sealed_details
from referral.lib.acting import Actor, current_actor
from referral.organisations.models import Membership

#: Rows in one INSERT of record_many.
ROWS = 5000

# One statement and one parameter for however many rows: the fastest way measured. The database
# adds time, transaction and hash, and refuses an actor whom the signed context does not name.
INSERT = """
INSERT INTO audit_auditevent (
    actor_id, organisation_id, role, request_id, address, happened_at, action, object_type,
    object_id, ids, result, purpose, legal_basis, grant_used, trace_id, details, details_key)
SELECT %s::bigint, %s::bigint, %s, %s, nullif(%s, '')::inet, line.*
FROM json_to_recordset(%s::json) AS line (
    happened_at timestamptz, action text, object_type text, object_id text, ids text[],
    result text, purpose text, legal_basis text, grant_used text, trace_id text, details bytea, details_key text)
"""


#: Who acts, and the rows that wait to be written together.
Waiting = list[tuple[list[Any], list[dict[str, object]]]]
_waiting: ContextVar[Waiting | None] = ContextVar("baken_lines_that_wait", default=None)


class NotTheActor(RuntimeError):
    """The deed names one member, and another (or nobody) is acting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the trail, as a deed tells it."""

    action: str
    on: Model | None = None
    result: str = "done"
    purpose: str = ""
    legal_basis: str = ""
    ids: Sequence[object] = ()
    details: Mapping[str, object] | None = None
    grant: object = ""
    trace_id: str = ""
    #: When it happened, if not at the moment of the deed.
    at: datetime | None = None


def record(
    action: str,
    *,
    by: Membership | None,
    at: datetime,
    on: Model | None = None,
    result: str = "done",
    purpose: str = "",
    legal_basis: str = "",
    ids: Sequence[object] = (),
    details: Mapping[str, object] | None = None,
    grant: object = "",
    trace_id: str = "",
) -> None:
    """Write that `by` did or saw this; `by` is None only where nobody is signed in.

    `result` is done, denied, refused or failed, with or without an HTTP status; `ids` are the
    keys shown by a list; `details` are encrypted; `grant` is what opened the door. The purpose
    is the actor's unless another is given.
    """
    line = Line(
        action=action,
        on=on,
        result=result,
        purpose=purpose,
        legal_basis=legal_basis,
        ids=ids,
        details=details,
        grant=grant,
        trace_id=trace_id,
    )
    record_many([line], by=by, at=at)


def record_many(lines: Iterable[Line], *, by: Membership | None, at: datetime) -> None:
    """Write many rows of one actor in a few statements: at this moment, or each at its own."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("record in the transaction of the deed")
    actor = current_actor()
    _check_actor(actor, by)
    who: list[Any] = [None, None, "", "", ""]
    if actor is not None:
        who = [actor.user_id, actor.organisation_id, actor.role, actor.request_id, actor.address]
    rows = [_row(line, actor, line.at or at) for line in lines]
    waiting = _waiting.get()
    if waiting is None:
        _write(who, rows)
    else:
        waiting.append((who, rows))


@contextmanager
def recorded_together() -> Iterator[None]:
    """What is recorded until the block ends is written at its end, in one statement for an actor.

    For a page of many looks, which shows nothing before the block ends. Where the block fails
    nothing was seen, and nothing is written.
    """
    waiting: Waiting = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    for who, parts in groupby(waiting, key=itemgetter(0)):
        _write(who, [row for _who, rows in parts for row in rows])


def _write(who: list[Any], rows: list[dict[str, object]]) -> None:
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS):
            cursor.execute(INSERT, [*who, json.dumps(rows[start : start + ROWS])])


def _check_actor(actor: Actor | None, by: Membership | None) -> None:
    if by is None:
        return
    named = (by.user_id, by.organisation_id, by.role)
    if actor is None or (actor.user_id, actor.organisation_id, actor.role) != named:
        raise NotTheActor(f"record what {by} does inside `with acting(by, purpose=...)`")


def _row(line: Line, actor: Actor | None, at: datetime) -> dict[str, object]:
    object_id = str(line.on.pk) if line.on is not None else ""
    details, details_key = sealed_details(line.details, action=line.action, object_id=object_id)
    purpose = line.purpose or (actor.purpose if actor else "")
    return {
        "happened_at": at.isoformat(),
        "action": line.action,
        "object_type": line.on._meta.label_lower if line.on is not None else "",
        "object_id": object_id,
        "ids": [str(key) for key in line.ids],
        "result": line.result,
        "purpose": purpose[:200],
        "legal_basis": line.legal_basis,
        "grant_used": str(line.grant),
        "trace_id": line.trace_id or (actor.trace_id if actor else ""),
        "details": f"\\x{details.hex()}",
        "details_key": details_key,
    }
