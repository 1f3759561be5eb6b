"""How many places of which type keep the wait for one under some days."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from shelters.models import ShelterType
from shelters.simulation.rules import Demand, Outcome, chart, enough, simulate

#: What categorical shelter is meant for, at most (domain model 2.3, source F18), is 90 days.
STAY = 75.0


class Command(BaseCommand):
    help = (
        "Simulates arrivals and waiting, for the yearly talks on capacity. For example:"
        " simulate_shelter --months 12 --arrivals cosm=14 omm=5 --beds cosm=25:45 omm=10:30"
        " --stay omm=120 --under 2 --chart wait.svg"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--months", type=int, default=12)
        parser.add_argument(
            "--arrivals", nargs="+", required=True, metavar="TYPE=N", help="people a month"
        )
        parser.add_argument(
            "--beds", nargs="+", required=True, metavar="TYPE=FROM:TO", help="numbers of places"
        )
        parser.add_argument(
            "--stay", nargs="+", default=[], metavar="TYPE=DAYS", help=f"days on average ({STAY:g})"
        )
        parser.add_argument("--under", type=float, default=2.0, help="days that a wait may last")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--chart", type=Path, help="a file for the chart, as SVG")

    def handle(self, *_args: Any, **options: Any) -> None:
        arrivals = self._numbers(options["arrivals"])
        stays = self._numbers(options["stay"])
        beds = self._ranges(options["beds"])
        if arrivals.keys() != beds.keys():
            raise CommandError("--arrivals and --beds must name the same types")
        if not 1 <= options["months"] <= 120 or options["under"] <= 0:
            raise CommandError("--months is 1 to 120, --under more than 0")
        found: list[Outcome] = []
        for kind, a_month in arrivals.items():
            demand = Demand(type=kind, a_month=a_month, stay_days=stays.get(kind, STAY))
            outcomes = simulate(
                demand,
                beds=beds[kind],
                months=options["months"],
                days=options["under"],
                seed=options["seed"],
            )
            self._tell(outcomes, options["under"])
            found += outcomes
        if options["chart"]:
            labels = {kind: kind.upper() for kind in arrivals}
            drawn = chart(found, labels, days=options["under"])
            context = {"chart": drawn, "words": self._words(options)}
            options["chart"].write_text(render_to_string("simulation/chart.svg", context))

    def _words(self, options: dict[str, Any]) -> dict[str, str]:
        return {
            "title": _("Wait for a place by the number of places"),
            "description": _(
                "Days that nine in ten wait at most, simulated over %(months)d months. The dashed"
                " line is what is asked: %(days)g days."
            )
            % {"months": options["months"], "days": options["under"]},
            "up": _("Days of waiting, nine in ten"),
            "across": _("Places"),
        }

    def _tell(self, outcomes: list[Outcome], days: float) -> None:
        self.stdout.write(f"\n{outcomes[0].type.upper()}")
        heads = (
            _("Places"), _("Median days"), _("Nine in ten"), _("Within %g days") % days,
            _("Occupied"),
        )  # fmt: skip
        self.stdout.write("  ".join(f"{head:>14}" for head in heads))
        for one in outcomes:
            cells = (
                str(one.beds), number_format(one.median, 1), number_format(one.p90, 1),
                f"{one.within:.0%}", f"{one.occupied:.0%}",
            )  # fmt: skip
            self.stdout.write("  ".join(f"{cell:>14}" for cell in cells))
        best = enough(outcomes, days=days)
        self.stdout.write(
            _("%(beds)d places are enough: nine in ten wait %(days)g days at most.")
            % {"beds": best.beds, "days": days}
            if best
            else _("None of these numbers is enough.")
        )

    def _numbers(self, given: list[str]) -> dict[str, float]:
        try:
            found = {kind: float(number) for kind, number in self._pairs(given)}
        except ValueError as error:
            raise CommandError(f"write TYPE=NUMBER, not {' '.join(given)}") from error
        if any(number <= 0 for number in found.values()):
            raise CommandError("numbers are more than 0")
        return found

    def _ranges(self, given: list[str]) -> dict[str, range]:
        try:
            found = {
                kind: range(int(first), int(last) + 1)
                for kind, (first, last) in (
                    (kind, ends.split(":")) for kind, ends in self._pairs(given)
                )
            }
        except ValueError as error:
            raise CommandError(f"write TYPE=FROM:TO, not {' '.join(given)}") from error
        if any(not numbers or numbers[0] < 1 for numbers in found.values()):
            raise CommandError("numbers of places begin at 1 and go up")
        return found

    def _pairs(self, given: list[str]) -> list[tuple[str, str]]:
        found = []
        for one in given:
            kind, _sign, rest = one.partition("=")
            if kind not in set(ShelterType):
                raise CommandError(f"{kind} is no type; one of {', '.join(ShelterType)}")
            found.append((kind, rest))
        return found
