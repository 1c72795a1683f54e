"""Who is away and who stands in; how much one member of staff carries at most."""

from django.contrib import admin

from core.admin import AuditedAdmin
from services.requests.admin.forms import AbsenceForm, WorkloadForm
from services.requests.models import Absence, WorkloadCap


@admin.register(Absence)
class AbsenceAdmin(AuditedAdmin):
    """New work of someone who is away goes to the delegate."""

    may_add = True
    form = AbsenceForm
    list_display = ("user", "from_on", "to_on", "delegate")
    list_select_related = ("user", "delegate")
    date_hierarchy = "from_on"


@admin.register(WorkloadCap)
class WorkloadCapAdmin(AuditedAdmin):
    """Whoever is full is not offered new work; a lead may give it all the same."""

    may_add = True
    form = WorkloadForm
    list_display = ("user", "limit")
    list_select_related = ("user",)
