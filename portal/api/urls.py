"""Addresses of the read API: those of its endpoints, its description, and a problem everywhere else."""

from django.urls import URLPattern, re_path

from portal.api import views

app_name = "api"
_endpoints, _app, _namespace = views.api.urls


def _opened(endpoint: URLPattern) -> URLPattern:
    answer = views.root if endpoint.name == "api-root" else endpoint.callback
    endpoint.callback = views.opened(answer)
    return endpoint


urlpatterns = [
    *(_opened(one) for one in _endpoints if isinstance(one, URLPattern)),
    re_path(r"^(?P<rest>.+)$", views.nothing, name="nothing"),
]
