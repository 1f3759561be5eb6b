from django.urls import path

from referral.sharing import views

app_name = "sharing"
urlpatterns = [
    path("of/<uuid:person>/", views.consents, name="consents"),
    path("of/<uuid:person>/without/", views.use_other_basis, name="use_other_basis"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("without/", views.other_bases, name="other_bases"),
    path("without/<uuid:pk>/", views.review, name="review"),
    path("without/<uuid:pk>/end/", views.end_other_basis, name="end_other_basis"),
]
