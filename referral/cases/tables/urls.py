from django.urls import path

from referral.cases.tables import views
from referral.cases.unsent.models import Kind
from referral.cases.unsent.views import keeps

app_name = "tables"
urlpatterns = [
    path("", views.list_tables, name="list"),
    path("of/<uuid:pk>/", keeps(Kind.TABLE)(views.call), name="call"),
    path("<uuid:pk>/", views.table, name="table"),
    path("<uuid:pk>/hold/", views.hold, name="hold"),
    path("<uuid:pk>/agree/", views.agree, name="agree"),
    path("<uuid:pk>/close/", views.close, name="close"),
    path("<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("agreements/<uuid:pk>/task/", views.task, name="task"),
]
