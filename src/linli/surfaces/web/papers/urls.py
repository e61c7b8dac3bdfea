"""Addresses of papers and calendars."""

from django.urls import path

from linli.surfaces.web.papers import calendars, feeds, letters, monthly, own_letters

app_name = "papers"
urlpatterns = [
    path("desk/m/<slug:number>/letter/", letters.letter, name="letter"),
    path("desk/m/<slug:number>/deadlines.ics", feeds.of_matter, name="deadlines"),
    path("desk/monthly/", monthly.show, name="monthly"),
    path("desk/r/<slug:month>/<slug:figure>/", monthly.evidence, name="evidence"),
    path("t/<slug:token>/letter.pdf", own_letters.tracking_letter, name="tracking_letter"),
    path("t/<slug:token>/promise.ics", own_letters.tracking_promise, name="tracking_promise"),
    path("matters/<slug:number>/letter.pdf", own_letters.my_letter, name="my_letter"),
    path("matters/<slug:number>/promise.ics", own_letters.my_promise, name="my_promise"),
    path("me/calendar/", calendars.show, name="calendar"),
    path("me/calendar/make/", calendars.make, name="make_calendar"),
    path("me/calendar/revoke/", calendars.revoke_link, name="revoke_calendar"),
    path("calendar/<slug:token>.ics", feeds.subscribed, name="feed"),
]
