"""Where a stay is followed, prolonged and brought to its end."""

from django.urls import path

from shelters.stays import views

app_name = "stays"
urlpatterns = [
    path("", views.stays, name="list"),
    path("<uuid:pk>/", views.stay, name="stay"),
    path("<uuid:pk>/longer/", views.longer, name="longer"),
    path("<uuid:pk>/decide/", views.decide, name="decide"),
    path("<uuid:pk>/outflow/", views.outflow, name="outflow"),
    path("<uuid:pk>/drop/", views.drop, name="drop"),
    path("<uuid:pk>/note/", views.note, name="note"),
]
