"""All addresses: Chinese at `/…`, English at `/en/…`; the desk, health and machines without language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from portal import gallery, health, mailed_links, pages, partners, preferences, search, sitemaps, views
from portal.api import pages as api_pages
from portal.personal_data import views as personal_data

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("portal.api.urls")),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("statusz", health.statusz, name="statusz"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap_xml"),
    path(".well-known/security.txt", sitemaps.security, name="security"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("search/", search.search, name="search"),
        path("preferences/", preferences.preferences, name="preferences"),
        path("mail-link/", mailed_links.mail_link, name="mail_link"),
        path("components/", gallery.components, name="components"),
        path("help/", pages.help_index, name="help"),
        path("help/<slug:slug>/", pages.help_page, name="help_page"),
        path("open/data/", api_pages.data, name="open_data"),
        path("open/data/<str:day>.zip", api_pages.data_file, name="open_data_file"),
        path("open/", include("portal.indicators.urls")),
        path("api/docs/", api_pages.docs, name="api_docs"),
        path("about/", pages.about, name="about"),
        path("accessibility/", pages.accessibility, name="accessibility"),
        path("privacy/", pages.privacy, name="privacy"),
        path("privacy/<slug:version>/", pages.privacy_edition, name="privacy_edition"),
        path("terms/", pages.terms, name="terms"),
        path("parks/<slug:slug>/", partners.park, name="park_portal"),
        path("widget/<slug:slug>/", partners.widget, name="widget"),
        path("sitemap/", pages.site_map, name="sitemap"),
        path("accounts/data/", include("portal.personal_data.urls")),
        path("accounts/", include("accounts.urls")),
        path("enterprise/looks/", personal_data.looks, name="looks"),
        path("enterprise/mine/", views.my_enterprises, name="my_enterprises"),
        path("enterprise/timeline/", views.enterprise_timeline, name="timeline"),
        path("enterprise/", include("enterprises.urls")),
        path("services/", include("services.catalogue.urls")),
        path("requests/", include("services.requests.urls")),
        path("policies/", include("services.policies.urls")),
        path("cloud/", include("services.cloud.urls")),
        path("industry/", include("services.industry.urls")),
        path("assessments/", include("services.assessments.urls")),
        path("notifications/", include("notifications.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.permission_denied"
handler404 = "portal.errors.not_found"
handler500 = "portal.errors.server_error"
handler429 = "accounts.limits.too_many_tries"  # asked for by allauth
