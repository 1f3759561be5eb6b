from django.urls import path

from referral.cases.planning.views import tasks

app_name = "planning"
urlpatterns = [
    path("tasks/", tasks.list_tasks, name="tasks"),
    path("tasks/hand-over/", tasks.hand_over, name="hand_over"),
    path("tasks/<uuid:pk>/change/", tasks.change_task, name="change_task"),
    path("tasks/<uuid:pk>/end/", tasks.end_task, name="end_task"),
    path("of/<uuid:pk>/task/", tasks.add_task, name="add_task"),
]
