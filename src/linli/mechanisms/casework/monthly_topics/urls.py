"""Addresses of the public pages of topics of the month."""

from django.urls import path

from linli.mechanisms.casework.monthly_topics import views

app_name = "monthly_topic"  # notices lead to the procedure's own pages
urlpatterns = [
    path("topics/", views.board, name="board"),
    path("topics/<slug:number>/", views.board_matter, name="board_matter"),
    path("topics/<slug:number>/<slug:figure>/", views.board_reports, name="board_reports"),
]
