"""Making documents anew outside the request; see referral.files.tasks."""

from celery import shared_task

from referral.cases.documents.actions import DOCUMENTS
from referral.files import tasks


@shared_task
def rebuild_waiting() -> None:
    tasks.rebuild_waiting(DOCUMENTS)


@shared_task
def sweep_documents() -> None:
    tasks.sweep(DOCUMENTS)
