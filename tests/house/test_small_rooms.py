"""A file fits in one reading; a room keeps to its floor plan; nothing points outside the house."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
]
READ = [
    path
    for path in TRACKED
    if path.suffix in {".py", ".html", ".css", ".js"}
    and not {"migrations", "locale"} & set(path.parts)
    and path.exists()
]
MIGRATIONS = [p for p in TRACKED if "migrations" in p.parts and p.name[:4].isdigit()]
LIMIT = 400
#: Left for later, in words. Built from parts, so that this file does not find itself.
LATER = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b")


def names(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def test_a_file_fits_in_one_reading():
    assert names(p for p in READ if len(p.read_text().splitlines()) >= LIMIT) == []


def test_nothing_is_left_for_later():
    assert names(p for p in READ if LATER.search(p.read_text())) == []


def test_a_migration_says_what_it_does():
    assert names(p for p in MIGRATIONS if "_auto_" in p.name or p.stem[5:] == "initial") == []


def test_a_migration_makes_its_tables_quickly():
    """`makemigrations` writes `migrations.CreateModel`: say `NewTable` (referral.lib.tables)."""
    assert names(p for p in MIGRATIONS if "migrations.CreateModel(" in p.read_text()) == []


def test_migrations_of_a_room_follow_one_line():
    rooms: dict[Path, list[str]] = {}
    for path in MIGRATIONS:
        rooms.setdefault(path.parent, []).append(path.name[:4])
    for room, numbers in rooms.items():
        assert sorted(numbers) == [f"{n:04}" for n in range(1, len(numbers) + 1)], room
