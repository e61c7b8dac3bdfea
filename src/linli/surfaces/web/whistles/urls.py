"""Addresses of whistles on the workbench."""

from django.urls import path

from linli.surfaces.web.whistles import views

app_name = "whistles"
urlpatterns = [
    path("whistles/", views.show, name="show"),
    path("whistles/mine/", views.mine, name="mine"),
    path("whistles/new/", views.new, name="new"),
    path("whistles/figures/", views.figures, name="figures"),
    path("whistles/<slug:number>/table/", views.table, name="table"),
    path("whistles/<slug:number>/report-in/", views.report_in, name="report_in"),
]
