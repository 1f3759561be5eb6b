from django.urls import path

from referral.cases.printing import views

app_name = "printing"
urlpatterns = [path("<uuid:pk>/", views.print_case, name="print")]
