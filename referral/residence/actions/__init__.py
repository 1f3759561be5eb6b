"""The only writers of residence, and the recorded reads."""

from referral.residence.actions.clock import expire_reflections, tell_of_deadlines
from referral.residence.actions.files import (
    HomeDeadlines,
    OpenedFile,
    begin_residence_file,
    begin_residence_files,
    days_of,
    list_deadlines,
    list_files,
    list_home_deadlines,
    open_file,
    open_file_of,
)
from referral.residence.actions.reflection import (
    begin_reflection,
    can_suspend,
    decline_reflection,
    end_reflection,
    grant_reflection,
    offer_reflection,
    record_reporting_day,
    suspend_departure,
)
from referral.residence.actions.report import move_report
from referral.residence.actions.track import decide_on_residence, send_m55
from referral.residence.actions.versions import check_line, mark_of_line, read_line

__all__ = [
    "HomeDeadlines",
    "OpenedFile",
    "begin_reflection",
    "begin_residence_file",
    "begin_residence_files",
    "can_suspend",
    "check_line",
    "days_of",
    "decide_on_residence",
    "decline_reflection",
    "end_reflection",
    "expire_reflections",
    "grant_reflection",
    "list_deadlines",
    "list_files",
    "list_home_deadlines",
    "mark_of_line",
    "move_report",
    "offer_reflection",
    "open_file",
    "open_file_of",
    "read_line",
    "record_reporting_day",
    "send_m55",
    "suspend_departure",
    "tell_of_deadlines",
]
