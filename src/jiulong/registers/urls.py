"""Addresses of registers, their entries, enterprises, imports and the search."""

from __future__ import annotations

from django.urls import path

from jiulong.registers.views import (
    bulk,
    enterprises,
    entries,
    entry,
    imports,
    queues,
    tiles,
)

app_name = "registers"

urlpatterns = [
    path("search/", tiles.search, name="search"),
    path("registers/", tiles.registers, name="registers"),
    path("registers/options/<str:to>/", entry.options, name="options"),
    path("registers/imports/<int:pk>/", imports.import_job, name="import_job"),
    path("registers/imports/<int:pk>/start/", imports.import_start, name="import_start"),
    path("registers/imports/<int:pk>/give-up/", imports.import_give_up, name="import_give_up"),
    path("registers/imports/<int:pk>/faults.xlsx", imports.import_faults, name="import_faults"),
    path("registers/<str:code>/", entries.EntryList.as_view(), name="entries"),
    path("registers/<str:code>/map/", entries.EntryMap.as_view(), name="map"),
    path("registers/<str:code>/map.json", entries.map_data, name="map_data"),
    path("registers/<str:code>/board/", entries.EntryBoard.as_view(), name="board"),
    path("registers/<str:code>/statistics/", entries.EntryStatistics.as_view(), name="statistics"),
    path("registers/<str:code>/queue/", queues.queue, name="queue"),
    path("registers/<str:code>/new/", entry.entry_new, name="entry_new"),
    path("registers/<str:code>/bulk/", bulk.bulk, name="bulk"),
    path("registers/<str:code>/import/", imports.import_entries, name="import"),
    path("registers/<str:code>/template.xlsx", imports.template, name="template"),
    path("registers/<str:code>/views/", entry.save_view, name="save_view"),
    path("registers/<str:code>/views/<int:pk>/delete/", entry.delete_view, name="delete_view"),
    path("entries/<int:pk>/", entry.entry_page, name="entry"),
    path("entries/<int:pk>/edit/", entry.entry_edit, name="entry_edit"),
    path("entries/<int:pk>/remove/", entry.remove, name="entry_remove"),
    path("entries/<int:pk>/restore/", entry.restore, name="entry_restore"),
    path("entries/<int:pk>/move/", entry.move, name="entry_move"),
    path("entries/<int:pk>/unmask/", entry.unmask, name="entry_unmask"),
    path("enterprises/", enterprises.EnterpriseList.as_view(), name="enterprises"),
    path("enterprises/map/", enterprises.EnterpriseMap.as_view(), name="enterprises_map"),
    path("enterprises/map.json", enterprises.map_data, name="enterprises_map_data"),
    path("enterprises/new/", enterprises.enterprise_new, name="enterprise_new"),
    path("enterprises/import/", imports.import_enterprises, name="enterprises_import"),
    path("enterprises/template.xlsx", imports.enterprises_template, name="enterprises_template"),
    path("enterprises/<int:pk>/", enterprises.enterprise_page, name="enterprise"),
    path("enterprises/<int:pk>/edit/", enterprises.enterprise_edit, name="enterprise_edit"),
    path("public/queues/<str:code>/", queues.published, name="published"),
]
