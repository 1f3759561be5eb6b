"""Under the page of a partner's system: /people/systems/<number>/webhook/."""

from django.urls import path

from signals.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.endpoint, name="endpoint"),
    path("secret/", views.secret, name="secret"),
    path("test/", views.test, name="test"),
    path("stop/", views.stop, name="stop"),
    path("resume/", views.resume, name="resume"),
]
