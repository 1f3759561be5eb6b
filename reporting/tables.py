"""What a release publishes: a programme of tables over shared dimensions, in two languages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Literal, NamedTuple, Self

TOTAL = "total"
Language = Literal["nl", "en"]
RESERVED = frozenset("|=,")


class ProgrammeRefused(ValueError):
    """A declaration that cannot be counted or protected safely; the message says which and why."""


@dataclass(frozen=True)
class Words:
    """One text in Dutch and in English."""

    nl: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the text in "nl" or "en"."""
        return self.nl if language == "nl" else self.en


@dataclass(frozen=True)
class Category:
    """One value of a dimension. Without `covers` a leaf, else the group of those leaves."""

    code: str
    label: Words
    covers: tuple[str, ...] = ()

    @property
    def leaves(self) -> frozenset[str]:
        return frozenset(self.covers or (self.code,))


@dataclass(frozen=True)
class Level:
    """Categories that belong together, such as the 25 safety regions or the 12 provinces."""

    code: str
    label: Words
    categories: tuple[Category, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(category.code for category in self.categories)

    @cached_property
    def overlaps(self) -> bool:
        """Whether one person can stand in two categories: several reporters for one victim."""
        return any(a.leaves & b.leaves for a, b in combinations(self.categories, 2))


@dataclass(frozen=True)
class Dimension:
    """A question with exclusive answers (the first level) and levels of groups of those answers.

    A hierarchy is levels that nest, such as safety region and province. Answers that may be given
    together are leaves that stand for a combination, and an overlapping level that groups them.
    """

    code: str
    label: Words
    levels: tuple[Level, ...]

    def __post_init__(self) -> None:
        codes = [code for level in self.levels for code in level.codes]
        if len(codes) != len(set(codes)) or TOTAL in codes:
            raise ProgrammeRefused(f"{self.code}: a category code stands twice, or is '{TOTAL}'")
        if any(RESERVED & set(code) for code in [self.code, *codes]):
            raise ProgrammeRefused(f"{self.code}: codes hold no '|', '=' or ','")
        if any(category.covers for category in self.levels[0].categories):
            raise ProgrammeRefused(f"{self.code}: the first level holds leaves, not groups")
        if unknown := {leaf for code in codes for leaf in self.leaves_of(code)} - self.leaf_codes:
            raise ProgrammeRefused(f"{self.code}: groups cover unknown leaves {sorted(unknown)}")

    @cached_property
    def leaf_codes(self) -> frozenset[str]:
        return frozenset(self.levels[0].codes)

    @cached_property
    def _categories(self) -> dict[str, Category]:
        return {category.code: category for level in self.levels for category in level.categories}

    def level(self, code: str) -> Level:
        """Return a level by its code; KeyError when the dimension has none of that name."""
        return {level.code: level for level in self.levels}[code]

    def category(self, code: str) -> Category:
        """Return a category by its code; KeyError when unknown."""
        return self._categories[code]

    @cached_property
    def _leaves(self) -> dict[str, frozenset[str]]:
        return {code: found.leaves for code, found in self._categories.items()} | {
            TOTAL: self.leaf_codes
        }

    def leaves_of(self, code: str) -> frozenset[str]:
        """Return the leaves a category stands for; all of them for TOTAL."""
        return self._leaves[code]

    @cached_property
    def _holders(self) -> dict[str, tuple[str, ...]]:
        return {
            leaf: tuple(code for code, found in self._categories.items() if leaf in found.leaves)
            for leaf in self.leaf_codes
        }

    def holders_of(self, leaf: str) -> tuple[str, ...]:
        """Return the categories of all levels in which a leaf counts, itself included."""
        if leaf not in self.leaf_codes:
            raise ProgrammeRefused(f"{self.code}: '{leaf}' is not one of its leaves")
        return self._holders[leaf]

    @classmethod
    def flat(cls, code: str, label: Words, categories: Iterable[tuple[str, Words]]) -> Self:
        """Make a dimension of exclusive categories in one level, named as the dimension."""
        leaves = tuple(Category(*category) for category in categories)
        return cls(code, label, (Level(code, label, leaves),))

    @classmethod
    def of_combinations(
        cls,
        code: str,
        label: Words,
        answers: Sequence[tuple[str, Words]],
        observed: Iterable[frozenset[str]],
    ) -> Self:
        """Make a dimension whose answers may be given together.

        The leaves (level "combinations") are the observed sets of answers, joined by "+" in the
        order of `answers`; the level `code` holds one overlapping group for each answer.
        """
        names = dict(answers)
        sets = {combination_code(names, chosen): chosen for chosen in observed}
        # An answer nobody gave still has a row: it needs a leaf to be the group of.
        sets |= {answer: frozenset({answer}) for answer in names}
        leaves = tuple(
            Category(f"only:{leaf}", _joined(names, chosen))
            for leaf, chosen in sorted(sets.items())
        )
        groups = tuple(
            Category(answer, words, tuple(f"only:{leaf}" for leaf in sorted(sets)
                                          if answer in sets[leaf]))
            for answer, words in answers
        )  # fmt: skip
        exact = Words("precies deze combinatie", "exactly this combination")
        return cls(code, label, (Level("combinations", exact, leaves), Level(code, label, groups)))


def combination_code(answers: Iterable[str], chosen: frozenset[str]) -> str:
    """Name a set of answers: its codes joined by "+", in the order of `answers`; "none" if empty."""
    return "+".join(answer for answer in answers if answer in chosen) or "none"


def _joined(names: Mapping[str, Words], chosen: frozenset[str]) -> Words:
    parts = [names[answer] for answer in names if answer in chosen]
    nothing = Words("geen", "none")
    return Words(
        " + ".join(part.nl for part in parts) or nothing.nl,
        " + ".join(part.en for part in parts) or nothing.en,
    )


@dataclass(frozen=True)
class Measure:
    """What is counted: the counting unit, and how it is made unique (teleenheid)."""

    code: str
    unit: Words
    definition: Words


@dataclass(frozen=True)
class Axis:
    """One dimension in a table, with the levels that are shown."""

    dimension: str
    levels: tuple[str, ...]


@dataclass(frozen=True)
class TableSpec:
    """One table: a measure, its axes (the last axis makes the columns), and fixed categories.

    `where` fixes categories for the whole table, such as only minors: the universe of a table is
    a place in the same lattice, so no two universes can be subtracted from each other unseen.
    """

    code: str
    title: Words
    measure: str
    axes: tuple[Axis, ...]
    where: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        used = [axis.dimension for axis in self.axes] + [name for name, _ in self.where]
        if len(used) != len(set(used)):
            raise ProgrammeRefused(f"{self.code}: a dimension stands twice")


class Cell(NamedTuple):
    """One number: a measure at some categories. A dimension that is not named is at its TOTAL.

    Two tables that show the same cell share it: it is one variable, with one published value.
    """

    measure: str
    at: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, measure: str, categories: Mapping[str, str]) -> Self:
        """Make the cell at these categories (dimension code → category code or TOTAL)."""
        return cls(measure, tuple(sorted(kv for kv in categories.items() if kv[1] != TOTAL)))

    @property
    def code(self) -> str:
        """The cell as one line, the same in every file: "victims|form=sexual|sex=female"."""
        return "|".join([self.measure, *(f"{name}={category}" for name, category in self.at)])

    @classmethod
    def parse(cls, code: str) -> Self:
        """Read a cell back from its code; ValueError when it is not one."""
        measure, *rest = code.split("|")
        pairs = [part.partition("=") for part in rest]
        if not all(name and sign and category for name, sign, category in pairs):
            raise ValueError(f"not a cell: {code}")
        return cls.of(measure, {name: category for name, _, category in pairs})

    def category(self, dimension: str) -> str:
        """Return this cell's category in a dimension, TOTAL when it is not named."""
        return next((category for name, category in self.at if name == dimension), TOTAL)

    def moved(self, dimension: str, category: str) -> "Cell":
        """Return the cell at another category of one dimension, all else the same."""
        others = [place for place in self.at if place[0] != dimension]
        if category == TOTAL:
            return Cell(self.measure, tuple(others))
        return Cell(self.measure, tuple(sorted([*others, (dimension, category)])))


