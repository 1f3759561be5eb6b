"""The only writers of signals, and the recorded reads."""

from signals.actions.deepening import OpenedDeepening, deepen_signal
from signals.actions.imports import (
    ImportOvertaken,
    ReadRow,
    begin_check,
    begin_import,
    finish_import,
    hand_to_worker,
    import_rows,
    kept_file,
    list_imports,
    open_import,
    order_import,
    refuse_file,
    silent_imports,
)
from signals.actions.intake import submit_signal, submit_signals
from signals.actions.reading import (
    OpenedSignal,
    list_home_signals,
    list_signals,
    open_receipt,
    open_signal,
)
from signals.actions.triage import (
    Judging,
    close_signal,
    close_signals,
    judge_signal,
    judge_signals,
    take_up_signal,
    take_up_signals,
)

__all__ = [
    "ImportOvertaken",
    "Judging",
    "OpenedDeepening",
    "OpenedSignal",
    "ReadRow",
    "begin_check",
    "begin_import",
    "close_signal",
    "close_signals",
    "deepen_signal",
    "finish_import",
    "hand_to_worker",
    "import_rows",
    "judge_signal",
    "judge_signals",
    "kept_file",
    "list_home_signals",
    "list_imports",
    "list_signals",
    "open_import",
    "open_receipt",
    "open_signal",
    "order_import",
    "refuse_file",
    "silent_imports",
    "submit_signal",
    "submit_signals",
    "take_up_signal",
    "take_up_signals",
]
