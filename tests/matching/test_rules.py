"""What speaks for and against, and the best whole: pure, against brute force and chance."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random

import pytest

from shelters.matching.models import Demand
from shelters.matching.rules import Need, Place, Rule, Side, assign, ranked, weigh
from shelters.matching.rules.assignment import weights
from shelters.matching.rules.families import houses_for
from shelters.matching.rules.questions import packed, unpacked
from shelters.matching.rules.words import said
from shelters.models import BedKind, NeedCode, Urgency

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
SOMEBODY = Need(
    key="n",
    case="c",
    urgency=Urgency.DAY,
    waiting_since=NEW_YEAR,
    sex="female",
    age_group="23-29",
)
SOMEWHERE = Place(
    key="b", house="h", name="Merel", code="1", type="cosm", sexes="all", min_age=18,
    max_age=None, region="VR01", secret=True,
)  # fmt: skip
#: What makes a rule met, and what breaks it; without an answer it is to be asked.
MET = {
    Demand.ADULT: ({}, {"age_group": "15-17"}, {"age_group": "unknown"}),
    Demand.MINOR: ({"age_group": "15-17"}, {}, {"age_group": "unknown"}),
    Demand.NOT_DUTCH: ({"nationality": "eu"}, {"nationality": "dutch"}, {}),
    Demand.REFLECTION: ({"stay": "reflection"}, {"nationality": "dutch"}, {}),
    Demand.LAWFUL: ({"nationality": "dutch"}, {"stay": "none"}, {}),
    Demand.LABOUR: ({"labour": "yes"}, {"labour": "no"}, {}),
    Demand.MULTIPLE: ({"needs": frozenset({"addiction", "mental_health"})}, {}, None),
}


def somebody(**changes) -> Need:
    return replace(SOMEBODY, **changes)


def somewhere(**changes) -> Place:
    return replace(SOMEWHERE, **changes)


def codes(match, side) -> set[str]:
    return {reason.code for reason in match.of(side)}


def test_a_family_gets_one_house_with_the_reasons_of_each():
    mother = somebody(key="m", case="m", children=1, needs=frozenset({NeedCode.CHILDREN}))
    aunt = somebody(key="a", case="a", apart=frozenset({"x"}))
    family = [aunt, mother]
    good = [
        somewhere(key="b1", code="1", children=True),
        somewhere(key="b2", code="2", children=True, kind=BedKind.FAMILY),
    ]
    short = [somewhere(key="s1", house="s", name="Alk")]
    men = [somewhere(key=f"m{n}", house="m", name="Alk", sexes="male") for n in range(2)]
    best, worst = houses_for(family, [*men, *short, *good], [])
    assert [match.place.key for match in best.matches] == ["b1", "b2"]
    assert not best.warned
    assert worst.warned
    assert [codes(match, Side.HARD) for match in worst.matches] == [
        {"men_only"}, {"men_only", "no_children"},
    ]  # fmt: skip
    [among] = houses_for([aunt, somebody(key="x", case="x")], good, [])
    assert [codes(match, Side.HARD) for match in among.matches] == [{"known_person"}] * 2


def test_safety_and_who_a_house_takes_in_come_before_every_advantage():
    wonderful = somewhere(
        region="VR02", pets=True, languages=frozenset({"ro"}), expertise=frozenset({"addiction"})
    )
    needs = {"pets": True, "language": "ro", "needs": frozenset({NeedCode.ADDICTION})}
    for need, place, code in (
        (somebody(avoid=frozenset({"VR02"}), **needs), wonderful, "avoid_region"),
        (somebody(apart=frozenset({"x"})), somewhere(residents=frozenset({"x"})), "known_person"),
        (somebody(), somewhere(kept_from=frozenset({"c"})), "known_person"),
        (somebody(needs=frozenset({"secret"})), somewhere(secret=False), "no_secret_address"),
        (somebody(sex="male"), somewhere(sexes="female"), "women_only"),
        (somebody(), somewhere(sexes="male"), "men_only"),
        (somebody(age_group="15-17"), somewhere(), "adults_only"),
        (somebody(), somewhere(min_age=0, max_age=17), "minors_only"),
        (somebody(needs=frozenset({"children"})), somewhere(), "no_children"),
        (somebody(needs=frozenset({"wheelchair"})), somewhere(), "no_wheelchair"),
    ):
        match = weigh(need, place)
        assert codes(match, Side.HARD) == {code}
        plain = somewhere(key="z", name="Zwaluw", min_age=0, children=True, wheelchair=True)
        first = ranked(need, [place, plain], [])[0]
        assert first.place == plain or weigh(need, plain).hard
        assert said(match.of(Side.HARD)[0]).words


@pytest.mark.parametrize("demand", Demand)
def test_a_rule_is_met_broken_or_to_be_asked_and_names_its_source(demand):
    rules = [Rule("cosm", demand, "Wet X"), Rule("omm", demand, "elsewhere")]
    met, broken, unknown = MET[demand]
    place = somewhere(min_age=0)
    assert not codes(weigh(somebody(**met), place, rules), Side.HARD)
    [reason] = weigh(somebody(**broken), place, rules).of(Side.HARD)
    assert (reason.code, said(reason).source) == (f"rule_{demand}", "Wet X")
    if unknown is not None:
        asked = weigh(somebody(**unknown), place, rules)
        assert not asked.hard
        assert f"ask_{demand}" in codes(asked, Side.AGAINST)
        assert all(said(one).words for one in asked.reasons)


def test_convenience_counts_and_the_same_question_has_the_same_answer():
    need = somebody(
        needs=frozenset({NeedCode.ADDICTION, NeedCode.MENTAL_HEALTH, NeedCode.CHILDREN}),
        children=2, pets=True, language="ro",
    )  # fmt: skip
    places = [
        somewhere(key="1", name="Uil", children=True, free_from="2026-01-05T10:00:00+00:00"),
        somewhere(key="2", name="Valk", children=True, kind="family", pets=True, type="omm"),
        somewhere(key="3", name="Mees", children=True, languages=frozenset({"ro"}),
                  expertise=frozenset({"addiction", "mental_health", "life_domains"})),
        somewhere(key="4", name="Mees", code="2", children=True, languages=frozenset({"ro"}),
                  expertise=frozenset({"addiction", "mental_health", "life_domains"})),
    ]  # fmt: skip
    found = ranked(need, places, [])
    assert [match.place.key for match in found] == ["3", "2", "1"]  # of two alike, the first
    assert found == ranked(need, places[::-1], [])
    assert all(said(reason).words for match in found for reason in match.reasons)
    assert unpacked(packed([need], places, [Rule("vo", "lawful", "x")])) == (
        [need], places, [Rule("vo", "lawful", "x")],
    )  # fmt: skip


def some(random: Random, people: int, beds: int) -> tuple[list[Need], list[Place], list[Rule]]:
    """A small question by chance, in which people must be kept apart now and then."""
    needs = [
        somebody(
            key=f"n{n}",
            case=f"c{n}",
            urgency=random.choice(Urgency.values),
            waiting_since=NEW_YEAR + timedelta(days=random.randrange(3)),
            sex=random.choice(["female", "male"]),
            avoid=frozenset(random.sample(["VR01", "VR02"], random.randrange(2))),
            nationality=random.choice(["dutch", "other", "unknown"]),
            pets=random.random() < 0.5,
            apart=frozenset({f"c{random.randrange(people)}"} - {f"c{n}"})
            if random.random() < 0.3
            else frozenset(),
        )
        for n in range(people)
    ]
    places = [
        somewhere(
            key=f"b{n}",
            code=str(n),
            house=f"h{n % 3}",
            name=f"H{n % 3}",
            region=f"VR0{1 + n % 3}",
            sexes=("all", "female", "male")[n % 3],
            type=random.choice(["cosm", "vo"]),
            pets=random.random() < 0.5,
        )
        for n in range(beds)
    ]
    return needs, places, [Rule("cosm", "not_dutch", "x"), Rule("vo", "lawful", "x")]


def keeps_apart(pairs) -> bool:
    """No two in one house of whom one must be kept apart from the other."""
    return not any(
        one.case in other.apart and a.house == b.house for one, a in pairs for other, b in pairs
    )


def worth(needs, pairs, rules) -> int:
    queue = sorted(needs, key=lambda n: (n.urgency, n.waiting_since, n.key))
    base = dict(zip((need.key for need in queue), weights(queue), strict=True))
    return sum(
        base[need.key] + weigh(need, place, rules).points * (len(needs) + 1)
        for need, place in pairs
    )


def best(needs, places, rules) -> int:
    """Every way to give places, one by one."""
    found = 0
    ways = [None, *places]
    for way in product(ways, repeat=len(needs)):
        taken = [place.key for place in way if place]
        pairs = [(need, place) for need, place in zip(needs, way, strict=True) if place]
        if len(taken) == len(set(taken)) and keeps_apart(pairs):
            if any(weigh(need, place, rules).hard for need, place in pairs):
                continue
            found = max(found, worth(needs, pairs, rules))
    return found


def test_the_whole_is_the_best_there_is_and_breaks_no_hard_rule():
    random = Random(7)
    for turn in range(60):
        small = turn < 25
        needs, places, rules = some(random, 4 if small else 14, 3 if small else 10)
        given = assign(needs, places, rules)
        pairs = [(one.need, one.match.place) for one in given if one.match]
        assert {one.need.key for one in given} == {need.key for need in needs}
        assert len({place.key for _, place in pairs}) == len(pairs)
        assert not any(weigh(need, place, rules).hard for need, place in pairs)
        assert keeps_apart(pairs)
        assert given == assign(needs[::-1], places[::-1], rules)
        if small:
            assert worth(needs, pairs, rules) == best(needs, places, rules)


def test_the_most_urgent_comes_first_and_between_equals_who_waits_longest():
    long_ago = NEW_YEAR - timedelta(days=9)
    first = somebody(key="1", case="1")
    waited = somebody(key="2", case="2", waiting_since=long_ago)
    urgent = somebody(key="3", case="3", urgency=Urgency.CRISIS, pets=True)
    picky = somebody(key="4", case="4", avoid=frozenset({"VR01"}), waiting_since=long_ago)
    given = {g.need.key: g for g in assign([first, waited, urgent, picky], [SOMEWHERE], [])}
    assert [key for key, one in given.items() if one.match] == ["3"]
    assert given["2"].possible == 1
    assert given["4"].obstacles == [("avoid_region", 1)]
    given = {g.need.key: g for g in assign([first, waited], [SOMEWHERE], [])}
    assert given["2"].match
    assert not given["1"].match
    assert assign([first], [], [])[0].match is None
