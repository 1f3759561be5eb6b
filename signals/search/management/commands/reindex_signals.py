"""Make the search index anew, from the signals themselves."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from signals.search import actions


class Command(BaseCommand):
    help = "Index every signal again. May be run at any time, also while a worker does the same."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        with acting(service(Role.SERVICE_RELAY), purpose="search index") as relay:
            marked = actions.mark_all_stale(by=relay, at=timezone.now())
            taken = 0
            while part := actions.index_changes(by=relay, at=timezone.now()):
                taken += part
        self.stdout.write(f"{marked} signals, {taken} changes taken in")
