"""Where two people change beds."""

from django.urls import path

from shelters.swaps import views

app_name = "swaps"
urlpatterns = [
    path("with/<uuid:pk>/", views.propose, name="propose"),
    path("<uuid:pk>/", views.swap, name="swap"),
    path("<uuid:pk>/move/", views.move, name="move"),
]
