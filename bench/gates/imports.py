"""How fast a file of signals comes in, through the same checks as the form."""

import secrets
from collections.abc import Iterator
from random import Random

from django.db import transaction
from django.utils import timezone

from bench.country import Country
from bench.gate import Measured, gate, milliseconds
from referral.access.context import acting
from signals.actions import order_import
from signals.facts import layouts
from signals.models import ImportBatch
from signals.rules import read_layout
from signals.tasks import take_in

ROWS = 5000
COLUMNS = read_layout(layouts()[0].content).columns
ANSWERS = {
    "yearRegister": ("2014", "2018", "2021", "2014-2018"),
    "gender": ("Male", "Female", ""),
    "majorityStatus": ("Adult", "Minor", ""),
    "isForcedLabour": ("1", ""),
    "isSexualExploit": ("1", ""),
    "UN_COE_Region": ("Africa", "Asia", "Europe", ""),
}


def file_of(rows: int) -> bytes:
    """A synthetic file: no row of it was ever imported before."""
    random, mark = Random(rows), secrets.token_hex(8)
    lines = [",".join(COLUMNS)]
    for number in range(rows):
        cells = [random.choice(ANSWERS.get(column, ("",))) for column in COLUMNS]
        cells[-1] = f"{mark} {number}"
        lines.append(",".join(cells))
    return ("\n".join(lines) + "\n").encode()


@gate("import")
def import_of_a_file(country: Country) -> Iterator[Measured]:
    """Checked whole, then taken in part by part, each committed."""
    rows = min(ROWS, country.size)
    content, who = file_of(rows), country.importer
    with acting(who, purpose="bench"):
        with transaction.atomic():
            batch = order_import(
                lambda: [content],
                file_name="bench.csv",
                profile="ctdc",
                by=who,
                at=timezone.now(),
            )
        seconds = milliseconds(lambda: take_in(batch.pk, by=who)) / 1000
        with transaction.atomic():
            done = ImportBatch.objects.visible_to(who).get(pk=batch.pk)
    shown = f"{done.accepted} accepted, {done.refused} refused of {rows} in {seconds:.1f} s"
    yield Measured("import", rows / seconds, 500, "rows/s", at_least=True, detail=shown)
    yield Measured("rows of the import without outcome", rows - done.accepted - done.refused, 0,
                   "rows")  # fmt: skip
