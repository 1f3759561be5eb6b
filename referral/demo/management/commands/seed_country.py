"""Make a fictitious country that adds up to the published figures."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from referral.demo.country.calendar import calendar_year
from referral.demo.country.figures import YEARS
from referral.demo.country.organisations import read_country, working
from referral.demo.country.progress import Progress
from referral.demo.country.story import Plan, make_years, work_of
from signals.models import Signal


def years(words: str) -> tuple[int, ...]:
    """`2012-2024` or `2020`. Raises ArgumentTypeError outside the published years."""
    first, dash, last = words.partition("-")
    try:
        found = tuple(range(int(first), int(last if dash else first) + 1))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{words!r} is not a year or 2012-2024") from error
    if not found or not set(found) <= YEARS.keys():
        raise argparse.ArgumentTypeError(f"figures were published for {min(YEARS)}-{max(YEARS)}")
    return found


class Command(BaseCommand):
    help = "Make a fictitious country on the published figures (see referral/demo/country)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--years", type=years, default=(2024,), help="2012-2024 or one year")
        parser.add_argument("--scale", type=float, default=1, help="1 is the real size")
        parser.add_argument("--seed", type=int, default=1, help="another seed, other people")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        if is_settled():
            raise CommandError("There is a country already. Begin with an empty database.")
        plan = Plan(
            years=tuple(calendar_year(year) for year in options["years"]),
            scale=options["scale"],
            seed=options["seed"],
            until=timezone.now(),
        )
        progress = Progress(sys.stderr, total=work_of(plan))
        with seldom_collecting():
            made = make_years(plan, progress)
        progress.end(", ".join(f"{count} {name}" for name, count in made.items()))


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Look less often for objects that hold one another.

    The rows of a year are few large lists and hardly any rings; to look through them again and
    again, as Python does after each 700 new objects, takes a tenth of the time.
    """
    usual = gc.get_threshold()
    gc.set_threshold(50_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def is_settled() -> bool:
    """Whether signals have been sent here already."""
    analysts = read_country().analysts
    if not analysts:
        return False
    with working(analysts[0]):
        return Signal.objects.visible_to(analysts[0]).exists()
