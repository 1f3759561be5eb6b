"""Where signals are sent, read, taken up, judged, and brought in from files."""

from django.urls import path

from signals.views import deepening, imports, intake, triage

app_name = "signals"
urlpatterns = [
    path("", intake.list_signals, name="list"),
    path("new/", intake.submit, name="submit"),
    path("triage/", triage.queue, name="triage"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<uuid:pk>/", imports.report, name="import_report"),
    path("imports/<uuid:pk>/progress/", imports.progress, name="import_progress"),
    path("<uuid:pk>/", intake.signal, name="signal"),
    path("<uuid:pk>/receipt/", intake.receipt, name="receipt"),
    path("<uuid:pk>/deepen/", deepening.deepen, name="deepen"),
    path("<uuid:pk>/take-up/", triage.take_up, name="take_up"),
    path("<uuid:pk>/judge/", triage.judge, name="judge"),
    path("<uuid:pk>/close/", triage.close, name="close"),
]
