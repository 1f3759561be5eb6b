"""The small country of the demo: the last 365 days, enough of everything, and sealed figures."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils import timezone

from referral.demo.country.calendar import year_until
from referral.demo.country.corrected import correct_some
from referral.demo.country.deliberation import hold_meetings
from referral.demo.country.destroyed import destroy_some
from referral.demo.country.emergencies import open_some_in_emergency
from referral.demo.country.families import link_a_family
from referral.demo.country.figures import YEARS
from referral.demo.country.linked import link_some
from referral.demo.country.moved import move_some
from referral.demo.country.organisations import Country, read_country
from referral.demo.country.papers import keep_papers
from referral.demo.country.partner_files import keep_partner_mapping
from referral.demo.country.partners import enrich_and_forward
from referral.demo.country.planned import plan_care
from referral.demo.country.progress import Progress
from referral.demo.country.publications import publish
from referral.demo.country.referred import refer_some
from referral.demo.country.residences import keep_residence
from referral.demo.country.rights import ask_some_rights, carry_out_some
from referral.demo.country.same import report_some_twice, say_what_is_safe
from referral.demo.country.searches import keep_searches
from referral.demo.country.settled import settle_some
from referral.demo.country.stayed import follow_some_stays
from referral.demo.country.story import Plan, make_years, work_of
from referral.demo.country.systems import add_demo_system
from referral.demo.country.tabled import call_some_tables, subscribe_to_calendar
from referral.demo.country.today import fill_today
from referral.demo.country.unsent import begin_a_note
from referral.demo.management.commands.seed_country import is_settled
from reporting.rules import quarter_before

SCALE = 0.05


class Command(BaseCommand):
    help = "Fill an empty demo; does nothing when it has been filled before."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=float, default=SCALE, help="1 is the real size")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        if is_settled():
            return
        now = timezone.now()
        today = timezone.localdate(now)
        plan = Plan(
            years=(year_until(today, figures=max(YEARS)),),
            scale=options["scale"],
            seed=1,
            until=now,
        )
        progress = Progress(sys.stderr, total=work_of(plan))
        made = make_years(plan, progress)
        country = read_country()
        call_command("sync_programmes")
        # The figures are counted first thing; what takes two seconds is to protect and draw them.
        with ThreadPoolExecutor(max_workers=1) as aside:
            figures = aside.submit(publish_figures, country, today=today, at=now)
            fill(country, now=now)
            figures.result()
        progress.end(", ".join(f"{count} {name}" for name, count in made.items()))


def publish_figures(country: Country, *, today: date, at: datetime) -> None:
    """In one release, because a quarter of so small a country would say next to nothing.

    The last whole quarter is left to who tries the demo, since periods may not overlap.
    """
    until, _end = quarter_before(today)
    try:
        publish(country, period_from=today - timedelta(days=364), period_to=until, at=at)
    finally:
        connection.close()  # of this thread


def fill(country: Country, *, now: datetime) -> None:
    """What is on the desks today, and some of everything that is rare."""
    add_demo_system(country, now=now)
    numbers = Random("today")
    fill_today(country, figures=max(YEARS), random=numbers, now=now)
    hold_meetings(country, now=now)
    enrich_and_forward(country, now=now)
    keep_residence(now=now)
    keep_papers(country, now=now)
    refer_some(country, now=now)
    open_some_in_emergency(now=now)
    ask_some_rights(now=now)
    plan_care(country, now=now)
    link_a_family(country, now=now)
    begin_a_note(country, now=now)
    call_some_tables(country, now=now)
    subscribe_to_calendar(country, now=now)
    follow_some_stays(country, now=now)
    move_some(country, now=now)
    keep_searches(country, now=now)
    link_some(country, now=now)
    report_some_twice(country, now=now)
    correct_some(country, now=now)
    settle_some(country, now=now)
    carry_out_some(now=now)
    destroy_some(country, now=now)
    say_what_is_safe(country, now=now)
    keep_partner_mapping(country.readers[0], now=now)
