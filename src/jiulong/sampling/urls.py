"""Addresses of samples, samplers, draws and the laboratory's bench."""

from __future__ import annotations

from django.urls import path

from jiulong.sampling.views import acting, benches, carousels, draws, lists, papers, runs, samples

app_name = "sampling"

urlpatterns = [
    path("samples/", lists.SampleList.as_view(), name="samples"),
    path("samples/run/", runs.run, name="run"),
    path("samples/labels/", runs.labels, name="labels"),
    path("samples/draws/", lists.DrawList.as_view(), name="draws"),
    path("samples/draws/<int:pk>/", draws.draw_page, name="draw"),
    path("samples/code/<str:code>/", samples.scan, name="scan"),
    path("samples/<int:pk>/", samples.sample_page, name="sample"),
    path("samples/<int:pk>/dossier/", papers.dossier, name="dossier"),
    path("samples/<int:pk>/paper.<str:form>", papers.paper, name="paper"),
    path("samples/<int:pk>/<slug:action>/", acting.act, name="act"),
    path("samplers/", lists.SamplerList.as_view(), name="samplers"),
    path("samplers/<str:code>/", carousels.sampler_page, name="sampler"),
    path("samplers/<str:code>/edit/", carousels.edit, name="sampler_edit"),
    path("samplers/<str:code>/order/", samples.order, name="order"),
    path("samplers/<str:code>/renew/", carousels.renew, name="renew"),
    path("laboratory/", lists.BenchList.as_view(), name="bench"),
    path("laboratory/<str:code>/", benches.bench_page, name="bench_sample"),
]
