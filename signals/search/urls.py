"""Where signals are searched, and searches are kept."""

from django.urls import path

from signals.search import views

app_name = "search"
urlpatterns = [
    path("", views.search, name="search"),
    path("saved/", views.save, name="save"),
    path("saved/<uuid:pk>/", views.change, name="change"),
    path("saved/<uuid:pk>/delete/", views.delete, name="delete"),
]
