"""Every address of the site: health outside the languages, pages inside them."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from sipuma.config import health
from sipuma.web import errors

handler400 = "sipuma.web.errors.bad_request"
handler403 = "sipuma.web.errors.permission_denied"
handler404 = "sipuma.web.errors.page_not_found"
handler500 = "sipuma.web.errors.server_error"
handler429 = errors.too_many_requests  # the sign-in's limits look for it here

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    *i18n_patterns(
        path("", include("sipuma.public.urls")),
        path("petugas/", include("sipuma.workspace.urls")),
        prefix_default_language=False,
    ),
]
