"""What a rule asks and answers, and what a version needs to be taken into use. Mostly pure:
only the codes of the map and the services are asked of the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from referral.geography.models import Municipality, SafetyRegion
from referral.lib.refusals import Refused
from referral.organisations.models import Membership, Organisation
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType, Role
from signals.models import Channel, Exploitation, PlaceKind, Signal
from signals.routing.models import DryRun, Rule, RuleSet
from signals.routing.workflow import MOVES, NO, YES, Fact, Fault, Goal, SetStatus

#: Who investigates, and in which role its people read what is sent to them.
SERVICES: dict[str, Role] = {
    OrganisationType.POLICE_UNIT: Role.LE_POLICE,
    OrganisationType.KMAR: Role.LE_KMAR,
    OrganisationType.NLA: Role.LE_NLA,
}
YES_NO = frozenset({YES, NO})
MOST_RULES = 40


class RoutingRefused(Refused):
    """What cannot be done with a version of the rules."""

    def __init__(self, sentence: str, **reasons: str) -> None:
        super().__init__(sentence or " ".join(reasons.values()))
        self.reasons = reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A rule before it is one: what it asks, and where it sends to."""

    conditions: Mapping[str, str]
    service: Organisation | None = None

    @property
    def goal(self) -> Goal:
        return Goal.DIRECT if self.service else Goal.VIA_EMM


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Where one signal goes: by which rule, and what kept that rule from being followed."""

    rule: Rule | None = None
    service_id: int | None = None
    fault: str = ""

    @property
    def goal(self) -> Goal:
        return Goal.DIRECT if self.service_id else Goal.VIA_EMM

    @property
    def because(self) -> dict[str, str]:
        """What was asked, and held; of a broken rule nothing is known to hold."""
        return self.rule.conditions if self.rule and not self.fault else {}


class Codes:
    """The codes that there are for each fact, and the region of each municipality.

    The map is asked once, and only when a rule asks for a place.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        asked = {fact for rule in rules for fact in _asked(rule)}
        self.regions: dict[str, str] = {}
        known: dict[str, Iterable[str]] = {
            Fact.FORM: Exploitation.values,
            Fact.REPORTER_TYPE: OrganisationType.values,
            Fact.PLACE_KIND: PlaceKind.values,
            Fact.CHANNEL: Channel.values,
            Fact.MINORS: YES_NO,
            Fact.DANGER: YES_NO,
        }
        if asked & {Fact.REGION, Fact.MUNICIPALITY}:
            today = Municipality.objects.valid_on(timezone.localdate())
            known[Fact.MUNICIPALITY] = set(today.values_list("pk", flat=True))
            known[Fact.REGION] = set(SafetyRegion.objects.values_list("pk", flat=True))
            self.regions = dict(Municipality.objects.values_list("pk", "safety_region"))
        self.known = {fact: frozenset(codes) for fact, codes in known.items()}

    def facts_of(self, signal: Signal) -> dict[str, frozenset[str]]:
        """What is so of this signal, as codes, for each fact of the closed list."""
        municipality = signal.municipality_id or ""
        return {
            Fact.FORM: frozenset(signal.forms),
            Fact.REPORTER_TYPE: frozenset({signal.reporter_type}),
            Fact.PLACE_KIND: frozenset({signal.place_kind}),
            Fact.REGION: frozenset({self.regions.get(municipality, "")}),
            Fact.MUNICIPALITY: frozenset({municipality}),
            Fact.MINORS: frozenset({YES if signal.minors else NO}),
            Fact.DANGER: frozenset({YES if signal.danger else NO}),
            Fact.CHANNEL: frozenset({signal.channel}),
        }


def _asked(rule: Rule) -> set[str]:
    return set(rule.conditions) if isinstance(rule.conditions, dict) else set()


