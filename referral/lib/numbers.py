"""Dutch numbers that identify a person: how they are written, and when they are right."""

import re

_NOT_A_DIGIT = re.compile(r"[\s.\-()/]")
WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def digits(text: str) -> str:
    """The text without the spaces, dots and dashes that people put between digits."""
    return _NOT_A_DIGIT.sub("", text)


def is_bsn(text: str) -> bool:
    """Nine digits that pass the eleven-test (elfproef) of the citizen service number."""
    if not (text.isascii() and text.isdigit() and len(text) == 9) or text == "000000000":
        return False
    return sum(w * int(d) for w, d in zip(WEIGHTS, text, strict=True)) % 11 == 0


def is_v_number(text: str) -> bool:
    """The number of the immigration service: ten digits, no check digit."""
    return text.isascii() and text.isdigit() and len(text) == 10


def phone(text: str) -> str:
    """The number as +country and digits (E.164); empty when it is none. 06… is Dutch."""
    number = digits(text)
    if number.startswith("00"):
        number = "+" + number[2:]
    elif re.fullmatch(r"0[1-9]\d{8}", number):
        number = "+31" + number[1:]
    return number if re.fullmatch(r"\+[1-9]\d{6,14}", number) else ""
