from django.urls import include, path

from jiulong.projects.views import acts, easing, lists, means, page, papers, work

app_name = "projects"

urlpatterns = [
    path("", include("jiulong.projects.wall_urls")),
    path("projects/", lists.ProjectList.as_view(), name="projects"),
    path("projects/new/", acts.new, name="new"),
    path("projects/import/", work.import_page, name="import"),
    path("projects/sheet.xlsx", papers.template, name="template"),
    path("projects/obstacles/", lists.ObstacleList.as_view(), name="obstacles"),
    path("projects/means/", means.means_page, name="means"),
    path("projects/lights/", work.lights, name="lights"),
    path("projects/due/", work.due, name="due"),
    path("projects/leader/<str:key>/brief.<str:form>", papers.leader, name="leader"),
    path("projects/<int:pk>/", page.project_page, name="project"),
    path("projects/<int:pk>/brief.<str:form>", papers.project, name="brief"),
    path("projects/<int:pk>/change/", acts.change, name="change"),
    path("projects/<int:pk>/plan/<int:year>/", acts.plan, name="plan"),
    path("projects/<int:pk>/move/<str:move>/", acts.move, name="move"),
    path("projects/<int:pk>/drop/", acts.drop, name="drop"),
    path("projects/<int:pk>/light/", acts.override, name="override"),
    path("projects/<int:pk>/obstacle/<str:matter>/", acts.obstacle, name="obstacle"),
    path("projects/<int:pk>/milestone/", acts.milestone, name="milestone"),
    path("projects/<int:pk>/funds/", acts.funds, name="funds"),
    path("projects/<int:pk>/contact/", acts.contact, name="contact"),
    path("projects/<int:pk>/report/<str:month>/", acts.report, name="report"),
    path("projects/reports/<int:pk>/confirm/", acts.confirm, name="confirm"),
    path("projects/reports/<int:pk>/return/", acts.give_back, name="return"),
    path("projects/milestones/<int:pk>/reached/", acts.reached, name="reached"),
    path("projects/milestones/<int:pk>/confirm/", acts.confirm_milestone, name="confirm_milestone"),
    path("projects/lights/<int:pk>/end/", acts.end_override, name="end_override"),
    path("projects/easings/<int:pk>/grant/", easing.grant, name="grant"),
    path("projects/easings/<int:pk>/refuse/", easing.refuse, name="refuse"),
    path("projects/easings/<int:pk>/withdraw/", easing.withdraw, name="withdraw_easing"),
]
