"""Countries (ISO 3166-1 alpha-2) and languages (ISO 639), with their names from CLDR (Babel)."""

from functools import cache

from babel import Locale

# In CLDR, but no country: unions, islands that belong to another code, codes for testing.
NO_COUNTRY = frozenset(
    ["EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"]
)


@cache
def names(language: str) -> dict[str, str]:
    """Code → name in "nl" or "en"."""
    territories = Locale(language).territories
    return {
        code: name
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in NO_COUNTRY
    }


CODES = frozenset(names("en"))


def choices(language: str) -> list[tuple[str, str]]:
    """Code and name, in the order of the names."""
    return sorted(names(language).items(), key=lambda country: country[1].casefold())


@cache
def languages(language: str) -> dict[str, str]:
    """Code (ISO 639) → name of the language in "nl" or "en", with a capital."""
    return {code: name[:1].upper() + name[1:] for code, name in Locale(language).languages.items()}


#: The languages that interpreters are asked for most.
SPOKEN = ["nl", "en", "pl", "ro", "bg", "hu", "es", "pt", "fr", "de", "uk", "ru", "ar", "ti",
          "so", "vi", "zh", "th", "tr", "sq", "it", "yo", "ig", "am", "fa"]  # fmt: skip


def spoken(language: str) -> list[tuple[str, str]]:
    """Code and name of the languages that are asked for most, in the order of the names."""
    known = languages(language)
    return sorted(((code, known[code]) for code in SPOKEN), key=lambda pair: pair[1])
