"""The only writers of shelter, and the recorded reads."""

from shelters.actions.beds import (
    add_bed,
    add_beds,
    rename_bed,
    set_in_order,
    set_out_of_order,
    withdraw_bed,
)
from shelters.actions.emergencies import record_emergency
from shelters.actions.families import reserve_for_family
from shelters.actions.holding import board_stamp, board_turns
from shelters.actions.houses import add_shelter, reveal_address, set_address
from shelters.actions.placements import (
    accept_placement,
    accept_placements,
    end_placement,
    end_placements,
    expire_reservations,
    record_arrival,
    record_arrivals,
    refuse_placement,
    refuse_placements,
    reserve_bed,
    reserve_beds,
    withdraw_reservation,
    withdraw_reservations,
)
from shelters.actions.profiles import say_what_is_offered, set_contract, set_standing
from shelters.actions.reading import (
    list_bed_board,
    list_home_shelters,
    list_placements,
    list_requests,
    open_placement,
    open_request,
    open_shelter,
)
from shelters.actions.requests import cancel_request, request_shelter, request_shelters

__all__ = [
    "accept_placement",
    "accept_placements",
    "add_bed",
    "add_beds",
    "add_shelter",
    "board_stamp",
    "board_turns",
    "cancel_request",
    "end_placement",
    "end_placements",
    "expire_reservations",
    "list_bed_board",
    "list_home_shelters",
    "list_placements",
    "list_requests",
    "open_placement",
    "open_request",
    "open_shelter",
    "record_arrival",
    "record_arrivals",
    "record_emergency",
    "refuse_placement",
    "refuse_placements",
    "rename_bed",
    "request_shelter",
    "request_shelters",
    "reserve_bed",
    "reserve_beds",
    "reserve_for_family",
    "reveal_address",
    "say_what_is_offered",
    "set_address",
    "set_contract",
    "set_in_order",
    "set_out_of_order",
    "set_standing",
    "withdraw_bed",
    "withdraw_reservation",
    "withdraw_reservations",
]
