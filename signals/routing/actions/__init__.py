"""The only writers of rules and of what they decide, and the recorded looks."""

from signals.routing.actions.decide import route_signals
from signals.routing.actions.runs import (
    count_on,
    hand_to_worker,
    newest_run,
    order_dry_run,
)
from signals.routing.actions.versions import (
    OpenedVersion,
    activate_rules,
    begin_version,
    list_versions,
    open_version,
    write_rules,
)
from signals.routing.actions.watch import (
    MINUTES,
    call_for,
    call_next,
    cancel_shift,
    patience,
    plan_shift,
    set_patience,
)

__all__ = [
    "MINUTES",
    "OpenedVersion",
    "activate_rules",
    "begin_version",
    "call_for",
    "call_next",
    "cancel_shift",
    "count_on",
    "hand_to_worker",
    "list_versions",
    "newest_run",
    "open_version",
    "order_dry_run",
    "patience",
    "plan_shift",
    "route_signals",
    "set_patience",
    "write_rules",
]
