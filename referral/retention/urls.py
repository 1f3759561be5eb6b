from django.urls import include, path

from referral.retention import views

app_name = "retention"
urlpatterns = [
    path("", views.list_erasures, name="list"),
    path("terms/", views.terms, name="terms"),
    path("hold/", views.hold, name="hold"),
    path("holds/<uuid:pk>/lift/", views.lift, name="lift"),
    path("lists/", include("referral.retention.destruction.urls")),
    path("<uuid:pk>/", views.erasure, name="erasure"),
    path("<uuid:pk>/<slug:goal>/", views.move, name="move"),
]
