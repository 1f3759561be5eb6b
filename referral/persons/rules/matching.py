"""Two lists of persons laid beside each other, in memory, by the keys and scores of the search."""

from collections import defaultdict
from collections.abc import Iterable

from referral.persons.models import KeyKind
from referral.persons.rules.facts import IdentityFacts
from referral.persons.rules.keys import Key, asked_keys, most_promising, search_keys
from referral.persons.rules.likeness import Likeness, shown_alike
from referral.persons.rules.sheets import Line


class KnownPersons:
    """A list that is asked many times."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.facts: dict[str, IdentityFacts] = {}
        self.found_by: defaultdict[Key, list[str]] = defaultdict(list)
        for line in lines:
            self.facts[line.id] = line.facts
            for key in search_keys(line.facts):
                self.found_by[key].append(line.id)

    def like(self, asked: IdentityFacts) -> list[tuple[str, Likeness]]:
        """Who may be the same, best first."""
        hits: defaultdict[str, list[KeyKind]] = defaultdict(list)
        for key in asked_keys(asked):
            for known in self.found_by.get(key, ()):
                hits[known].append(key[0])
        return shown_alike(asked, {known: self.facts[known] for known in most_promising(hits)})
