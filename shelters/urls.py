"""Where shelter is asked for, found, given and ended."""

from django.urls import include, path

from shelters.matching.views import families, places
from shelters.stays import views as stays
from shelters.swaps import views as swaps
from shelters.views import beds, emergencies, houses, placements, profiles, requests

app_name = "shelters"
#: When a bed becomes free by plan, for the pages that look ahead.
ENDS = {"ends": stays.planned_ends}
urlpatterns = [
    path("request/<uuid:pk>/", places.request_shelter, name="request_shelter"),
    path(
        "requests/",
        requests.requests,
        {"above": places.above_requests, "waiting": swaps.waiting_part},
        name="requests",
    ),
    path(
        "requests/<uuid:pk>/",
        requests.request_page,
        {"more": places.request_part},
        name="request",
    ),
    path("requests/<uuid:pk>/reserve/", places.reserve, name="reserve"),
    path("requests/<uuid:pk>/cancel/", requests.cancel, name="cancel"),
    path("requests/<uuid:pk>/emergency/", emergencies.emergency, name="emergency"),
    path("requests/<uuid:pk>/family/", families.family, name="family"),
    path("matching/", include("shelters.matching.urls")),
    path("lists/", include("shelters.lists.urls")),
    path("board/", houses.board, ENDS, name="board"),
    path(
        "today/",
        houses.today,
        {"why": places.why_here, "waiting": swaps.waiting_part},
        name="today",
    ),
    path(
        "placements/<uuid:pk>/",
        placements.placement_page,
        {"more": swaps.placement_part, "why": places.why_here},
        name="placement",
    ),
    path("placements/<uuid:pk>/accept/", placements.accept, name="accept"),
    path("placements/<uuid:pk>/refuse/", placements.refuse, name="refuse"),
    path("placements/<uuid:pk>/take-back/", placements.take_back, name="take_back"),
    path("placements/<uuid:pk>/arrive/", placements.arrive, name="arrive"),
    path("placements/<uuid:pk>/end/", placements.end, name="end"),
    path("figures/", include("shelters.figures.urls")),
    path("stays/", include("shelters.stays.urls")),
    path("swaps/", include("shelters.swaps.urls")),
    path("beds/<uuid:pk>/", beds.bed, name="bed"),
    path("beds/<uuid:pk>/out-of-order/", beds.out_of_order, name="out_of_order"),
    path("beds/<uuid:pk>/in-order/", beds.in_order, name="in_order"),
    path("beds/<uuid:pk>/withdraw/", beds.withdraw, name="withdraw_bed"),
    path("new/", profiles.new, name="new"),
    path("<uuid:pk>/", profiles.shelter, name="shelter"),
    path("<uuid:pk>/offer/", profiles.offer, name="offer"),
    path("<uuid:pk>/standing/", profiles.standing, name="standing"),
    path("<uuid:pk>/contract/", profiles.contract, name="contract"),
    path("<uuid:pk>/beds/", beds.beds, ENDS, name="beds"),
    path("<uuid:pk>/move/", profiles.move, name="move"),
    path("<uuid:pk>/address/", houses.reveal_address, name="reveal_address"),
]
