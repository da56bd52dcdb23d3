"""Addresses of the contest; `urls.py` includes them."""

from __future__ import annotations

from django.urls import path

from jiulong.scorecards.views import adjustments, disputes, judging, schemes, standings

urlpatterns = [
    path("contest/", standings.newest, name="standings"),
    path("contest/all/", standings.StandingList.as_view(), name="standing_list"),
    path("contest/compute/", standings.compute, name="compute"),
    path("contest/<int:pk>/", standings.standing_page, name="standing"),
    path("contest/<int:pk>/do/<str:step>/", standings.act, name="standing_act"),
    path("contest/<int:pk>/again/", standings.again_page, name="standing_again"),
    path("contest/<int:pk>/scheme.yaml", standings.scheme_file, name="standing_scheme"),
    path("contest/<int:pk>/observations.csv", standings.rows_file, name="standing_rows"),
    path("contest/rows/<int:pk>/", standings.row_page, name="row"),
    path("contest/rows/<int:pk>/what-if/", standings.what_if_page, name="what_if"),
    path("contest/rows/<int:pk>/object/", disputes.file_page, name="object"),
    path("contest/objections/", disputes.DisputeList.as_view(), name="disputes"),
    path("contest/objections/<int:pk>/", disputes.dispute_page, name="dispute"),
    path("contest/objections/<int:pk>/withdraw/", disputes.withdraw, name="dispute_withdraw"),
    path("contest/schemes/", schemes.SchemeList.as_view(), name="schemes"),
    path("contest/schemes/<int:pk>/", schemes.scheme_page, name="scheme"),
    path("contest/schemes/<int:pk>/draft/", schemes.draft, name="scheme_draft"),
    path("contest/schemes/<int:pk>/edit/", schemes.edit_page, name="scheme_edit"),
    path("contest/schemes/<int:pk>/simulate/", schemes.simulate_page, name="scheme_simulate"),
    path("contest/schemes/<int:pk>/adopt/", schemes.adopt, name="scheme_adopt"),
    path("contest/schemes/<int:pk>/drop/", schemes.drop, name="scheme_drop"),
    path("contest/adjustments/", adjustments.AdjustmentList.as_view(), name="adjustments"),
    path("contest/adjustments/new/", adjustments.new_page, name="adjustment_new"),
    path("contest/adjustments/<int:pk>/", adjustments.adjustment_page, name="adjustment"),
    path("contest/adjustments/<int:pk>/confirm/", adjustments.confirm, name="adjustment_confirm"),
    path(
        "contest/adjustments/<int:pk>/withdraw/", adjustments.withdraw, name="adjustment_withdraw"
    ),
    path("contest/judging/", judging.judging_page, name="judging"),
    path("contest/judging/<int:pk>/", judging.score_page, name="judge"),
    path("contest/panels/", judging.PanelList.as_view(), name="panels"),
    path("contest/panels/new/", judging.new_page, name="panel_new"),
    path("contest/panels/<int:pk>/", judging.panel_page, name="panel"),
    path("contest/panels/<int:pk>/material/", judging.material, name="panel_material"),
    path("contest/panels/<int:pk>/close/", judging.close, name="panel_close"),
]
