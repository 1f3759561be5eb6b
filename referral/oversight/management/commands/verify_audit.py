"""Is the audit trail as it was written? Exit code 1 when it is not."""

import json
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from referral.access.context import acting, service
from referral.audit.rules import Report, check_trail
from referral.organisations.roles import Role


def anchor(text: str) -> str:
    if not re.fullmatch(r"\d+:[0-9a-fA-F]{64}", text):
        raise ArgumentTypeError("an anchor is SEQ:HASH, as in the log and in the daily mail")
    return text


class Command(BaseCommand):
    help = "Check every row, every seal and the chain; name breaks and end with 1 if there are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="the report for a machine")
        parser.add_argument(
            "--anchor",
            action="append",
            default=[],
            type=anchor,
            metavar="SEQ:HASH",
            help="a head that was kept elsewhere; only this finds a trail whose end was cut off",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        sealer = service(Role.SERVICE_SEALER)
        with acting(sealer, purpose="checking the audit trail"), transaction.atomic():
            report = check_trail(anchors=options["anchor"])
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict()))
        else:
            self._tell(report)
        if not report.whole:
            sys.exit(1)

    def _tell(self, report: Report) -> None:
        self.stdout.write(
            f"{report.rows} rows under {report.seals} seals, {report.unsealed} not yet sealed;"
            f" head {report.head or 'none'}"
        )
        for found in report.breaks:
            rows = ", ".join(map(str, found.rows))
            self.stdout.write(
                f"BROKEN at seal {found.seal or '(none yet)'}: {found.what}"
                + (f", {found.count} rows" if found.count else "")
                + (f" ({rows})" if rows else "")
            )
        if report.whole:
            self.stdout.write("The trail is whole.")
