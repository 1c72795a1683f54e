"""The web addresses of notices: none may hide behind a page of the portal that stands at the same place."""

from django.urls import resolve, reverse


def is_a_page(slug: str) -> bool:
    """Tell whether a notice with this address could not be opened, because a page stands there already."""
    return resolve(reverse("policies:detail", args=[slug])).url_name != "detail"
