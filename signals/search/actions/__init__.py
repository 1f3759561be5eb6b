"""The only writers of the index and of kept searches, and the recorded search."""

from signals.search.actions.indexing import index_changes, mark_all_stale
from signals.search.actions.saving import (
    OpenedFilter,
    change_filter,
    count_found,
    delete_filter,
    open_filter,
    open_filters,
    save_filter,
)
from signals.search.actions.searching import Found, Hit, search

__all__ = [
    "Found",
    "Hit",
    "OpenedFilter",
    "change_filter",
    "count_found",
    "delete_filter",
    "index_changes",
    "mark_all_stale",
    "open_filter",
    "open_filters",
    "save_filter",
    "search",
]
