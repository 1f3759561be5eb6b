"""The only writers of links and dismissals, and the recorded reads."""

from signals.links.actions.deciding import dismiss_suggestion, end_link, link_signals
from signals.links.actions.graph import Graph, open_graph
from signals.links.actions.reading import OpenedLink, list_known_hits, open_links
from signals.links.actions.suggesting import list_suggestions
from signals.links.actions.telling import tell_handlers

__all__ = [
    "Graph",
    "OpenedLink",
    "dismiss_suggestion",
    "end_link",
    "link_signals",
    "list_known_hits",
    "list_suggestions",
    "open_graph",
    "open_links",
    "tell_handlers",
]
