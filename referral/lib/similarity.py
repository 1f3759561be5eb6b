"""How alike two words are.

Sources: M. A. Jaro, Advances in record-linkage methodology, Journal of the American Statistical
Association 84 (1989) 414-420; W. E. Winkler, String comparator metrics and enhanced decision
rules in the Fellegi-Sunter model of record linkage (1990).
"""

from collections.abc import Callable, Sequence

#: Winkler's weight of a common beginning, and how many letters of it count.
PREFIX_WEIGHT = 0.1
PREFIX_LETTERS = 4


def jaro(a: str, b: str) -> float:
    """Between 0 (nothing in common) and 1 (equal)."""
    if a == b:
        return 1.0
    if not a or not b:
        return 0.0
    reach = max(len(a), len(b)) // 2 - 1
    taken = [False] * len(b)
    of_a = []
    for place, letter in enumerate(a):
        for other in range(max(0, place - reach), min(len(b), place + reach + 1)):
            if not taken[other] and b[other] == letter:
                taken[other] = True
                of_a.append(letter)
                break
    if not of_a:
        return 0.0
    of_b = [letter for letter, used in zip(b, taken, strict=True) if used]
    swapped = sum(x != y for x, y in zip(of_a, of_b, strict=True)) / 2
    common = len(of_a)
    return (common / len(a) + common / len(b) + (common - swapped) / common) / 3


def jaro_winkler(a: str, b: str) -> float:
    """Jaro's measure, nearer to 1 the longer the common beginning."""
    alike = jaro(a, b)
    same = 0
    for x, y in zip(a[:PREFIX_LETTERS], b[:PREFIX_LETTERS], strict=False):
        if x != y:
            break
        same += 1
    return alike + same * PREFIX_WEIGHT * (1 - alike)


def likeness(
    a: Sequence[str], b: Sequence[str], *, alike: Callable[[str, str], float] = jaro_winkler
) -> float:
    """How alike two names are as sets of words: each word with its best counterpart, once.

    A word too many (a second first name) costs a third of what a wrong word costs.
    """
    if not a or not b:
        return 0.0
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    pairs = sorted(
        ((alike(x, y), i, j) for i, x in enumerate(short) for j, y in enumerate(long)),
        reverse=True,
    )
    total, used_short, used_long = 0.0, set[int](), set[int]()
    for found, i, j in pairs:
        if i not in used_short and j not in used_long:
            total += found
            used_short.add(i)
            used_long.add(j)
    return total / (len(short) + (len(long) - len(short)) / 3)
