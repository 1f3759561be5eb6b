"""Where days that end are listed, and files of residence kept."""

from django.urls import path

from referral.residence.views import deeds, pages

app_name = "residence"
urlpatterns = [
    path("", pages.list_terms, name="list"),
    path("begin/", pages.begin, name="begin"),
    path("<uuid:pk>/", pages.file_page, name="file"),
    path("<uuid:pk>/suspend/", deeds.suspend, name="suspend"),
    path("<uuid:pk>/reporting-day/", deeds.reporting_day, name="reporting_day"),
    path("<uuid:pk>/<str:line>/<str:to>/", deeds.move, name="move"),
]
