"""Addresses of one's own data."""

from django.urls import path

from linli.kernel.people.views import contacts, overview, own_data

app_name = "me"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("name/", overview.shown_name, name="shown_name"),
    path("looks/", overview.looks, name="looks"),
    path("tokens/<uuid:uuid>/revoke/", overview.revoke_token, name="revoke_token"),
    path("contacts/<slug:kind>/", contacts.change, name="contact"),
    path("contacts/<slug:kind>/show/", contacts.show, name="show_contact"),
    path("contacts/<slug:kind>/delete/", contacts.delete, name="delete_contact"),
    path("contacts/<slug:kind>/verify/", contacts.verify, name="verify_contact"),
    path("export/", own_data.take_out, name="export"),
    path("erase/", own_data.be_forgotten, name="erase"),
    path("erased/", own_data.forgotten, name="erased"),
]
