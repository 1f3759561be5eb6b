"""Clean input: what people type, and what files hold."""

from signals.forms.amendments import AmendForm, SplitForm, WithdrawForm
from signals.forms.deepening import DeepenForm, LibraryForm
from signals.forms.desk import (
    AnswerForm,
    FeedbackForm,
    HandOverForm,
    MergeForm,
    ParkForm,
    QuestionForm,
    SecondReadingForm,
)
from signals.forms.imports import ImportForm
from signals.forms.queue import QueueForm
from signals.forms.reading import PROFILES, FileBroken, check_head, count_rows, read_rows
from signals.forms.signal import JudgeForm, SignalForm

__all__ = [
    "PROFILES",
    "AmendForm",
    "AnswerForm",
    "DeepenForm",
    "FeedbackForm",
    "FileBroken",
    "HandOverForm",
    "ImportForm",
    "JudgeForm",
    "LibraryForm",
    "MergeForm",
    "ParkForm",
    "QuestionForm",
    "QueueForm",
    "SecondReadingForm",
    "SignalForm",
    "SplitForm",
    "WithdrawForm",
    "check_head",
    "count_rows",
    "read_rows",
]
