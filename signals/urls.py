"""Where signals are sent, read, taken up, judged, and brought in from files."""

from django.urls import include, path

from signals.attachments.views import attachments_part
from signals.deliberation.views.parts import deliberations
from signals.drafts.views import drafts_above, kept_draft
from signals.enrichment.views import part as enrichment_part
from signals.forwarding.views import part as forwarding_part
from signals.links.views import known_hits
from signals.links.views import part as links_part
from signals.paper.views import part as paper_part
from signals.views import amendments, deepening, desk, imports, intake, layouts, levels, triage
from signals.views.keeping import keeping
from signals.views.parts import PartMaker
from signals.views.routed import routed

#: What the rooms inside this one show on the page of a signal, in this order (ADR 11).
PARTS: tuple[PartMaker, ...] = (
    links_part,
    attachments_part,
    deliberations,
    enrichment_part,
    forwarding_part,
    routed,
    paper_part,
    keeping,
)

app_name = "signals"
urlpatterns = [
    path("", intake.list_signals, {"above": drafts_above}, name="list"),
    path("new/", intake.submit, {"keep": kept_draft}, name="submit"),
    path("triage/", triage.queue, name="triage"),
    path("triage/csv/", triage.file, name="triage_file"),
    path("", include("signals.deliberation.urls")),
    path("search/", include("signals.search.urls")),
    path("levels/", levels.levels, name="levels"),
    path("imports/", imports.imports, name="imports"),
    path("imports/mappings/", layouts.mappings, name="mappings"),
    path("imports/mappings/keep/", layouts.keep_mapping, name="keep_mapping"),
    path("imports/mappings/<int:pk>/", layouts.mapping, name="mapping"),
    path("imports/mappings/<int:pk>/end/", layouts.end_mapping, name="end_mapping"),
    path("imports/<uuid:pk>/", imports.report, name="import_report"),
    path("imports/<uuid:pk>/progress/", imports.progress, name="import_progress"),
    path("routing/", include("signals.routing.urls")),
    path("<uuid:pk>/", intake.signal, {"more": PARTS}, name="signal"),
    path("<uuid:pk>/receipt/", intake.receipt, {"also": known_hits}, name="receipt"),
    path("<uuid:pk>/deepen/", deepening.deepen, name="deepen"),
    path("<uuid:pk>/amend/", amendments.amend, name="amend"),
    path("<uuid:pk>/split/", amendments.split, name="split"),
    path("<uuid:pk>/take-back/", amendments.withdraw, name="withdraw"),
    path("<uuid:pk>/take-up/", triage.take_up, name="take_up"),
    path("<uuid:pk>/judge/", desk.judge, name="judge"),
    path("<uuid:pk>/ask/", desk.ask, name="ask"),
    path("<uuid:pk>/answer/", desk.answer, name="answer"),
    path("<uuid:pk>/withdraw-question/", desk.withdraw_question, name="withdraw_question"),
    path("<uuid:pk>/park/", desk.park, name="park"),
    path("<uuid:pk>/bring-back/", desk.bring_back, name="bring_back"),
    path("<uuid:pk>/merge/", desk.merge, name="merge"),
    path("<uuid:pk>/unmerge/", desk.unmerge, name="unmerge"),
    path("<uuid:pk>/hand-over/", desk.hand_over, name="hand_over"),
    path("<uuid:pk>/second-reading/", desk.second_reading, name="second_reading"),
    path("<uuid:pk>/feedback/", desk.close_with_feedback, name="close_with_feedback"),
    path("<uuid:pk>/close/", triage.close, name="close"),
    path("", include("signals.attachments.urls")),
    path("drafts/", include("signals.drafts.urls")),
    path("", include("signals.enrichment.urls")),
    path("", include("signals.forwarding.urls")),
    path("", include("signals.links.urls")),
    path("", include("signals.paper.urls")),
]