@dataclass(frozen=True)
class Sum:
    """A published identity: the whole is the sum of its parts."""

    whole: Cell
    parts: tuple[Cell, ...]


@dataclass(frozen=True)
class Programme:
    """The table programme of one release: measures, dimensions, tables, and sums across measures.

    `bridges` tie measures together, such as: reports = unique victims + repeated reports.
    """

    code: str
    title: Words
    measures: tuple[Measure, ...]
    dimensions: tuple[Dimension, ...]
    tables: tuple[TableSpec, ...]
    bridges: tuple[Sum, ...] = field(default=())

    def __post_init__(self) -> None:
        units = [measure.unit.en for measure in self.measures]
        if len(units) != len(set(units)):
            # "All" minus "all but one agency" reveals the agency: one universe for one unit.
            raise ProgrammeRefused("two measures count the same unit; use one, with a dimension")
        for name in ("measures", "dimensions", "tables"):
            codes = [item.code for item in getattr(self, name)]
            if len(codes) != len(set(codes)):
                raise ProgrammeRefused(f"{name}: a code stands twice")
        for table in self.tables:
            self._check(table)

    @cached_property
    def _dimensions(self) -> dict[str, Dimension]:
        return {dimension.code: dimension for dimension in self.dimensions}

    @cached_property
    def _measures(self) -> dict[str, Measure]:
        return {measure.code: measure for measure in self.measures}

    @cached_property
    def _tables(self) -> dict[str, TableSpec]:
        return {table.code: table for table in self.tables}

    def _check(self, table: TableSpec) -> None:
        try:
            self.measure(table.measure)
            for axis in table.axes:
                for level in axis.levels:
                    self.dimension(axis.dimension).level(level)
            for name, category in table.where:
                self.dimension(name).leaves_of(category)
        except KeyError as unknown:
            raise ProgrammeRefused(f"{table.code}: {unknown} is not declared") from unknown

    def dimension(self, code: str) -> Dimension:
        """Return a dimension by its code; KeyError when unknown."""
        return self._dimensions[code]

    def measure(self, code: str) -> Measure:
        """Return a measure by its code; KeyError when unknown."""
        return self._measures[code]

    def table(self, code: str) -> TableSpec:
        """Return a table by its code; KeyError when unknown."""
        return self._tables[code]
