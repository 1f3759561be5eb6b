"""Where files are added to a signal, and taken along."""

from django.urls import path

from signals.attachments import views

app_name = "attachments"
urlpatterns = [
    path("<uuid:pk>/attach/", views.attach, name="attach"),
    path("<uuid:pk>/attachments/", views.progress, name="progress"),
    path("<uuid:pk>/attachments/begin/", views.begin, name="begin"),
    path("attachments/<uuid:pk>/", views.download, name="download"),
    path("attachments/<uuid:pk>/upload/", views.upload, name="upload"),
    path("attachments/<uuid:pk>/original/", views.evidence, name="evidence"),
]
