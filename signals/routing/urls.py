"""Where the rules of routing are read, written, tried and taken into use."""

from django.urls import path

from signals.routing.views import versions, watch

app_name = "routing"
urlpatterns = [
    path("", versions.versions, name="versions"),
    path("begin/", versions.begin_first, name="begin_first"),
    path("on-call/", watch.watch, name="watch"),
    path("on-call/waiting-time/", watch.patience, name="patience"),
    path("on-call/<uuid:pk>/cancel/", watch.cancel, name="cancel_shift"),
    path("<uuid:pk>/", versions.version, name="version"),
    path("<uuid:pk>/begin/", versions.begin, name="begin"),
    path("<uuid:pk>/edit/", versions.edit, name="edit"),
    path("<uuid:pk>/dry-run/", versions.dry_run, name="dry_run"),
    path("<uuid:pk>/run/", versions.run, name="run"),
    path("<uuid:pk>/activate/", versions.activate, name="activate"),
]
