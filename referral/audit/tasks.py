"""The hours of the trail: sealing, new months, and the anchor that leaves the house."""

import json
import logging

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection

logger = logging.getLogger(__name__)


@shared_task
def seal() -> None:
    """Seal what is no longer in the making; the head goes to the log, and so to another host."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, encode(hash, 'hex'), row_count FROM baken.seal_audit()")
        seq, digest, rows = cursor.fetchone()
    if rows:
        _log_head(seq, digest, rows)


@shared_task
def make_partitions() -> None:
    """Keep the months to come in stock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT baken.make_audit_partitions()")
        made = [name for (name,) in cursor.fetchall()]
    if made:
        logger.info("audit months made: %s", ", ".join(made))


@shared_task
def anchor() -> None:
    """Send the head of the chain to the auditor, who keeps it where nobody here can change it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, encode(hash, 'hex') FROM baken.audit_head()")
        head = cursor.fetchone()
    if head is None or head[0] is None:
        return
    seq, digest = head
    _log_head(seq, digest, 0)
    if settings.AUDITOR_EMAIL:
        EmailMessage(
            subject=f"Baken audit_seal_head {seq}",
            body=f"{seq}:{digest}\n\nmanage.py verify_audit --anchor {seq}:{digest}\n",
            to=[settings.AUDITOR_EMAIL],
        ).send()


def _log_head(seq: int, digest: str, rows: int) -> None:
    logger.info(
        json.dumps({"event": "audit_seal_head", "seq": seq, "hash": digest, "new_rows": rows})
    )
