import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from referral.demo.cast import COLLEAGUES


class Command(BaseCommand):
    help = "List the fictitious colleagues behind the demo door."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        rows = [{"slug": c.slug, "name": c.full_name, "role": c.role.value} for c in COLLEAGUES]
        if options["json"]:
            self.stdout.write(json.dumps(rows))
            return
        for row in rows:
            self.stdout.write(f"{row['slug']:<16} {row['role']:<16} {row['name']}")
