"""The monthly deliberation, the papers of it, its follow-up, and trends."""

from django.urls import path

from signals.deliberation.views import agenda, follow_ups, held, meetings, packs, trends

app_name = "deliberation"
urlpatterns = [
    path("deliberations/", meetings.list_meetings, name="list"),
    path("deliberations/plan/", meetings.plan, name="plan"),
    path("deliberations/follow-ups/", follow_ups.list_follow_ups, name="follow_ups"),
    path("deliberations/follow-ups/<uuid:pk>/", follow_ups.follow_up, name="follow_up"),
    path("deliberations/papers/<uuid:pk>/", packs.pack, name="pack"),
    path("deliberations/papers/<uuid:pk>/pdf/", packs.pdf, name="pack_pdf"),
    path("deliberations/participants/<uuid:pk>/", agenda.sections, name="sections"),
    path("deliberations/participants/<uuid:pk>/remove/", agenda.remove, name="remove"),
    path("deliberations/items/<uuid:pk>/move/", agenda.move, name="move"),
    path("deliberations/items/<uuid:pk>/decide/", held.decide, name="decide"),
    path("deliberations/proposals/<uuid:pk>/withdraw/", agenda.withdraw, name="withdraw"),
    path("deliberations/<uuid:pk>/", meetings.meeting, name="meeting"),
    path("deliberations/<uuid:pk>/invite/", agenda.invite, name="invite"),
    path("deliberations/<uuid:pk>/place/<uuid:proposal>/", agenda.place, name="place"),
    path("deliberations/<uuid:pk>/set-agenda/", meetings.set_agenda, name="set_agenda"),
    path("deliberations/<uuid:pk>/take-back/", meetings.take_back, name="take_back"),
    path("deliberations/<uuid:pk>/cancel/", meetings.cancel, name="cancel"),
    path("deliberations/<uuid:pk>/begin/", meetings.begin, name="begin"),
    path("deliberations/<uuid:pk>/attendance/", held.attendance, name="attendance"),
    path("deliberations/<uuid:pk>/minutes/", held.minutes, name="minutes"),
    path("deliberations/<uuid:pk>/minutes/pdf/", held.minutes_pdf, name="minutes_pdf"),
    path("deliberations/<uuid:pk>/lock/", meetings.lock, name="lock"),
    path("deliberations/<uuid:pk>/addendum/", held.addendum, name="addendum"),
    path("<uuid:pk>/propose/", agenda.propose, name="propose"),
    path("trends/", trends.list_trends, name="trends"),
    path("trends/write/", trends.write, name="write_trend"),
    path("trends/counts/", trends.counts, name="counts"),
    path("trends/counts/publish/", trends.publish_counts, name="publish_counts"),
    path("trends/<uuid:pk>/", trends.trend, name="trend"),
    path("trends/<uuid:pk>/edit/", trends.edit, name="edit_trend"),
    path("trends/<uuid:pk>/publish/", trends.publish, name="publish_trend"),
    path("trends/<uuid:pk>/withdraw/", trends.withdraw, name="withdraw_trend"),
]
