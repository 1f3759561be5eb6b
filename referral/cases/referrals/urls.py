from django.urls import path

from referral.cases.referrals import views
from referral.cases.unsent.models import Kind
from referral.cases.unsent.views import keeps

app_name = "referrals"
urlpatterns = [
    path("", views.list_referrals, name="list"),
    path("of/<uuid:pk>/", keeps(Kind.REFERRAL)(views.offer), name="offer"),
    path("<uuid:pk>/", views.referral, name="referral"),
    path("<uuid:pk>/print/", views.print_package, name="print"),
    path("<uuid:pk>/accept/", views.accept, name="accept"),
    path("<uuid:pk>/decline/", views.decline, name="decline"),
    path("<uuid:pk>/contact/", views.contact, name="contact"),
    path("<uuid:pk>/complete/", views.complete, name="complete"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
]
