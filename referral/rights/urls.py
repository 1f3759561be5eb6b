from django.urls import path

from referral.rights import views

app_name = "rights"
urlpatterns = [
    path("", views.list_requests, name="list"),
    path("receive/", views.receive, name="receive"),
    path("<uuid:pk>/", views.request_of_person, name="request"),
    path("<uuid:pk>/<slug:step>/", views.take_step, name="step"),
    path("extracts/<uuid:pk>/", views.extract, name="extract"),
    path("extracts/<uuid:pk>/pdf/", views.extract_pdf, name="extract_pdf"),
]
