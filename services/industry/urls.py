"""The addresses of industrial services, grouped by what one looks for."""

from django.urls import path

from services.industry.views import needs, occasions, places, solutions, start

app_name = "industry"

DIRECTORY = [
    path("places/", places.places, name="places"),
    path("platforms/<slug:slug>/", places.platform, name="platform"),
    path("parks/<slug:slug>/", places.park, name="park"),
]
SOLUTIONS = [
    path("solutions/", solutions.solutions, name="solutions"),
    path("solutions/<slug:slug>/", solutions.solution, name="solution"),
    path("providers/<slug:slug>/", solutions.provider, name="provider"),
    path("cases/<slug:slug>/", solutions.case, name="case"),
    path("cases/<slug:slug>/withdraw-consent/", solutions.withdraw_consent, name="withdraw_consent"),
]
EVENTS = [
    path("events/", occasions.occasions, name="occasions"),
    path("events/all.ics", occasions.every_ics, name="occasions_ics"),
    path("events/<slug:slug>/", occasions.occasion, name="occasion"),
    path("events/<slug:slug>/event.ics", occasions.one_ics, name="occasion_ics"),
    path("events/<slug:slug>/book/", occasions.book, name="book"),
    path("events/<slug:slug>/bookings/<uuid:key>/cancel/", occasions.cancel, name="cancel"),
    path("events/<slug:slug>/bookings/<uuid:key>/feedback/", occasions.feedback, name="feedback"),
]
NEEDS = [
    path("needs/", needs.needs, name="needs"),
    path("needs/new/", needs.post, name="post"),
    path("needs/<slug:reference>/", needs.need, name="need"),
    path("needs/<slug:reference>/change/", needs.change, name="change"),
    path("needs/<slug:reference>/close/", needs.close, name="close"),
    path("needs/<slug:reference>/answers/<uuid:key>/<slug:verb>/", needs.answer, name="answer"),
]
urlpatterns = [
    path("", start.start, name="start"),
    path("problems/<slug:code>/", start.problem, name="problem"),
    *DIRECTORY,
    *SOLUTIONS,
    *EVENTS,
    *NEEDS,
]
