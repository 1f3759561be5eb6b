from django.urls import path

from referral.cases import views

app_name = "cases"
urlpatterns = [
    path("<uuid:pk>/", views.case_file, name="case"),
    path("handoffs/<uuid:pk>/", views.handoff, name="handoff"),
]
