"""Where drafts are kept, handed over and thrown away."""

from django.urls import path

from signals.drafts import views

app_name = "drafts"
urlpatterns = [
    path("save/", views.save, name="save"),
    path("<uuid:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("<uuid:pk>/discard/", views.discard, name="discard"),
]
