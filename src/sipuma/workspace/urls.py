"""The addresses under `petugas/`."""

from django.urls import path

from sipuma.workspace.sign_in import SignInView, SignOutView, sign_in_help
from sipuma.workspace.views import account, case, queue, team

urlpatterns = [
    path("", queue.queue_page, name="queue"),
    path("kasus/<str:register>/", case.case_page, name="case"),
    path("tim/", team.team_page, name="team"),
    path("akun/", account.account_page, name="account"),
    path("gabung/<str:code>/", account.join_page, name="join"),
    path("pemulihan/", account.recover_page, name="recover"),
    path("masuk/", SignInView.as_view(), name="account_login"),
    path("keluar/", SignOutView.as_view(), name="account_logout"),
    # allauth reverses these three; none of them exists here, so one page says what to do instead.
    path("bantuan/", sign_in_help, name="account_reset_password"),
    path("bantuan/", sign_in_help, name="account_signup"),
    path("bantuan/", sign_in_help, name="account_inactive"),
]
