"""The only writers of links and dismissals, and the recorded reads."""

from signals.links.actions.deciding import dismiss_suggestion, end_link, link_signals
from signals.links.actions.graph import Graph, open_graph
from signals.links.actions.reading import OpenedLink, list_known_hits, open_links
from signals.links.actions.suggesting import list_suggestions, weights_at
from signals.links.actions.telling import tell_handlers, tell_of_new_keys
from signals.links.actions.weighing import list_weights, set_weights

__all__ = [
    "Graph",
    "OpenedLink",
    "dismiss_suggestion",
    "end_link",
    "link_signals",
    "list_known_hits",
    "list_suggestions",
    "list_weights",
    "open_graph",
    "open_links",
    "set_weights",
    "tell_handlers",
    "tell_of_new_keys",
    "weights_at",
]
