"""Which content security policy an answer gets: staff pages may run our own scripts, all others none."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

from sipuma.web import headers, languages


class ContentPolicy(CSPMiddleware):
    """django-csp with a second policy by path; a view's own policy or replacement goes before either."""

    def get_policy_parts(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        report_only: bool = False,  # noqa: FBT001, FBT002  the signature is django-csp's
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and parts.config is None and _is_staff(request.path_info):
            parts.config = dict(headers.STAFF_POLICY)
        return parts


def _is_staff(path: str) -> bool:
    return languages.without_language(path).startswith(headers.STAFF_PREFIX)
