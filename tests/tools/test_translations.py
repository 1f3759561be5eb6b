"""Translations are compiled without the gettext package, and only when a word changed."""

import gettext
import os

import pytest

from tools import translations

WORDS = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Signal"
msgstr "Signaal"

#, fuzzy
msgid "Guess"
msgstr "Gok"
"""


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    place = tmp_path / "referral/locale/nl/LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "django.po").write_text(WORDS)
    return place / "django.po"


def test_a_source_is_compiled_to_what_gettext_reads(source):
    assert translations.compile_all() == [source.with_suffix(".mo")]
    with source.with_suffix(".mo").open("rb") as compiled:
        words = gettext.GNUTranslations(compiled)
    assert words.gettext("Signal") == "Signaal"
    assert words.gettext("Guess") == "Guess", "an unsure translation is not shown"


def test_an_unchanged_source_is_left_alone(source):
    translations.compile_all()
    assert translations.compile_all() == []
    compiled = source.with_suffix(".mo")
    later = compiled.stat().st_mtime + 1
    os.utime(source, (later, later))
    assert translations.compile_all() == [compiled]
