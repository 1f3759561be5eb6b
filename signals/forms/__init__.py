"""Clean input: what people type, and what files hold."""

from signals.forms.imports import ImportForm
from signals.forms.queue import QueueForm
from signals.forms.reading import PROFILES, FileBroken, check_head, count_rows, read_rows
from signals.forms.signal import JudgeForm, SignalForm

__all__ = [
    "PROFILES",
    "FileBroken",
    "ImportForm",
    "JudgeForm",
    "QueueForm",
    "SignalForm",
    "check_head",
    "count_rows",
    "read_rows",
]
