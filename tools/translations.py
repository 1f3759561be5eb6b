"""Compiles the translations, without the gettext package: python -m tools.translations."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tools.paths import ROOT


def compile_all() -> list[Path]:
    """Write each .mo file that is older than its .po file, and return those written."""
    written = []
    for source in sorted(ROOT.glob("*/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as words:
            catalogue = read_po(words, locale=source.parent.parent.name)
        unfinished = target.with_suffix(".mo.new")
        with unfinished.open("wb") as out:
            write_mo(out, catalogue)
        unfinished.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    for path in compile_all():
        print(path.relative_to(ROOT))
