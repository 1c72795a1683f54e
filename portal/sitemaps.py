"""What machines ask for at the root: sitemap.xml, robots.txt, security.txt."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from portal import menu
from portal.pages import HELP
from services.catalogue import listing
from services.cloud.models import CloudProduct, Listing
from services.industry.models import Occasion, Park, Partner, Platform, Solution
from services.policies.models import PolicyNotice

FIXED = (
    "home",
    "policies:list",
    "policies:calendar",
    "catalogue:list",
    "industry:start",
    "industry:places",
    "cloud:start",
    "cloud:products",
    "cloud:providers",
    "cloud:readiness",
    "cloud:vouchers",
    "cloud:conversions",
    "cloud:fund",
    "industry:solutions",
    "industry:occasions",
    "industry:needs",
    "indicators:open",
    "open_data",
    "api_docs",
    "enterprises:size",
    "requests:track",
    "help",
    "about",
    "accessibility",
    "privacy",
    "terms",
    "sitemap",
)


def paths() -> Iterator[str]:
    """Yield the Chinese address of every public page."""
    with translation.override(settings.LANGUAGE_CODE):
        yield from filter(None, (menu.address(name) for name in FIXED))
        yield from (menu.address("help_page", slug=text.slug) for text in HELP)
        for name, slugs in (
            ("policies:detail", PolicyNotice.objects.public().values_list("slug", flat=True)),
            ("catalogue:detail", [offering.slug for offering in listing.listed()]),
            ("industry:platform", Platform.objects.public().values_list("slug", flat=True)),
            ("industry:park", Park.objects.public().values_list("slug", flat=True)),
            ("cloud:product", CloudProduct.objects.public().values_list("slug", flat=True)),
            ("cloud:provider", Listing.objects.public().values_list("provider__slug", flat=True)),
            ("industry:solution", Solution.objects.public().values_list("slug", flat=True)),
            ("industry:occasion", Occasion.objects.upcoming(timezone.now()).values_list("slug", flat=True)),
            ("park_portal", Partner.objects.public().exclude(park=None).values_list("park__slug", flat=True)),
        ):
            yield from filter(None, (menu.address(name, slug=slug) for slug in slugs))


@login_not_required
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List every public page in both languages, each with its pair."""
    pages = [
        [
            (tag, f"{settings.PUBLIC_URL}{menu.path_in(code, path)}")
            for code, tag in menu.LANGUAGE_TAGS.items()
        ]
        for path in paths()
    ]
    return render(request, "portal/sitemap.xml", {"pages": pages}, content_type="application/xml")


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Let search engines read what is public; a portal of samples is kept out of them altogether."""
    lines = ["User-agent: *"]
    if settings.SAMPLE_DATA:
        lines.append("Disallow: /")
    else:
        private = (
            "/admin/",
            "/accounts/",
            "/enterprise/",
            "/notifications/",
            "/preferences/",
            "/cloud/plans/",
        )
        lines += [f"Disallow: {menu.path_in(code, path)}" for path in private for code in menu.LANGUAGE_TAGS]
    lines.append(f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml")
    return HttpResponse("\n".join(dict.fromkeys(lines)) + "\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Tell finders of a weakness whom to write to (RFC 9116)."""
    email = settings.SITE["email"]
    contact = f"mailto:{email}" if email else f"{settings.PUBLIC_URL}{menu.address('requests:ask')}"
    expires = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires}",
        "Preferred-Languages: zh, en",
        f"Canonical: {settings.PUBLIC_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
