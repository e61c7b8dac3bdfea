"""Addresses of the workbench."""

from django.urls import path

from linli.surfaces.web.workbench.views import (
    board,
    contact,
    home,
    inbox,
    map,
    matter,
    organisations,
    people,
    search,
    take_down,
)

app_name = "desk"
urlpatterns = [
    path("", home.show, name="home"),
    path("inbox/", inbox.show, name="inbox"),
    path("board/", board.show, name="board"),
    path("send/", inbox.send, name="send"),
    path("views/", inbox.save_view, name="save_view"),
    path("views/<uuid:uuid>/remove/", inbox.forget_view, name="forget_view"),
    path("map/", map.show, name="map"),
    path("map/points.json", map.points, name="map_points"),
    path("search/", search.show, name="search"),
    path("take-down/", take_down.show, name="take_down"),
    path("m/<slug:number>/", matter.show, name="matter"),
    path("m/<slug:number>/do/<slug:action>/", matter.act, name="act"),
    path("m/<slug:number>/contact/", contact.reveal, name="reveal"),
    path("people/", people.show, name="people"),
    path("people/new/", people.create, name="person_new"),
    path("people/<uuid:uuid>/", people.person, name="person"),
    path("people/<uuid:uuid>/posts/", people.give_post, name="give_post"),
    path("people/<uuid:uuid>/posts/<int:post>/end/", people.end_post, name="end_post"),
    path("people/<uuid:uuid>/active/", people.set_active, name="set_active"),
    path("people/<uuid:uuid>/password/", people.new_password, name="new_password"),
    path("organisations/", organisations.show, name="organisations"),
    path("organisations/<uuid:uuid>/", organisations.organisation, name="organisation"),
    path("organisations/<uuid:uuid>/below/", organisations.create_below, name="create_below"),
    path("organisations/<uuid:uuid>/change/", organisations.change, name="change_organisation"),
    path("organisations/<uuid:uuid>/move/", organisations.move, name="move_organisation"),
    path("organisations/<uuid:uuid>/dissolve/", organisations.dissolve, name="dissolve"),
    path("federations/", organisations.create_federation, name="create_federation"),
    path("federations/<uuid:uuid>/", organisations.federation, name="federation"),
    path("federations/<uuid:uuid>/<int:seat>/leave/", organisations.leave, name="leave"),
]
