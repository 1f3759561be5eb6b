"""The only writers of requests of persons and their extracts, and the recorded looks at them."""

from referral.rights.actions.carrying import (
    HomeExecutions,
    ToCarryOut,
    carry_out,
    count_home_executions,
    lift_restriction,
    list_executions,
    read_execution,
    rectify,
    remind_of_executions,
)
from referral.rights.actions.course import (
    answer_request,
    begin_request,
    check_identity,
    close_request,
    extend_request,
    receive_request,
    tell_of_terms,
)
from referral.rights.actions.extracts import Looks, make_extract, print_extract, read_extract
from referral.rights.actions.reading import (
    HomeRights,
    Opened,
    SafeChannel,
    count_home_rights,
    list_requests,
    read_request,
    read_safe_channels,
)
from referral.rights.actions.transfers import (
    Transfer,
    download_transfer,
    make_transfer,
    read_transfer,
)

__all__ = [
    "HomeExecutions",
    "HomeRights",
    "Looks",
    "Opened",
    "SafeChannel",
    "ToCarryOut",
    "Transfer",
    "answer_request",
    "begin_request",
    "carry_out",
    "check_identity",
    "close_request",
    "count_home_executions",
    "count_home_rights",
    "download_transfer",
    "extend_request",
    "lift_restriction",
    "list_executions",
    "list_requests",
    "make_extract",
    "make_transfer",
    "print_extract",
    "read_execution",
    "read_extract",
    "read_request",
    "read_safe_channels",
    "read_transfer",
    "receive_request",
    "rectify",
    "remind_of_executions",
    "tell_of_terms",
]
