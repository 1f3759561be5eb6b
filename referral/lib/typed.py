"""What somebody typed in a form and did not send, as it is kept."""

from collections.abc import Mapping

#: As a form sends it: each name with its values, in their order.
Typed = Mapping[str, list[str]]
#: All values together; a form of the house is far below it.
LARGEST = 200_000


def is_too_long(answers: Typed) -> bool:
    return sum(len(name) + sum(map(len, values)) for name, values in answers.items()) > LARGEST


def differences(mine: Typed, kept: Typed) -> list[str]:
    """The names of the questions that were answered differently, in the order of the page."""
    return [name for name in dict.fromkeys([*mine, *kept]) if mine.get(name) != kept.get(name)]
