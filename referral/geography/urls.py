"""Where the map is looked up."""

from django.urls import path

from referral.geography import views

app_name = "geography"
urlpatterns = [
    path("", views.look_up, name="look_up"),
    path("<str:cbs_code>/", views.municipality, name="municipality"),
]
