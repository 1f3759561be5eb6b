"""Where documents are added to a case, taken along and withdrawn."""

from django.urls import path

from referral.cases.documents import views

app_name = "documents"
urlpatterns = [
    path("case/<uuid:pk>/add/", views.add, name="add"),
    path("case/<uuid:pk>/begin/", views.begin, name="begin"),
    path("referral/<uuid:pk>/", views.of_referral, name="of_referral"),
    path("<uuid:pk>/", views.download, name="download"),
    path("<uuid:pk>/upload/", views.upload, name="upload"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
]
