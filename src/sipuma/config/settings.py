"""Django's settings, derived from `environment`; nothing here is edited by an operator."""

import secrets
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

from sipuma.config.environment import read_environment
from sipuma.config.logs import LOGGING as LOGGING
from sipuma.web.headers import CONTENT_SECURITY_POLICY as POLICY

SIPUMA = read_environment()
PACKAGE = Path(__file__).resolve().parent.parent
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
        "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;"
    ),
}


def secret_key() -> str:
    """Return the key of the secrets folder; a process without one (checks, `init`) draws its own."""
    kept = SIPUMA.secrets / "django.key"
    return SIPUMA.secret_key or (kept.read_text(encoding="ascii") if kept.exists() else secrets.token_hex(32))


def database() -> dict[str, Any]:  # Any: Django's own type for this setting
    url = SIPUMA.database_url or f"sqlite:///{(SIPUMA.data / 'sipuma.sqlite3').absolute()}"
    found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    if found["ENGINE"].endswith("sqlite3"):
        found["OPTIONS"] = SQLITE
    return found


BASE = urlsplit(SIPUMA.base_url)
LOOPBACK = BASE.hostname in {"127.0.0.1", "localhost", "::1"}
SECRET_KEY = secret_key()
DEBUG = False
ALLOWED_HOSTS = [
    BASE.hostname or "127.0.0.1",
    *(name.strip() for name in SIPUMA.allowed_hosts.split(",") if name.strip()),
    *(["127.0.0.1", "localhost", "[::1]"] if LOOPBACK else []),
]
DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "sipuma.web",
    "sipuma.offices",
    "sipuma.outbox",
    "sipuma.cases",
    "sipuma.complaints",
    "sipuma.public",
    "sipuma.workspace",
]
MIDDLEWARE = [
    "sipuma.web.middleware.RequestLog",
    "sipuma.web.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "sipuma.web.policy.ContentPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sipuma.web.middleware.PathLocale",
    "sipuma.web.middleware.RequestSize",
    "django.middleware.common.CommonMiddleware",
    "sipuma.web.middleware.ErrorReference",
    "sipuma.web.middleware.NoPublicCookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sipuma.workspace.middleware.UnlockedMember",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
]
ROOT_URLCONF = "sipuma.config.urls"
WSGI_APPLICATION = "sipuma.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "sipuma.workspace.context.surroundings",
            ],
        },
    },
]
FORM_RENDERER = "sipuma.web.forms.SipumaRenderer"

# One site, two languages: Indonesian on plain paths, English under /en/; no cookie, no header decides.
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"

STATIC_URL = "/static/"
STATIC_ROOT = SIPUMA.data / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "sipuma.web.static_storage.Storage"},
}
WHITENOISE_MAX_AGE = 31_536_000

# Staff sign-in. The password is checked by opening the member's key slot; there is no other hash of it.
AUTHENTICATION_BACKENDS = ["sipuma.workspace.sign_in.SlotBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "queue"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "sipuma.workspace.sign_in.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {"login": "sipuma.workspace.sign_in.SignInForm"}
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip" if SIPUMA.demo else "30/m/ip",
    "login_failed": "200/m/ip,200/5m/key" if SIPUMA.demo else "20/m/ip,10/5m/key",
}
SESSION_ENGINE = "sipuma.offices.sessions"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = not LOOPBACK
SESSION_COOKIE_NAME = "sipuma_session" if LOOPBACK else "__Host-sipuma_session"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "sipuma_csrf" if LOOPBACK else "__Host-sipuma_csrf"
CSRF_COOKIE_SECURE = not LOOPBACK
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "sipuma.web.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [f"{BASE.scheme}://{BASE.netloc}"]
MESSAGE_STORAGE = "sipuma.workspace.flash.Storage"

SECURE_SSL_REDIRECT = not LOOPBACK and SIPUMA.trusted_proxies > 0
SECURE_HSTS_SECONDS = 0 if LOOPBACK else 63_072_000
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SIPUMA.trusted_proxies else None
CONTENT_SECURITY_POLICY = {"DIRECTIVES": POLICY}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Counts of tries live here. At Django's 300 entries a crowd of made-up names would push them out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# Where no files are taken, whatever is larger than a form is refused before a byte of it is read.
SIPUMA_MAX_REQUEST_BYTES = 3 * 1024**2
SIPUMA_MAX_UPLOAD_BYTES = SIPUMA_MAX_REQUEST_BYTES + SIPUMA.max_files * SIPUMA.max_file_bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
# Views that take files set the handler that encrypts them on arrival; everywhere else files are dropped.
FILE_UPLOAD_HANDLERS = ["sipuma.files.uploads.NoFiles"]

if sqlite3.sqlite_version_info < (3, 35):
    message = "SQLite 3.35 or newer is needed (INSERT … RETURNING)."
    raise RuntimeError(message)
