"""The addresses of industrial services, grouped by what one looks for."""

from django.urls import path

from services.industry.views import places, solutions, start

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
urlpatterns = [
    path("", start.start, name="start"),
    path("problems/<slug:code>/", start.problem, name="problem"),
    *DIRECTORY,
    *SOLUTIONS,
]
