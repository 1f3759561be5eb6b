"""Every sentence of the pages is there in Dutch, with the same values filled in."""

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tools import words


@pytest.fixture(scope="module")
def dutch() -> dict[words.Identity, Message]:
    return words.by_identity(words.kept())


def forms(message: Message) -> tuple[list[str], list[str]]:
    """The sentence and its translation, in each number."""
    english, translated = (
        [said] if isinstance(said, str) else list(said) for said in (message.id, message.string)
    )
    return english, translated


def test_every_sentence_is_there_in_dutch():
    assert sorted(words.identity(message)[1] for message in words.missing()) == []


def test_no_translation_is_a_guess(dutch):
    assert [key for key, message in dutch.items() if message.fuzzy] == []


def test_a_translation_fills_in_the_same_values(dutch):
    differing = []
    for key, message in dutch.items():
        english, translated = forms(message)
        wanted = words.places(english[-1])
        # One thing may be named without its number.
        for n, text in enumerate(translated):
            allowed = wanted if n or len(english) == 1 else words.places(english[0])
            if words.places(text) not in (wanted, allowed):
                differing.append(key)

    assert differing == []


def test_python_and_templates_are_both_read():
    found = words.by_identity(words.found())

    assert (None, "This page does not exist") in found  # a template
    assert (None, "You have accepted this case. Make the first contact.") in found  # Python
    assert (None, "Case opened") in found  # an action of the trail


def test_what_is_new_is_added_and_what_was_there_is_kept(tmp_path, monkeypatch):
    short = tmp_path / "django.po"
    short.write_text(words.HEADER + 'msgid "Case opened"\nmsgstr "Casus geopend"\n')
    monkeypatch.setattr(words, "CATALOGUE", short)

    without = words.write()

    with short.open("rb") as file:
        written: Catalog = read_po(file, locale="nl")
    assert written["Case opened"].string == "Casus geopend"
    assert written["This page does not exist"].string == ""
    assert len(without) == len(words.by_identity(written)) - 1
    before = short.read_bytes()
    words.write()
    assert short.read_bytes() == before


def test_values_are_found_in_each_way_of_writing_them():
    assert words.places("%(name)s has {count} of 50%% and %d") == {"%(name)s", "{count}", "%d"}
