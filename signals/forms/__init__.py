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
from signals.forms.layouts import KeepForm, TryForm, understood
from signals.forms.levels import LevelsForm
from signals.forms.profiles import profile_of
from signals.forms.queue import QueueForm
from signals.forms.reading import FileBroken, check_head, count_rows, read_rows
from signals.forms.signal import JudgeForm, SignalForm

__all__ = [
    "AmendForm",
    "AnswerForm",
    "DeepenForm",
    "FeedbackForm",
    "FileBroken",
    "HandOverForm",
    "ImportForm",
    "JudgeForm",
    "KeepForm",
    "LevelsForm",
    "LibraryForm",
    "MergeForm",
    "ParkForm",
    "QuestionForm",
    "QueueForm",
    "SecondReadingForm",
    "SignalForm",
    "SplitForm",
    "TryForm",
    "WithdrawForm",
    "check_head",
    "count_rows",
    "profile_of",
    "read_rows",
    "understood",
]
