"""The addresses under `petugas/`."""

from django.urls import path

from sipuma.workspace.sign_in import SignInView, SignOutView, sign_in_help
from sipuma.workspace.uploads.views import upload_of, uploads
from sipuma.workspace.views import (
    account,
    assigning,
    case,
    channels,
    evidence,
    evidence_content,
    notices,
    papers,
    queue,
    reception,
    reception_report,
    recording,
    register_book,
    snippets,
    team,
)

urlpatterns = [
    path("", queue.queue_page, name="queue"),
    path("tugaskan/", assigning.assign_cases, name="assign-cases"),
    path("kasus/<str:register>/", case.case_page, name="case"),
    path("kasus/<str:register>/formulir.pdf", papers.filled_form, name="complaint-form"),
    path("kasus/<str:register>/tanda-terima.pdf", papers.receipt_of, name="receipt"),
    path("kasus/<str:register>/bukti/", evidence.evidence_list, name="evidence-list"),
    path("kasus/<str:register>/bukti/<uuid:uid>/", evidence.evidence_page, name="evidence"),
    path("isi/<str:register>/<uuid:uid>/tampil", evidence_content.shown, name="evidence-shown"),
    path(
        "isi/<str:register>/<uuid:uid>/halaman/<int:number>.png",
        evidence_content.page,
        name="evidence-picture",
    ),
    path("isi/<str:register>/<uuid:uid>/salinan", evidence_content.copy, name="evidence-copy"),
    path("unggah/<str:register>/", uploads, name="uploads"),
    path("unggah/<str:register>/<uuid:uid>/", upload_of, name="upload"),
    path("formulir/", papers.blank_form, name="blank-form"),
    path("penerimaan/", reception.reception_page, name="reception"),
    path("penerimaan/buku/", register_book.register_book, name="register-book"),
    path("penerimaan/laporan/", reception_report.report_page, name="reception-report"),
    path("penerimaan/laporan.pdf", reception_report.report_as_pdf, name="reception-report-pdf"),
    path("penerimaan/laporan.xlsx", reception_report.report_as_xlsx, name="reception-report-xlsx"),
    path("penerimaan/baru/", recording.record_page, name="record"),
    path("penerimaan/konsep/", recording.drafts_page, name="recording-drafts"),
    path("penerimaan/konsep/<uuid:once>/", recording.discard_page, name="recording-discard"),
    path("tim/", team.team_page, name="team"),
    path("teks/", snippets.snippets_page, name="snippets"),
    path("teks/baru/", snippets.new_snippet, name="snippet-new"),
    path("teks/<uuid:uid>/", snippets.snippet_page, name="snippet"),
    path("teks/<uuid:uid>/hapus/", snippets.remove_snippet, name="snippet-remove"),
    path("saluran/", channels.channels_page, name="office-channels"),
    path("akun/", account.account_page, name="account"),
    path("akun/pemberitahuan/", notices.notices_page, name="notices"),
    path("gabung/<str:code>/", account.join_page, name="join"),
    path("pemulihan/", account.recover_page, name="recover"),
    path("masuk/", SignInView.as_view(), name="account_login"),
    path("keluar/", SignOutView.as_view(), name="account_logout"),
    # allauth reverses these three; none of them exists here, so one page says what to do instead.
    path("bantuan/", sign_in_help, name="account_reset_password"),
    path("bantuan/", sign_in_help, name="account_signup"),
    path("bantuan/", sign_in_help, name="account_inactive"),
]
