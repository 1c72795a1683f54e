"""Addresses of this room, grouped by what one wants there."""

from django.urls import path

from services.cloud.views import market, plans, providers, use

app_name = "cloud"

MARKET = [
    path("", market.start, name="start"),
    path("products/", market.products, name="products"),
    path("products/<slug:slug>/", market.product, name="product"),
    path("compare/", market.compare, name="compare"),
]
PROVIDERS = [
    path("providers/", providers.directory, name="providers"),
    path("providers/apply/", providers.apply, name="apply"),
    path("providers/mine/", providers.mine, name="my_listing"),
    path("providers/mine/appeal/<uuid:key>/", providers.appeal, name="appeal"),
    path("providers/mine/steps/<slug:reference>/<slug:code>/done/", providers.done, name="provider_done"),
    path("providers/mine/ratings/<uuid:key>/reply/", providers.reply, name="reply"),
    path("providers/<slug:slug>/", providers.provider, name="provider"),
]
PLANS = [
    path("readiness/", plans.readiness, name="readiness"),
    path("plans/", plans.plans, name="plans"),
    path("plans/new/", plans.begin, name="begin"),
    path("plans/<slug:reference>/", plans.plan, name="plan"),
    path("plans/<slug:reference>/choose/", plans.choose, name="choose"),
    path("plans/<slug:reference>/stop/", plans.stop, name="stop"),
    path("plans/<slug:reference>/steps/<slug:code>/", plans.step, name="step"),
    path("plans/<slug:reference>/steps/<slug:code>/done/", plans.tick, name="tick"),
    path("plans/<slug:reference>/steps/<slug:code>/open/", plans.untick, name="untick"),
    path("plans/<slug:reference>/use/<int:day>/", use.proof, name="proof"),
    path("plans/<slug:reference>/rate/", use.rate, name="rate"),
    path("plans/<slug:reference>/files/<slug:file>/", use.evidence, name="evidence"),
    path("files/<slug:file>/", use.desk_evidence, name="desk_evidence"),
]
urlpatterns = [*MARKET, *PROVIDERS, *PLANS]
