"""Bring the library of indicators in line with the facts that are written in signals/facts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from signals.facts import Rewritten, facts, load
from signals.models import Indicator


class Command(BaseCommand):
    help = "Load new versions of indicators, as the owner. May be run at any time."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        try:
            new = load(Indicator.objects, facts())
        except Rewritten as error:
            raise CommandError(f"{error} Write a new version in signals/facts.") from error
        if options["verbosity"]:
            self.stdout.write(f"{new} new versions of indicators.")
