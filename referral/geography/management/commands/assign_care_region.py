"""Put a municipality in another care region, or confirm the presumed one."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations
from django.utils import timezone

from referral.geography.actions import assign_care_region
from referral.geography.models import CareRegion, Municipality
from referral.geography.rules import AssignmentRefused


class Command(BaseCommand):
    help = (
        "From a day on, put a municipality in a care region; the same region confirms what was "
        "presumed. Example: assign_care_region GM0203 CR0202 --valid-from 2027-01-01"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("municipality", help="its code, as GM0203")
        parser.add_argument("care_region", help="its code, as CR0228")
        parser.add_argument(
            "--valid-from", type=date.fromisoformat, help="the first day; otherwise today"
        )

    @no_translations
    def handle(self, *_args: object, **options: Any) -> None:
        try:
            link = assign_care_region(
                Municipality.objects.get(cbs_code=options["municipality"]),
                to=CareRegion.objects.get(code=options["care_region"]),
                valid_from=options["valid_from"] or timezone.localdate(),
                by=None,
                at=timezone.now(),
            )
        except Municipality.DoesNotExist as error:
            raise CommandError(f"There is no municipality {options['municipality']}.") from error
        except CareRegion.DoesNotExist as error:
            raise CommandError(f"There is no care region {options['care_region']}.") from error
        except AssignmentRefused as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(
            f"{link.municipality} is in care region {link.care_region} since {link.valid.lower}."
        )
