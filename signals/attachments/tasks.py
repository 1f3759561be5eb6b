"""Making the files of signals anew outside the request; see referral.files.tasks."""

from celery import shared_task

from referral.files import tasks
from signals.attachments.actions import ATTACHMENTS


@shared_task
def rebuild_waiting() -> None:
    tasks.rebuild_waiting(ATTACHMENTS)


@shared_task
def sweep_attachments() -> None:
    tasks.sweep(ATTACHMENTS)
