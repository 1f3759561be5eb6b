"""Where cases are listed, opened, worked on and handed over."""

from django.urls import include, path

from referral.cases.planning.rules import absent_colleagues
from referral.cases.unsent.models import Kind
from referral.cases.unsent.views import keeps
from referral.cases.views import consents, course, file, handoffs, lists

app_name = "cases"
urlpatterns = [
    path("", lists.list_cases, {"absent": absent_colleagues}, name="list"),
    path("queue/", lists.queue, name="queue"),
    path("to-offer/", lists.to_offer, name="to_offer"),
    path("offer/<uuid:pk>/", course.offer, name="offer"),
    path("emergency/", include("referral.cases.emergency.urls")),
    path("regions/", include("referral.cases.regions.urls")),
    path("referrals/", include("referral.cases.referrals.urls")),
    path("tables/", include("referral.cases.tables.urls")),
    path("planning/", include("referral.cases.planning.urls")),
    path("family/", include("referral.cases.family.urls")),
    path("calendar/", include("referral.cases.calendar.urls")),
    path("documents/", include("referral.cases.documents.urls")),
    path("handoffs/", lists.list_handoffs, name="handoffs"),
    path("handoffs/<uuid:pk>/", handoffs.handoff, name="handoff"),
    path("handoffs/<uuid:pk>/review/", handoffs.review_handoff, name="review_handoff"),
    path("handoffs/<uuid:pk>/question/", handoffs.question, name="handoff_question"),
    path("handoffs/<uuid:pk>/complete/", handoffs.complete_handoff, name="complete_handoff"),
    path("handoffs/<uuid:pk>/accept/", handoffs.accept_handoff, name="accept_handoff"),
    path("handoffs/<uuid:pk>/decline/", handoffs.decline_handoff, name="decline_handoff"),
    path("handoffs/<uuid:pk>/withdraw/", handoffs.withdraw_handoff, name="withdraw_handoff"),
    path("<uuid:pk>/", file.case_file, name="case"),
    path("<uuid:pk>/offer/", course.offer_elsewhere, name="offer_elsewhere"),
    path("<uuid:pk>/accept/", course.accept, name="accept"),
    path("<uuid:pk>/identity/", file.identity, name="identity"),
    path("<uuid:pk>/notes/", keeps(Kind.NOTE)(course.write_note), name="write_note"),
    path("<uuid:pk>/next-step/", course.plan_next_step, name="plan_next_step"),
    path("<uuid:pk>/consents/", consents.ask, name="ask_consent"),
    path("<uuid:pk>/consents/<uuid:consent>/", consents.answer, name="answer_consent"),
    path("<uuid:pk>/handoff/", keeps(Kind.HANDOFF)(handoffs.offer_handoff), name="offer_handoff"),
    path("<uuid:pk>/close/", course.close, name="close"),
]
