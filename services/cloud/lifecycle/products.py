"""How a product comes into the catalogue, and how a price comes into force."""

from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition
from services.cloud.models import PriceVersion, ProductState

REVIEW = "cloud.review_cloudproduct"
LIST = "cloud.list_cloudproduct"

PRODUCT = Lifecycle(
    [
        Transition(
            "review", frozenset({ProductState.DRAFT}), ProductState.REVIEWED, _("mark as reviewed"), REVIEW
        ),
        Transition(
            "return_to_author",
            frozenset({ProductState.REVIEWED, ProductState.DELISTED}),
            ProductState.DRAFT,
            _("return to the author"),
            REVIEW,
            needs_reason=True,
        ),
        Transition(
            "list",
            frozenset({ProductState.REVIEWED, ProductState.DELISTED}),
            ProductState.LISTED,
            _("put on the list"),
            LIST,
        ),
        Transition(
            "delist",
            frozenset({ProductState.LISTED}),
            ProductState.DELISTED,
            _("take off the list"),
            LIST,
            needs_reason=True,
        ),
    ]
)

PRICE = Lifecycle(
    [
        Transition(
            "approve",
            frozenset({PriceVersion.State.PROPOSED}),
            PriceVersion.State.APPROVED,
            _("approve"),
            REVIEW,
        ),
        Transition(
            "refuse",
            frozenset({PriceVersion.State.PROPOSED}),
            PriceVersion.State.REFUSED,
            _("refuse the price"),
            REVIEW,
            needs_reason=True,
        ),
    ]
)
