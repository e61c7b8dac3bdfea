"""Addresses of the public pages of whistles."""

from django.urls import path

from linli.mechanisms.whistle import views

app_name = "whistle"
urlpatterns = [
    path("whistles/", views.board, name="board"),
    path("whistles/<slug:number>/", views.board_matter, name="board_matter"),
]
