"""The public page of the voucher money."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from services.cloud import fund_figures, voucher_words
from services.cloud.models import Programme, Reconciliation
from services.cloud.models.ledger import ACCOUNTS, Account


@login_not_required
@require_safe
def fund(request: HttpRequest) -> HttpResponse:
    """Show where the money of every published programme stands, how many vouchers, how long it takes."""
    programmes = list(Programme.objects.public().prefetch_related("funds__region"))
    counted = fund_figures.counts(programmes)
    context = {
        "programmes": [_programme(row, counted[row.pk]) for row in programmes],
        "accounts": [Account(account).label for account in ACCOUNTS],
        "paces": fund_figures.paces(),
        "fewest": fund_figures.FEWEST,
        "proved": Reconciliation.objects.first(),
        "nav": "cloud",
    }
    return render(request, "cloud/vouchers/fund.html", context)


def _programme(programme: Programme, counted: list[fund_figures.Figure]) -> dict[str, Any]:
    return {
        "row": programme,
        "lines": [
            {
                "region": line.region,
                "budget": voucher_words.yuan(line.budget_fen),
                "balances": [voucher_words.yuan(line.by_account[str(account)]) for account in ACCOUNTS],
            }
            for line in fund_figures.lines(programme)
        ],
        "counts": counted,
    }
