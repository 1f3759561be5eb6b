"""What rules ask and answer, in words of the reader's language, from codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from referral.geography.models import Municipality, SafetyRegion
from referral.organisations.models import Organisation
from referral.organisations.roles import OrganisationType
from signals.models import Channel, Exploitation, PlaceKind
from signals.routing.models import Decision, DryRun, Rule
from signals.routing.workflow import NO, YES, Fact, Fault, Goal


@dataclass(frozen=True, slots=True)
class Line:
    """A rule in words: its number, what it asks, where it sends to, and what is wrong with it."""

    number: int
    asks: list[str]
    goal: str
    fault: str = ""
    #: Of two versions that are compared: new, gone, or nothing.
    change: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """How many signals go from one place to another, or stay."""

    now: str
    then: str
    count: int

    @property
    def stays(self) -> bool:
        return self.now == self.then


def labels(codes: type[TextChoices]) -> dict[str, object]:
    return {code.value: code.label for code in codes}


class Names:
    """The names of places, asked once for however many rules."""

    def __init__(self, asked: Iterable[Mapping[str, str]]) -> None:
        asked = [one for one in asked if isinstance(one, Mapping)]
        regions = {one[Fact.REGION] for one in asked if Fact.REGION in one}
        towns = {one[Fact.MUNICIPALITY] for one in asked if Fact.MUNICIPALITY in one}
        self.names: dict[str, Mapping[str, object]] = {
            Fact.FORM: labels(Exploitation),
            Fact.REPORTER_TYPE: labels(OrganisationType),
            Fact.PLACE_KIND: labels(PlaceKind),
            Fact.CHANNEL: labels(Channel),
            Fact.REGION: _named(SafetyRegion.objects.filter(pk__in=regions)) if regions else {},
            Fact.MUNICIPALITY: _named(Municipality.objects.filter(pk__in=towns)) if towns else {},
            Fact.MINORS: {YES: _("yes"), NO: _("no")},
            Fact.DANGER: {YES: _("yes"), NO: _("no")},
        }

    def of(self, conditions: object) -> list[str]:
        """What is asked, as sentences: “safety region: Amsterdam-Amstelland”."""
        if not isinstance(conditions, Mapping):
            return [str(Fault.FAILED.label)]
        return [
            f"{Fact(fact).label if fact in Fact.values else fact}:"
            f" {self.names.get(fact, {}).get(str(code), code)}"
            for fact, code in conditions.items()
        ]


def _named(places: Iterable[SafetyRegion | Municipality]) -> dict[str, object]:
    return {place.pk: place.name for place in places}


def goal_of(service: Organisation | None) -> str:
    return _("Direct to %s") % service if service else str(Goal.VIA_EMM.label)


def lines_of(rules: Sequence[Rule]) -> list[Line]:
    """The rules of one version."""
    names = Names(rule.conditions for rule in rules)
    return [_line(rule, names) for rule in rules]


def _line(rule: Rule, names: Names, change: str = "") -> Line:
    broken = getattr(rule, "broken", None)
    asks = names.of(rule.conditions) or [_("everything else")]
    fault = broken.get_fault_display() if broken else ""
    return Line(rule.number, asks, goal_of(rule.service), fault, change)


def compared(now: Sequence[Rule], then: Sequence[Rule]) -> list[Line]:
    """The rules of a draft, with what is new in them, and after them what is gone."""
    names = Names(rule.conditions for rule in [*now, *then])
    before, after = {_same(rule) for rule in now}, {_same(rule) for rule in then}
    lines = [_line(rule, names, "" if _same(rule) in before else "new") for rule in then]
    return lines + [_line(rule, names, "gone") for rule in now if _same(rule) not in after]


def _same(rule: Rule) -> tuple[object, ...]:
    return rule.service_id, str(sorted(rule.conditions.items())), rule.is_default


def moves_of(run: DryRun) -> list[Move]:
    """What a dry run counted, the most first."""
    places = {place for move in run.moves for place in move.split(">")} - {""}
    services = {str(s.pk): s for s in Organisation.objects.filter(pk__in=places)}
    found = []
    for move, count in run.moves.items():
        now, then = (goal_of(services.get(place)) for place in move.split(">"))
        found.append(Move(now, then, count))
    return sorted(found, key=lambda move: (move.stays, -move.count, move.now, move.then))


@dataclass(frozen=True, slots=True)
class Total:
    """How many signals come to one place now, and by the draft."""

    place: str
    now: int
    then: int

    @property
    def difference(self) -> int:
        return self.then - self.now


def totals_of(moves: Sequence[Move]) -> list[Total]:
    places = dict.fromkeys([*(m.now for m in moves), *(m.then for m in moves)])
    return [
        Total(
            place,
            sum(move.count for move in moves if move.now == place),
            sum(move.count for move in moves if move.then == place),
        )
        for place in sorted(places)
    ]


def explained(decision: Decision) -> str:
    """Why a signal went where it went, in one sentence: “rule 7 v3, because …”."""
    if decision.rule is None:
        return _("There were no rules in use yet.")
    named = {"number": decision.rule.number, "version": decision.rule.rule_set.version}
    if decision.fault:
        return _("Rule %(number)s v%(version)s is broken: %(fault)s.") % {
            **named,
            "fault": decision.get_fault_display(),
        }
    if not decision.because:
        return _("Rule %(number)s v%(version)s, because no rule before it held.") % named
    because = "; ".join(Names([decision.because]).of(decision.because))
    return _("Rule %(number)s v%(version)s, because %(because)s.") % {**named, "because": because}
