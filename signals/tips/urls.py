"""Where citizens tell what they saw, and come back with their code."""

from django.urls import path

from signals.tips import views

app_name = "tips"
urlpatterns = [
    path("", views.send, name="send"),
    path("code/", views.follow, name="follow"),
    path("answer/", views.answer, name="answer"),
    path("add/", views.add, name="add"),
]
