"""What a person's facts must be like, what they are found by, and how alike two of them are."""

from referral.persons.rules.facts import (
    BSN_USERS,
    STATELESS,
    ChangedMeanwhile,
    FactsRefused,
    IdentityFacts,
    LookFirst,
    NotYoursToChange,
    PersonEntry,
    age_band,
    check_entry,
    minority,
    possible_bands,
    years_of_age,
)
from referral.persons.rules.keys import (
    MOST_CANDIDATES,
    PROMISE,
    Key,
    asked_keys,
    most_promising,
    search_keys,
)
from referral.persons.rules.likeness import SHOWN_FROM, Likeness, likeness, shown_alike
from referral.persons.rules.matching import KnownPersons
from referral.persons.rules.sheets import Line, SheetRefused, read_sheet

__all__ = [
    "BSN_USERS",
    "MOST_CANDIDATES",
    "PROMISE",
    "SHOWN_FROM",
    "STATELESS",
    "ChangedMeanwhile",
    "FactsRefused",
    "IdentityFacts",
    "Key",
    "KnownPersons",
    "Likeness",
    "Line",
    "LookFirst",
    "NotYoursToChange",
    "PersonEntry",
    "SheetRefused",
    "age_band",
    "asked_keys",
    "check_entry",
    "likeness",
    "minority",
    "most_promising",
    "possible_bands",
    "read_sheet",
    "search_keys",
    "shown_alike",
    "years_of_age",
]
