"""python -m bench: make or find the country, run the gates, print and keep what was measured."""

import logging
import os
import platform
import sys
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

RESULTS = Path(__file__).parent / "results.md"
MILLION = 1_000_000


def arguments() -> Namespace:
    """What was asked for."""
    parser = ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--size", type=int, default=MILLION, help="cases in the country")
    parser.add_argument("--only", nargs="+", metavar="GATE", help="these gates alone")
    parser.add_argument("--json", action="store_true", help="one line a gate, for a machine")
    return parser.parse_args()


def main() -> int:
    """1 when a gate is broken."""
    asked = arguments()
    prepare(asked.size)
    os.environ["API_REQUESTS"] = "1000000"  # as many as can be measured, here and in the server
    # Django must know the database first.
    from bench.run import run, unknown  # noqa: PLC0415

    if names := unknown(asked.only or []):
        print(f"there is no gate {', '.join(names)}", file=sys.stderr)
        return 2
    begin = time.monotonic()
    measured = run(asked.size, only=asked.only, tell=not asked.json)
    if asked.json:
        print("\n".join(one.as_json() for one in measured))
    if not asked.only:
        made = (
            f"Written by `python3 dev.py bench --size {asked.size}`: {asked.size} cases,"
            f" {os.cpu_count()} cores, Python {platform.python_version()},"
            f" {time.monotonic() - begin:.0f} s in all. Read the ratios."
        )
        lines = [
            "# Gates",
            "",
            made,
            "",
            "| gate | measured | limit | unit | holds | about |",
            "|---|---|---|---|---|---|",
            *(one.as_row() for one in measured),
        ]
        RESULTS.write_text("\n".join(lines) + "\n")
    return 0 if all(one.holds for one in measured) else 1


def prepare(size: int) -> None:
    """A database for this size beside the given one: what lies there is never touched."""
    from bench.database import make_database, named  # noqa: PLC0415

    given = os.environ["DATABASE_URL"]
    name = f"baken_bench_{size}"
    make_database(given, name)
    os.environ |= {"BENCH_GIVEN_URL": given, "DATABASE_URL": named(given, name)}
    os.environ["DATABASE_ROLE"] = ""
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    logging.disable(logging.INFO)
    call_command("up")


if __name__ == "__main__":
    sys.exit(main())
