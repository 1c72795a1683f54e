"""The files of a request: for its enterprise, for who asked without an account, for staff in scope."""

from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core import files
from services.requests.models import Attachment, ServiceRequest
from services.requests.models.thread import AttachmentQuerySet
from services.requests.views.tracking import own_question


@require_safe
def member_file(request: HttpRequest, reference: str, file: str) -> HttpResponseBase:
    """Serve a file of the thread to whoever acts for the enterprise; another's is a 404."""
    row = get_object_or_404(ServiceRequest.objects.submitted().for_member(request.user), reference=reference)
    return _serve(row, file)


@login_not_required
@require_safe
def tracked_file(request: HttpRequest, key: str, file: str) -> HttpResponseBase:
    """Serve a file of a question to the holder of its signed key."""
    return _serve(own_question(key), file)


@require_safe
@permission_required("service_requests.view_servicerequest", raise_exception=True)
def desk_file(request: HttpRequest, reference: str, file: str) -> HttpResponseBase:
    """Serve a file to the staff who may see the request; what is not sent yet does not exist for them."""
    row = get_object_or_404(ServiceRequest.objects.on_desk_of(request.user), reference=reference)
    paper = get_object_or_404(_papers(row).exclude(message=None), file__key=file)
    return files.serve(paper.file)


def _serve(row: ServiceRequest, key: str) -> HttpResponseBase:
    return files.serve(get_object_or_404(_papers(row).sent(), file__key=key).file)


def _papers(row: ServiceRequest) -> AttachmentQuerySet:
    return Attachment.objects.filter(service_request=row).select_related("file")
