from django.urls import path

from referral.rights import views

app_name = "rights"
urlpatterns = [
    path("", views.list_requests, name="list"),
    path("receive/", views.receive, name="receive"),
    path("to-carry-out/", views.to_carry_out, name="to_carry_out"),
    path("to-carry-out/<uuid:pk>/", views.carry_out, name="carry_out"),
    path("to-carry-out/<uuid:pk>/lift/", views.lift, name="lift"),
    path("to-carry-out/<uuid:pk>/<uuid:registration>/", views.rectify, name="rectify"),
    path("<uuid:pk>/", views.request_of_person, name="request"),
    path("<uuid:pk>/<slug:step>/", views.take_step, name="step"),
    path("extracts/<uuid:pk>/", views.extract, name="extract"),
    path("extracts/<uuid:pk>/pdf/", views.extract_pdf, name="extract_pdf"),
    path("transfers/<uuid:pk>/", views.transfer, name="transfer"),
]
