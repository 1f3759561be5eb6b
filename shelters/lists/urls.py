"""Where the placement desk keeps the lists of shelter."""

from django.urls import path

from shelters.lists import views

app_name = "lists"
urlpatterns = [path("", views.lists, name="all")]
