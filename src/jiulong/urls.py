"""All addresses of the web site."""

from django.urls import include, path

from jiulong.api.root import addresses

urlpatterns = [
    path("api/", addresses()),
    path("account/", include("jiulong.desk.account")),
    path("account/", include("jiulong.api.pages")),
    path("house/", include("jiulong.organisation.urls")),
    path("", include("jiulong.desk.urls")),
    path("", include("jiulong.calendar.urls")),
    path("", include("jiulong.scorecards.urls")),
    path("", include("jiulong.projects.urls")),
    path("", include("jiulong.bulletins.urls")),
    path("", include("jiulong.monitoring.urls")),
    path("", include("jiulong.upkeep.urls")),
    path("", include("jiulong.validity.urls")),
    path("", include("jiulong.gateway.urls")),
    path("", include("jiulong.sampling.urls")),
    path("", include("jiulong.gaps.urls")),
    path("", include("jiulong.plant.urls")),
    path("", include("jiulong.portal.urls")),
    path("", include("jiulong.reports.urls")),
    path("", include("jiulong.duty.urls")),
    path("", include("jiulong.evidence.urls")),
    path("", include("jiulong.packs.urls")),
    path("", include("jiulong.registers.urls")),
    path("", include("jiulong.cases.notices.urls")),
    path("", include("jiulong.cases.open311.urls")),
    path("", include("jiulong.cases.reporting.urls")),
    path("", include("jiulong.cases.tracking_urls")),
    path("", include("jiulong.cases.urls")),
]

handler400 = "jiulong.desk.errors.bad_request"
handler403 = "jiulong.desk.errors.forbidden"
handler404 = "jiulong.desk.errors.not_found"
handler500 = "jiulong.desk.errors.broken"
