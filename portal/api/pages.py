"""Pages about the data for people: how the API is asked, what can be taken away as files."""

from datetime import date

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import generated
from portal.api import documentation, open_data, views


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Document the API: every list, parameter and field. Open to everybody."""
    context = {
        "public_url": settings.PUBLIC_URL,
        "endpoints": documentation.endpoints(),
        "largest_page": views.LARGEST_PAGE,
        "per_hour": views.PER_HOUR,
    }
    return render(request, "portal/api_docs.html", context)


@login_not_required
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """List the data sets and the files of the last days. Open to everybody."""
    by_path = {one.path: one for one in documentation.endpoints()}
    context = {
        "datasets": [by_path[f"/api/v1/{name}"] for name in open_data.DATASETS],
        "files": open_data.files(),
        "licence": open_data.LICENCE,
        "licence_url": open_data.LICENCE_URL,
    }
    return render(request, "portal/open_data.html", context)


@login_not_required
@require_safe
def data_file(request: HttpRequest, day: str) -> HttpResponseBase:
    """Hand out the file of a day; 404 when there is none. Open to everybody."""
    try:
        path = f"{open_data.FOLDER}/{date.fromisoformat(day).isoformat()}.zip"
        content = generated.read(path)
    except (ValueError, FileNotFoundError):
        raise Http404 from None
    return FileResponse(content, as_attachment=True, filename=f"open-data-{day}.zip")
