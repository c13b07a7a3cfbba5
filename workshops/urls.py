"""Pages of one authority's workshops; the prefix is /<authority>/."""

from django.urls import include, path

from workshops.views import calendars, harvest, join, summary, window, word_back

app_name = "workshops"

urlpatterns = [
    path("calendar.ics", calendars.calendar, name="calendar"),
    path("timeline/calendar/", calendars.calendar_feed, name="calendar-feed"),
    path("timeline/calendar/renew/", calendars.calendar_renew, name="calendar-renew"),
    path("timeline/calendar/stop/", calendars.calendar_stop, name="calendar-stop"),
    path("word-back/", word_back.word_back, name="word-back"),
    path("workshops/", include("workshops.views.planner_urls")),
    path(
        # workshops/<workshop>/
        "workshops/<uuid:pk>/",
        include(
            [
                path("enter/", join.enter, name="enter"),
                path("harvest/", harvest.harvest_page, name="harvest"),
                path("summary/", summary.summary, name="summary"),
                path("summary/send/", summary.summary_send, name="summary-send"),
                path("window/", window.window_page, name="window"),
                path("window/later/", window.window_later, name="window-later"),
                path("window/close/", window.window_close, name="window-close"),
                path("window/take-back/", window.window_take_back, name="window-take-back"),
                path("window/parts/", window.window_parts, name="window-parts"),
                path("window/send/", window.window_send, name="window-send"),
                path("window/remind/", window.window_remind, name="window-remind"),
                path("run/", include("workshops.views.run_urls")),
            ]
        ),
    ),
]
