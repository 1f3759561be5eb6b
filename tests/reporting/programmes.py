"""Made-up table programmes and populations for the tests of the reporting room."""

from collections.abc import Sequence
from random import Random

from reporting.lattice import Record
from reporting.tables import (
    Axis,
    Category,
    Dimension,
    Level,
    Measure,
    Programme,
    TableSpec,
    Words,
    combination_code,
)

VICTIMS = Measure("victims", Words("slachtoffers", "victims"), Words("uniek", "unique"))


def same(text: str) -> Words:
    return Words(text, text)


def flat(code: str, size: int) -> Dimension:
    return Dimension.flat(
        code, same(code), [(f"{code}{n}", same(f"{code}{n}")) for n in range(size)]
    )


def nested(code: str, leaves: int, groups: int) -> Dimension:
    """Leaves, groups of leaves, and (when there are enough) two halves of the groups."""
    names = [f"{code}{n}" for n in range(leaves)]
    upper = [
        Category(f"{code}g{g}", same(f"{code}g{g}"), tuple(names[g::groups])) for g in range(groups)
    ]
    return Dimension(
        code,
        same(code),
        (
            Level(code, same(code), tuple(Category(name, same(name)) for name in names)),
            Level(f"{code}_groups", same(code), tuple(upper)),
        ),
    )


def several(code: str, answers: int, observed: Sequence[frozenset[int]]) -> Dimension:
    return Dimension.of_combinations(
        code,
        same(code),
        [(f"{code}{n}", same(f"{code}{n}")) for n in range(answers)],
        {frozenset(f"{code}{n}" for n in chosen) for chosen in observed},
    )


def table(code: str, *axes: tuple[str, tuple[str, ...]], **where: str) -> TableSpec:
    return TableSpec(
        code, same(code), "victims", tuple(Axis(*axis) for axis in axes), tuple(where.items())
    )


def programme_of(dimensions: Sequence[Dimension], *tables: TableSpec) -> Programme:
    return Programme("test", same("test"), (VICTIMS,), tuple(dimensions), tables)


def random_case(seed: int) -> tuple[Programme, list[Record]]:
    """A random programme (flat, nested and overlapping dimensions, tables of 1–3 axes) and people."""
    random = Random(seed)
    sets = [frozenset(random.sample(range(4), random.choice([1, 1, 1, 2, 3]))) for _ in range(10)]
    dimensions = [
        flat("sex", random.randint(2, 4)),
        flat("form", random.randint(2, 6)),
        nested("region", random.randint(3, 9), random.randint(2, 3)),
        several("reporter", 4, sets),
    ]
    shown = {
        dimension.code: [level.code for level in dimension.levels if level.code != "combinations"]
        for dimension in dimensions
    }
    tables = []
    for number in range(random.randint(1, 4)):
        # Answers that overlap stand in tables of one or two axes, as in the real programme.
        size = random.randint(1, 3)
        names = random.sample(sorted(shown) if size < 3 else ["form", "region", "sex"], size)
        axes = [
            (name, tuple(random.sample(shown[name], random.randint(1, len(shown[name])))))
            for name in names
        ]
        tables.append(table(f"T{number}", *axes))
    people = [
        {
            dimension.code: random.choice(sorted(dimension.leaf_codes)[: random.randint(1, 30)])
            for dimension in dimensions
        }
        for _ in range(random.choice([0, 3, 30, 150]))
    ]
    return programme_of(dimensions, *tables), people


# The overlap of reporters in the Netherlands, 2010-2015, 8,234 presumed victims, as published by
# Van Dijk, Cruyff, Van der Heijden and Kragten-Heerdink (2017), data set "Ned" in the R packages
# on multiple systems estimation. I inspectorate, K border police, O shelters, P police, R regional
# coordinators, Z other. Nine further patterns hold 1 to 4 people each; which is which was not at
# hand, so they stand here with counts made up to reach the total.
NED_KNOWN = {
    "P": 4466, "K": 1299, "R": 650, "Z": 632, "O": 403, "I": 352, "ZP": 125, "PR": 82,
    "OP": 59, "OZ": 57, "KP": 44, "IP": 18, "IZ": 16,
}  # fmt: skip
NED_MADE_UP = {
    "KZ": 4, "KO": 4, "RZ": 4, "OR": 4, "OPZ": 4, "IK": 4, "PRZ": 3, "IO": 3, "KPZ": 1,
}  # fmt: skip
NED = NED_KNOWN | NED_MADE_UP


def ned() -> tuple[Programme, list[Record]]:
    """The real overlap: a table of exclusive patterns, and one of reporters that overlap."""
    dimension = Dimension.of_combinations(
        "reporter", same("reporter"), [(code, same(code)) for code in "IKOPRZ"], map(frozenset, NED)
    )
    people = [
        {"reporter": f"only:{combination_code('IKOPRZ', frozenset(pattern))}"}
        for pattern, number in NED.items()
        for _ in range(number)
    ]
    tables = [
        table("patterns", ("reporter", ("combinations",))),
        table("reporters", ("reporter", ("reporter",))),
    ]
    return programme_of([dimension], *tables), people
