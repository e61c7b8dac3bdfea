"""Addresses of casework's pages for residents."""

from django.urls import path

from linli.mechanisms.casework.views import (
    board,
    own_data,
    published,
    rating,
    report,
    similar,
    support,
    tracking,
)

app_name = "casework"
urlpatterns = [
    path("report/", report.report, name="report"),
    path("report/places/", report.places, name="places"),
    path("report/similar/", similar.similar, name="similar"),
    path("report/questions/", report.questions, name="questions"),
    path("d/<slug:code>/", report.doorway, name="doorway"),
    path("t/<slug:token>/", tracking.tracking, name="tracking"),
    path("t/<slug:token>/received/", tracking.tracking_receipt, name="receipt"),
    path("t/<slug:token>/rate/", rating.rating, name="rating"),
    path("t/<slug:token>/data/", own_data.tracking_data, name="tracking_data"),
    path("t/<slug:token>/phone/", own_data.tracking_phone, name="tracking_phone"),
    path("t/<slug:token>/do/<slug:action>/", tracking.tracking_act, name="tracking_act"),
    path("mine/", tracking.my_matters, name="mine"),
    path("matters/<slug:number>/", tracking.my_matter, name="my_matter"),
    path("matters/<slug:number>/received/", tracking.my_receipt, name="my_receipt"),
    path("matters/<slug:number>/do/<slug:action>/", tracking.my_act, name="my_act"),
    path("board/", board.board, name="board"),
    path("board/map/", board.board_map, name="board_map"),
    path("board/points.json", board.board_points_json, name="board_points"),
    path("board/grids.json", board.boundaries, name="boundaries"),
    path("board/account/", published.account, name="account"),
    path("board/exclusions/", published.exclusions, name="exclusions"),
    path("board/<slug:number>/", board.board_matter, name="board_matter"),
    path("board/<slug:number>/support/", support.support, name="support"),
    path("doorways/", board.doorway_sheet, name="doorways"),
]
