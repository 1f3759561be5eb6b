from django.urls import path

from referral.cases.planning.views import care, tasks
from referral.cases.unsent.models import Kind
from referral.cases.unsent.views import keeps

app_name = "planning"
urlpatterns = [
    path("tasks/", tasks.list_tasks, name="tasks"),
    path("tasks/hand-over/", tasks.hand_over, name="hand_over"),
    path("tasks/absences/<uuid:pk>/end/", tasks.end_absence, name="end_absence"),
    path("tasks/<uuid:pk>/change/", tasks.change_task, name="change_task"),
    path("tasks/<uuid:pk>/end/", tasks.end_task, name="end_task"),
    path("of/<uuid:pk>/task/", keeps(Kind.TASK)(tasks.add_task), name="add_task"),
    path("of/<uuid:pk>/goal/", keeps(Kind.GOAL)(care.add_goal), name="add_goal"),
    path("of/<uuid:pk>/agree/", care.agree_plan, name="agree_plan"),
    path("of/<uuid:pk>/review/", care.begin_review, name="begin_review"),
    path("of/<uuid:pk>/risk/", keeps(Kind.RISK)(care.assess_risk), name="assess_risk"),
    path("of/<uuid:pk>/tick/", care.tick_line, name="tick_line"),
    path(
        "goals/<uuid:pk>/evaluate/",
        keeps(Kind.EVALUATION, case_of=care.case_of_goal)(care.evaluate_goal),
        name="evaluate_goal",
    ),
]
