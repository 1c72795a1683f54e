"""The size self-test: large, medium, small or micro, by the official table; for everybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import calendar
from enterprises import facts, size_words
from enterprises.forms.size import SizeForm, answers_of


@login_not_required
@require_safe
def size(request: HttpRequest) -> HttpResponse:
    """Ask, and answer on the same page; who acts for an enterprise finds what is known filled in."""
    enterprise = getattr(request, "enterprise", None)
    first = answers_of(facts.live(enterprise.facts.known(), calendar.today())) if enterprise else {}
    form = SizeForm(request.GET if "industry" in request.GET else None, initial=first)
    is_answered = form.is_bound and form.is_valid()
    context = {
        "form": form,
        "result": size_words.in_words(form.known(), calendar.today()) if is_answered else None,
        "has_errors": form.is_bound and not is_answered,
        "nav": "policies",
    }
    return render(request, "enterprises/size.html", context)
