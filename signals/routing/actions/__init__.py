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

__all__ = [
    "OpenedVersion",
    "activate_rules",
    "begin_version",
    "count_on",
    "hand_to_worker",
    "list_versions",
    "newest_run",
    "open_version",
    "order_dry_run",
    "route_signals",
    "write_rules",
]
