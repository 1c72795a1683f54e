"""The addresses of the digital factory, grouped by what one wants there."""

from django.urls import path

from services.assessments.views import evidence, filling, finishing, quick, reporting, sharing, starting

app_name = "assessments"

QUICK = [
    path("quick/", quick.ask, name="quick"),
    path("quick/result/", quick.result, name="quick_result"),
    path("quick/keep/", quick.keep, name="quick_keep"),
    path("quick/<str:token>/", quick.bring, name="quick_bring"),
]
SHARED = [
    path("shared/<str:token>/", sharing.shared, name="shared"),
    path("verify/", sharing.verify, name="verify"),
]
FILLING = [
    path("<slug:reference>/", filling.detail, name="detail"),
    path("<slug:reference>/part/<slug:section>/", filling.section, name="section"),
    path("<slug:reference>/part/<slug:section>/owner/", filling.owner, name="owner"),
    path("<slug:reference>/check/", finishing.check, name="check"),
    path("<slug:reference>/finish/", finishing.finish, name="finish"),
    path("<slug:reference>/drop/", finishing.discard, name="discard"),
]
EVIDENCE = [
    path("<slug:reference>/evidence/", evidence.listing, name="evidence_list"),
    path("<slug:reference>/evidence/<slug:item>/", evidence.one, name="evidence"),
    path("<slug:reference>/evidence/<slug:item>/<uuid:key>/remove/", evidence.remove, name="evidence_remove"),
    path("<slug:reference>/file/<uuid:key>/", evidence.member_file, name="evidence_file"),
    path("<slug:reference>/file/<uuid:key>/desk/", evidence.desk_file, name="evidence_desk_file"),
]
REPORT = [
    path("<slug:reference>/result/", reporting.result, name="result"),
    path("<slug:reference>/report.pdf", reporting.printed, name="pdf"),
    path("<slug:reference>/share/", sharing.share, name="share"),
    path("<slug:reference>/share/<uuid:key>/revoke/", sharing.revoke, name="revoke"),
]
urlpatterns = [
    path("", starting.start, name="start"),
    path("sample/", starting.sample, name="sample"),
    path("mine/", starting.mine, name="list"),
    path("new/<slug:code>/", starting.begin, name="begin"),
    path("benchmark/", reporting.benchmark, name="benchmark"),
    *QUICK,
    *SHARED,
    *FILLING,
    *EVIDENCE,
    *REPORT,
]
