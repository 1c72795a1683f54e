"""Addresses of this room, grouped by what one wants there."""

from django.urls import path

from services.cloud.views import conversions, fund, market, plans, providers, redeeming, use
from services.cloud.views.vouchers import applying, finding, holding, papers

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
VOUCHERS = [
    path("fund/", fund.fund, name="fund"),
    path("provider/vouchers/", redeeming.provider_vouchers, name="provider_vouchers"),
    path("provider/vouchers/redeem/", redeeming.redeem, name="redeem"),
    path("provider/vouchers/<slug:reference>/claim/", redeeming.provider_claim, name="provider_claim"),
    path("vouchers/", finding.start, name="vouchers"),
    path("vouchers/apply/", finding.apply, name="apply_voucher"),
    path("vouchers/begin/<slug:programme>/", finding.begin, name="voucher_begin"),
    path("vouchers/<slug:reference>/", holding.detail, name="voucher"),
    path("vouchers/<slug:reference>/quote/", applying.quote, name="voucher_quote"),
    path("vouchers/<slug:reference>/check/", applying.check, name="voucher_check"),
    path("vouchers/<slug:reference>/answer/", holding.answer, name="voucher_answer"),
    path("vouchers/<slug:reference>/withdraw/", holding.withdraw, name="voucher_withdraw"),
    path("vouchers/<slug:reference>/extend/", holding.extend, name="voucher_extend"),
    path("vouchers/<slug:reference>/use/", holding.use, name="voucher_use"),
    path("vouchers/<slug:reference>/claim/", holding.claim, name="voucher_claim"),
    path("vouchers/<slug:reference>/files/<slug:file>/", papers.own_file, name="voucher_file"),
    path("desk/vouchers/<slug:reference>/files/<slug:file>/", papers.desk_file, name="voucher_desk_file"),
]
_PROJECT = "conversions/<slug:reference>/"
CONVERSIONS = [
    path("conversions/", conversions.start, name="conversions"),
    path("conversions/begin/<slug:scheme>/", conversions.begin, name="conversion_begin"),
    path(_PROJECT, conversions.detail, name="conversion"),
    path(f"{_PROJECT}assessed/", conversions.assessed, name="conversion_assessed"),
    path(f"{_PROJECT}contract/", conversions.contract, name="conversion_contract"),
    path(f"{_PROJECT}invoice/", conversions.invoice, name="conversion_invoice"),
    path(f"{_PROJECT}invoices/<uuid:key>/remove/", conversions.remove, name="conversion_remove"),
    path(f"{_PROJECT}acceptance/", conversions.acceptance, name="conversion_acceptance"),
    path(f"{_PROJECT}reward/", conversions.reward, name="conversion_reward"),
    path(f"{_PROJECT}withdraw/", conversions.withdraw, name="conversion_withdraw"),
    path(f"{_PROJECT}files/<slug:file>/", conversions.own_file, name="conversion_file"),
    path(f"desk/{_PROJECT}files/<slug:file>/", conversions.desk_file, name="conversion_desk_file"),
]
urlpatterns = [*MARKET, *PROVIDERS, *PLANS, *VOUCHERS, *CONVERSIONS]
