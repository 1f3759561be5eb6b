"""What must hold of the trail, and the check that it does.

The check trusts nothing that the database computes for itself: the expression of the row hash
stands here, and the chain is computed here. Whoever owns the server can still cut off the end,
or write the whole chain anew; that is found by an anchor, a head that was kept elsewhere.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db import connection

#: Clocks of one server may step back by this much (NTP) before it counts as back-dating.
CLOCK_SECONDS = 2
#: So many row numbers are named with a break.
NAMED = 20

ROW_HASH = """
sha256(convert_to(json_build_array(
    e.id, extract(epoch FROM e.recorded_at), e.xid, e.actor_id, e.organisation_id,
    e.role, e.action, e.object_type, e.object_id, e.ids, e.result, e.purpose,
    e.legal_basis, e.grant_used, e.request_id, e.trace_id, e.address::text,
    encode(e.details, 'hex'), e.details_key, extract(epoch FROM e.happened_at)
)::text, 'UTF8'))
"""

# Each row with the seal that covers it (number 0: the first) and the last seal that was made
# before its transaction began: between those two moments it must have been recorded. OFFSET keeps
# PostgreSQL from pulling the expression up, where it would compute each hash twice.
ROWS = f"""
SELECT e.id, e.xid, e.row_hash, e.row_hash IS NOT DISTINCT FROM {ROW_HASH} AS whole,
    width_bucket(e.xid, %(untils)s::bigint[]) AS seal,
    e.recorded_at < (%(moments)s::timestamptz[])[width_bucket(e.xid, %(horizons)s::bigint[])]
        - make_interval(secs => {CLOCK_SECONDS})
    OR e.recorded_at > (%(moments)s::timestamptz[])[width_bucket(e.xid, %(untils)s::bigint[]) + 1]
        + make_interval(secs => {CLOCK_SECONDS}) AS misdated
FROM audit_auditevent e
OFFSET 0
"""  # noqa: S608 -- only constants of this file
BATCHES = f"""
SELECT seal, count(*), sha256(string_agg(row_hash, ''::bytea ORDER BY xid, id)),
    (array_agg(id) FILTER (WHERE NOT whole))[:{NAMED}], count(*) FILTER (WHERE NOT whole),
    (array_agg(id) FILTER (WHERE misdated))[:{NAMED}], count(*) FILTER (WHERE misdated)
FROM ({ROWS}) checked GROUP BY seal
"""  # noqa: S608 -- only constants of this file
CHAIN = """
SELECT seq, from_xid, until_xid, horizon_xid, row_count, extract(epoch FROM sealed_at)::text,
    root, previous, hash, sealed_at
FROM audit_seal ORDER BY seq
"""


class Link(NamedTuple):
    """A seal as it stands in the chain."""

    seq: int
    from_xid: int
    until_xid: int
    horizon_xid: int
    row_count: int
    sealed_epoch: str
    root: bytes
    previous: bytes
    digest: bytes
    sealed_at: datetime


class Batch(NamedTuple):
    """The rows under one seal as they are now."""

    row_count: int = 0
    root: bytes = b""
    altered: Sequence[int] | None = None
    altered_count: int = 0
    misdated: Sequence[int] | None = None
    misdated_count: int = 0


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the trail is not as it was written."""

    what: str
    seal: int | None
    rows: Sequence[int] = ()
    count: int = 0


@dataclass(slots=True)
class Report:
    """What the check found."""

    rows: int = 0
    unsealed: int = 0
    seals: int = 0
    head: str = ""
    breaks: list[Break] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.breaks

    def as_dict(self) -> dict[str, object]:
        return {"whole": self.whole, **asdict(self)}


def check_trail(*, anchors: Sequence[str] = ()) -> Report:
    """Read the whole trail and every seal; `anchors` are heads (`seq:hash`) kept elsewhere.

    Runs under a context that may read the trail; without one the trail is empty.
    """
    with connection.cursor() as cursor:
        cursor.execute(CHAIN)
        chain = [Link(*row) for row in cursor.fetchall()]
        cursor.execute(
            BATCHES,
            {
                "untils": [link.until_xid for link in chain],
                "horizons": [link.horizon_xid for link in chain],
                "moments": [link.sealed_at for link in chain],
            },
        )
        batches = {row[0]: Batch(*row[1:]) for row in cursor.fetchall()}
    return Report(
        rows=sum(batch.row_count for batch in batches.values()),
        unsealed=batches.get(len(chain), Batch()).row_count,
        seals=len(chain),
        head=f"{chain[-1].seq}:{chain[-1].digest.hex()}" if chain else "",
        breaks=[
            *_breaks_in_chain(chain),
            *_breaks_in_rows(chain, batches),
            *_breaks_from_anchors(chain, anchors),
        ],
    )


def _breaks_in_chain(chain: Sequence[Link]) -> Iterator[Break]:
    previous, until = b"", 0
    for number, link in enumerate(chain, start=1):
        if (link.seq, link.from_xid, link.previous) != (number, until, previous):
            yield Break("the chain of seals is broken", link.seq)
        facts = "|".join(map(str, link[:6]))
        if hashlib.sha256(link.previous + facts.encode() + link.root).digest() != link.digest:
            yield Break("a seal was changed", link.seq)
        previous, until = link.digest, link.until_xid


def _breaks_in_rows(chain: Sequence[Link], batches: Mapping[int, Batch]) -> Iterator[Break]:
    for index, link in enumerate(chain):
        batch = batches.get(index, Batch())
        if batch.row_count != link.row_count:
            difference = abs(batch.row_count - link.row_count)
            yield Break("rows are missing or were added", link.seq, count=difference)
        elif batch.root != link.root:
            yield Break("rows were changed", link.seq)
    for index, batch in sorted(batches.items()):
        seq = chain[index].seq if index < len(chain) else None
        if batch.altered:
            yield Break("rows do not match their own hash", seq, batch.altered, batch.altered_count)
        if batch.misdated:
            yield Break("rows bear a false time", seq, batch.misdated, batch.misdated_count)


def _breaks_from_anchors(chain: Sequence[Link], anchors: Sequence[str]) -> Iterator[Break]:
    heads = {link.seq: link.digest.hex() for link in chain}
    for anchor in anchors:
        seq, _, digest = anchor.partition(":")
        if int(seq) not in heads:
            yield Break("the end was cut off: the anchored seal is gone", int(seq))
        elif heads[int(seq)] != digest.lower():
            yield Break("the chain was written anew: the anchored seal differs", int(seq))
