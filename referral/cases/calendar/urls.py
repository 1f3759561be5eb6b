from django.urls import path

from referral.cases.calendar import views

app_name = "calendar"
urlpatterns = [
    path("", views.month, name="month"),
    path("address/", views.make_address, name="make_address"),
    path("address/end/", views.end_address, name="end_address"),
    path("feed/<slug:secret>.ics", views.feed, name="feed"),
]
