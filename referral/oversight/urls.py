"""Two doors of the low rooms: the bell leads to `notices:list`, the officer to `audit:trail`."""

from django.urls import include, path

from referral.oversight import views

notice_urls = [
    path("", views.notices, name="list"),
    path("read/", views.read_all, name="read_all"),
    path("<uuid:pk>/read/", views.read, name="read"),
]
audit_urls = [
    path("", views.trail, name="trail"),
    path("<int:pk>/", views.event, name="event"),
    path("opened/<str:object_type>/<str:object_id>/", views.opened, name="opened"),
]
urlpatterns = [
    path("notices/", include((notice_urls, "notices"))),
    path("audit/", include((audit_urls, "audit"))),
]
