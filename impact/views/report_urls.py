from django.urls import include, path

from impact.views import across, report, report_edit

_one_section = [
    # impact/report/sections/<pk>/
    path("in/", report_edit.report_section_in, name="report-section-in"),
    path("out/", report_edit.report_section_out, name="report-section-out"),
    path("order/", report_edit.report_section_order, name="report-section-order"),
    path("add/", report_edit.report_section_add, name="report-section-add"),
    path("take/", report_edit.report_section_take, name="report-section-take"),
]
_one_sentence = [
    # impact/report/sentences/<pk>/
    path("edit/", report_edit.report_sentence_edit, name="report-sentence-edit"),
    path("unsay/", report_edit.report_sentence_unsay, name="report-sentence-unsay"),
    path("remove/", report_edit.report_sentence_remove, name="report-sentence-remove"),
    path("put-back/", report_edit.report_sentence_put_back, name="report-sentence-put-back"),
]
_report = [
    # impact/report/
    path("", report.report, name="report"),
    path("edit/", report_edit.report_edit, name="report-edit"),
    path("draft/", report_edit.report_draft, name="report-draft"),
    path("publish/", report_edit.report_publish, name="report-publish"),
    path("<uuid:pk>/withdraw/", report_edit.report_withdraw, name="report-withdraw"),
    path("<uuid:pk>/put-back/", report_edit.report_put_back, name="report-put-back"),
    path("versions/", report.report_versions, name="report-versions"),
    path("versions/<int:number>/", report.report_version, name="report-version"),
    path("versions/<int:number>.pdf", report.report_version_pdf, name="report-version-pdf"),
    path("versions/<int:number>.docx", report.report_version_docx, name="report-version-docx"),
    path("sections/<uuid:pk>/", include(_one_section)),
    path("sentences/<uuid:pk>/", include(_one_sentence)),
    path("sharing/", across.report_sharing, name="report-sharing"),
    path(
        "sharing/<uuid:pk>/take-back/",
        across.report_share_take_back,
        name="report-share-take-back",
    ),
    path(
        "sharing/<uuid:pk>/give-back/",
        across.report_share_give_back,
        name="report-share-give-back",
    ),
]
urlpatterns = [
    path("impact/report/", include(_report)),
    path("impact/report.pdf", report.report_pdf, name="report-pdf"),
    path("impact/report.docx", report.report_docx, name="report-docx"),
    path("impact/others/", across.others, name="others"),
]