def choose(rules: Sequence[Rule], codes: Codes, signal: Signal) -> Choice:
    """The first rule that holds decides. A rule that cannot be followed loses nothing: whatever
    reaches it goes via the expert centre, and the choice says why.
    """
    facts = codes.facts_of(signal)
    for rule in rules:
        fault, holds = _asks(rule, codes, facts)
        if fault:
            return Choice(rule=rule, fault=fault)
        if not holds:
            continue
        if rule.service is not None and not can_receive(rule.service):
            return Choice(rule=rule, fault=Fault.SERVICE_ENDED)
        return Choice(rule=rule, service_id=rule.service_id)
    return Choice()


def _asks(
    rule: Rule, codes: Codes, facts: Mapping[str, frozenset[str]]
) -> tuple[Fault | None, bool]:
    """What is wrong with the rule, and whether all that it asks is so."""
    try:
        asked = list(rule.conditions.items())
        if any(code not in codes.known.get(fact, ()) for fact, code in asked):
            return Fault.UNKNOWN_CODE, False
        return None, all(code in facts[fact] for fact, code in asked)
    except Exception:  # noqa: BLE001 -- whatever is wrong with a rule, no signal is lost by it
        return Fault.FAILED, False


def can_receive(organisation: Organisation) -> bool:
    """Whether signals can be sent direct to it: it investigates, and it still exists."""
    return organisation.type in SERVICES and organisation.closed_at is None


def fault_of(rule: Rule, codes: Codes) -> Fault | None:
    """What is wrong with a rule, whichever signal comes."""
    fault, _holds = _asks(rule, codes, {fact: frozenset() for fact in Fact.values})
    if fault is None and rule.service is not None and not can_receive(rule.service):
        return Fault.SERVICE_ENDED
    return fault


def check_manages(member: Membership) -> None:
    if not member.may(Permission.ROUTING_MANAGE):
        raise RoutingRefused(_("Only the coordinator of the expert centre changes the rules."))


def check_draft(rule_set: RuleSet) -> None:
    if not rule_set.is_draft:
        raise RoutingRefused(
            _("Version %s has been in use and stays as it was. Begin a new version.")
            % rule_set.version
        )


def check_activate(
    rule_set: RuleSet, rules: Sequence[Rule], run: DryRun | None, *, seen: datetime | None
) -> None:
    """A version is taken into use when it takes every signal, nothing in it is broken, and what
    it would do has been looked at since it was last changed.
    """
    if SetStatus.ACTIVE not in MOVES[SetStatus(rule_set.status)]:
        raise RoutingRefused(_("Version %s is no draft any more.") % rule_set.version)
    if seen is not None and seen != rule_set.changed_at:
        raise RoutingRefused(_("A colleague has changed this draft. Look at it again."))
    if not rules or not rules[-1].is_default:
        raise RoutingRefused(
            _("The last rule must send everything else via the expert centre (EMM).")
        )
    codes = Codes(rules)
    for rule in rules:
        if fault := fault_of(rule, codes):
            raise RoutingRefused(
                _("Rule %(number)s is broken: %(fault)s.")
                % {"number": rule.number, "fault": fault.label}
            )
    if run is None or run.under_way or run.ordered_at < rule_set.changed_at:
        raise RoutingRefused(_("First do a dry run of this draft as it is now."))


def check_wishes(wishes: Sequence[Wish]) -> None:
    if len(wishes) >= MOST_RULES:
        raise RoutingRefused(_("A version has at most %s rules.") % MOST_RULES)
    for wish in wishes:
        if wish.service is not None and not can_receive(wish.service):
            raise RoutingRefused(_("Signals cannot be sent direct to %s.") % wish.service)
        if not wish.conditions:
            raise RoutingRefused(
                _("A rule that asks nothing would take every signal. Choose what it asks.")
            )


def services() -> list[Organisation]:
    """Whom signals can be sent to directly, by name."""
    there = Organisation.objects.filter(type__in=SERVICES, closed_at=None)
    return list(there.order_by("name"))
