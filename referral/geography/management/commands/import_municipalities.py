"""Bring the map up to date with an official list."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations
from django.utils import timezone

from referral.geography.actions import apply_municipality_list
from referral.geography.forms import read_municipalities, read_successors
from referral.geography.rules import (
    Difference,
    ListRefused,
    MunicipalityList,
    difference,
    read_map,
)


class Command(BaseCommand):
    help = (
        "Show what an official CBS list of municipalities changes on the map; --apply writes it. "
        "The list is a CSV file in UTF-8 with the columns Gemeentecode, Gemeentenaam and "
        "Provinciecode; for a new municipality Veiligheidsregiocode and Centrumgemeentecode may "
        "be added."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the list, as CSV in UTF-8")
        parser.add_argument(
            "--valid-from",
            type=date.fromisoformat,
            help="the first day of this list, as 2027-01-01; otherwise 1 January of this year",
        )
        parser.add_argument(
            "--successors", type=Path, help="a CSV file: old code; the code that takes its place"
        )
        parser.add_argument("--apply", action="store_true", help="write; otherwise only show")

    @no_translations
    def handle(self, *_args: object, **options: Any) -> None:
        try:
            new = self._read(options)
            if options["apply"]:
                changes = apply_municipality_list(new, by=None, at=timezone.now())
            else:
                changes = difference(new, read_map())
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        except ListRefused as refusal:
            raise CommandError("\n".join(["Nothing was changed.", *refusal.messages])) from refusal

        for line in sentences(changes):
            self.stdout.write(line)
        self.stdout.write(self._conclusion(changes, new.valid_from, applied=options["apply"]))

    def _read(self, options: dict[str, Any]) -> MunicipalityList:
        successors: Path | None = options["successors"]
        return MunicipalityList(
            municipalities=read_municipalities(options["file"].read_bytes()),
            valid_from=options["valid_from"] or timezone.localdate().replace(month=1, day=1),
            successors=read_successors(successors.read_bytes()) if successors else {},
        )

    def _conclusion(self, changes: Difference, day: date, *, applied: bool) -> str:
        if not changes:
            return f"The map of {day} already is as this list says."
        if applied:
            return f"Written: the map follows this list from {day}."
        return f"Nothing was changed. With --apply the map follows this list from {day}."


def sentences(changes: Difference) -> Iterator[str]:
    """The difference, one line for each municipality that it touches."""
    for opening in changes.opened:
        presumed = " (presumed)" if opening.care_region_is_inferred else ""
        yield (
            f"new      {opening.listed}: {opening.listed.province_code}, "
            f"{opening.safety_region_code}, {opening.care_region_code}{presumed}"
        )
    for municipality in changes.ended:
        successor = changes.successors.get(municipality.cbs_code, "no successor named")
        yield f"gone     {municipality.name} ({municipality.cbs_code}): {successor}"
    for move in changes.moved:
        before, after = move.municipality, move.listed
        if move.is_renamed:
            yield f"renamed  {before.name} ({before.cbs_code}): {after.name}"
        if move.is_moved:
            yield (
                f"moved    {after}: {before.province_id} {before.safety_region_id} to "
                f"{after.province_code} {after.safety_region_code or before.safety_region_id}"
            )
    ended = {municipality.cbs_code for municipality in changes.ended}
    for code, successor in changes.successors.items():
        if code not in ended:
            yield f"heir     {code}: {successor}"
