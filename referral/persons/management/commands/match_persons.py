"""Lay two lists of persons beside each other: who of the one may be who of the other."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from referral.persons.rules import KnownPersons, Line, SheetRefused, read_sheet

HEADER = ["query_id", "known_id", "rank", "score", "reasons"]


class Command(BaseCommand):
    help = (
        "Print, as CSV, for each person of QUERIES who of KNOWN may be the same, with a score"
        " (0 to 100) and the reasons. Keys, score and threshold are those of the application's own"
        " duplicate search. Both lists are read into memory and compared there: nothing is read"
        " from the database, nothing is written to it, and nothing of the lists stays behind."
        " Columns, in any order and by their usual English or Dutch names: id; name, or given"
        " names and family name; aliases; birth date; phone; V-number; BSN; numbers (of any kind)."
        " Birth dates may be a day, a month, a year or two years (1988-1994). With the year first"
        " they are year, month, day; otherwise day, month, year, unless the column shows that it"
        " has the month first."
    )
    # A list is compared without a database: its migrations do not matter.
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("known", metavar="KNOWN.csv", type=Path)
        parser.add_argument("queries", metavar="QUERIES.csv", type=Path)
        parser.add_argument("--most", type=int, default=3, help="candidates a query (3)")
        parser.add_argument("--language", choices=["en", "nl"], default="en", help="of the reasons")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        known = KnownPersons(self.lines_of(options["known"]))
        queries = self.lines_of(options["queries"])
        written = csv.writer(self.stdout, lineterminator="\n")
        written.writerow(HEADER)
        with override(options["language"]):
            for query in queries:
                found = known.like(query.facts)[: options["most"]]
                written.writerows(
                    [query.id, one, rank, likeness.score, "; ".join(likeness.reasons)]
                    for rank, (one, likeness) in enumerate(found, start=1)
                )

    def lines_of(self, path: Path) -> list[Line]:
        """The persons of a file; what is wrong with it in a sentence that begins with its name."""
        try:
            return read_sheet(
                path.read_bytes(), warn=lambda said: self.stderr.write(f"{path}: {said}")
            )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except SheetRefused as error:
            raise CommandError(f"{path}: {error}") from error
