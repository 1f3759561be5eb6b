"""Names as a search sees them: folded to plain letters, cut into words, and by their sound."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

#: Words between names that people leave out, add and misplace (tussenvoegsels and their kin).
PARTICLES = frozenset(
    [
        "van",
        "de",
        "der",
        "den",
        "het",
        "t",
        "te",
        "ten",
        "ter",
        "op",
        "aan",
        "bij",
        "in",
        "s",
        "von",
        "zu",
        "la",
        "le",
        "du",
        "da",
        "dos",
        "el",
        "al",
        "ul",
        "bin",
        "ibn",
        "bint",
        "ben",
        "abu",
        "bou",
        "ait",
    ]
)

# ISO 9 without its accents, near enough to Bulgarian, Ukrainian and Russian passports.
CYRILLIC = dict(zip("абвгдезийклмнопрстуфхыэіїєґё", "abvgdezijklmnoprstufhyeiiege", strict=True))
CYRILLIC |= {"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ю": "yu", "я": "ya"}
CYRILLIC |= {"ъ": "", "ь": ""}
GREEK = dict(zip("αβγδεζηικλμνξοπρστυφω", "avgdezhiklmnxoprstyfo", strict=True)) | {
    "θ": "th",
    "χ": "ch",
    "ψ": "ps",
    "ς": "s",
}
LATIN = {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ı": "i", "ð": "d"}
#: The letters before this one are Latin, Greek and Cyrillic, and their accents.
FIRST_FOREIGN = "\u0530"
LETTERS = str.maketrans(CYRILLIC | GREEK | LATIN | {"þ": "th"})

# Spellings of one sound, in this order. Written for names as Dutch officials hear them: Dutch
# spellings first, then the neighbours' (Polish sz, cz; Arabic kh, dj).
SOUNDS = [
    (re.compile(pattern), letters)
    for pattern, letters in (
        (r"ij|ei|ey|ay|ai", "y"),
        (r"^(c|k)h(?=[rl])", "k"),
        (r"sch|tsch|tsj|tch|cz|sz|sh|sj|zh|dzj|dj|dz|ts|tz", "s"),
        (r"ph", "f"),
        (r"ch|kh|gh", "h"),
        (r"(?<=[aeiouy])uw|(?<=[aeiouy])w(?![aeiouy])", "u"),
        (r"th|dt|d", "t"),
        (r"c(?=[eiy])|z|ç", "s"),
        (r"c|q", "k"),
        (r"x", "ks"),
        (r"v|w", "f"),
        (r"b$", "p"),
    )
]
# How English and French, and so Nigerian and Arabic papers, write a sound, and how Dutch does.
FOREIGN = {"ch": "sj", "kh": "ch", "gh": "g", "dj": "dzj", "j": "dzj", "kwu": "ku"}
FOREIGN_SOUND = re.compile("|".join(FOREIGN))
UNHEARD = re.compile(r"(?<=.)[aeiouyhj]")
REPEATED = re.compile(r"(.)\1+")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Small plain Latin letters, whatever the script: no accents, no capitals.

    Cyrillic and Greek go by the tables above, as passports write them; other scripts by anyascii.
    """
    # The tables know й and ї whole, so they go before the accents do; ή only without, so again.
    text = unicodedata.normalize("NFKC", text).casefold().translate(LETTERS)
    text = "".join(map(_in_latin, text))
    text = unicodedata.normalize("NFKD", text)
    plain = "".join(
        letter if unicodedata.category(letter)[0] in "LM" else " "
        for letter in text
        if letter not in "'’`ʼ" and not _is_accent(letter)
    )
    return " ".join(plain.translate(LETTERS).split())


def _in_latin(letter: str) -> str:
    """A letter of a script without a table here; a Chinese character is a word of its own."""
    if letter < FIRST_FOREIGN or unicodedata.category(letter)[0] not in "LM":
        return letter
    latin = anyascii(letter).casefold()
    return f" {latin} " if unicodedata.name(letter, "").startswith("CJK") else latin


def _is_accent(letter: str) -> bool:
    return "\u0300" <= letter <= "\u036f"


def words(text: str) -> list[str]:
    """The words of a name in their order, without particles; all of them if nothing is left."""
    found = fold(text).split()
    return [word for word in found if word not in PARTICLES] or found


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """What is heard of a folded word: its first letter's sound and the consonants after it.

    An empty result is possible only for an empty word.
    """
    heard = REPEATED.sub(r"\1", word)
    for pattern, letters in SOUNDS:
        heard = pattern.sub(letters, heard)
    if heard.startswith("h"):
        heard = heard[1:] or heard
    if heard[:1] in "aeiouyj":
        heard = "a" + heard[1:]
    return REPEATED.sub(r"\1", UNHEARD.sub("", heard)) or word[:1]


def sounds(text: str) -> list[str]:
    return [sound(word) for word in words(text)]


def readings(text: str) -> set[str]:
    """Whole names by their sound, words sorted: as Dutch spells them, and as English and French do.

    The same ch is heard in Chadidja and Chinedu as two sounds; who wrote the name down is not
    known. Equal in one reading is enough; a name of no words has none.
    """
    found = words(text)
    heard = (found, [FOREIGN_SOUND.sub(_as_dutch, word) for word in found])
    return {" ".join(sorted(map(sound, each))) for each in heard if found}


def _as_dutch(spelled: re.Match[str]) -> str:
    return FOREIGN[spelled[0]]
