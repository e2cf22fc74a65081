"""Django's settings, all of them made from the environment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF

from ocrchat_server.config.environment import environment
from ocrchat_server.config.mail import mail_settings
from ocrchat_server.config.secret import secret_key
from ocrchat_server.storage.blobs import BlobStore

OCRCHAT = environment()


def _database(url: str) -> dict[str, Any]:
    """Django's entry for a PostgreSQL address; a socket folder may stand in `?host=`."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or query.pop("host", ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **query,
            # Who comes after an outage tries at once; the pool's own attempts would be minutes apart by then.
            "pool": {
                "min_size": 1,
                "max_size": OCRCHAT.database_pool,
                "timeout": 10,
                "reconnect_timeout": 3,
            },
        },
    }


SECRET_KEY = OCRCHAT.secret_key or secret_key(OCRCHAT.data)
DEBUG = False
PUBLIC = urlsplit(OCRCHAT.public_url)
IS_HTTPS = PUBLIC.scheme == "https"
# Only pages look at the name they are asked by, and put it into the links of mails.
ALLOWED_HOSTS = [name for name in (PUBLIC.hostname, OCRCHAT.host, "localhost", "127.0.0.1", "[::1]") if name]
APPEND_SLASH = False
ROOT_URLCONF = "ocrchat_server.config.urls"
DATABASES = {"default": _database(OCRCHAT.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
USE_TZ = True
TIME_ZONE = "UTC"

INSTALLED_APPS = [
    "ocrchat_server.web",  # before allauth, whose templates it replaces
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "procrastinate.contrib.django",
    "ocrchat_server.accounts",
    "ocrchat_server.billing",
    "ocrchat_server.jobs",
    "ocrchat_server.chat",
    "ninja",
]
API_MIDDLEWARE = [
    "ocrchat_server.config.headers.safe_headers",
    "ocrchat_server.api.v1.errors.json_errors",
]
MIDDLEWARE = [
    "ocrchat_server.config.headers.safe_headers",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ocrchat_server.web.privacy.never_stored",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
STATIC_URL = "/static/"

# Who logs in, and how
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/account/"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "ocrchat_server.web.sign_up.SignUp"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if OCRCHAT.confirm_addresses else "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[ocrchat] "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
MFA_ADAPTER = "ocrchat_server.web.sign_up.SealedSecrets"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "ocrchat"
MFA_TOTP_TOLERANCE = 1  # half minutes that a telephone's clock may be off (RFC 6238, 5.2)
# Web processes, however many, count tries together and take a code of a second factor once.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # with fewer, who tries many names could have counts thrown away
    }
}
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "ocrchat_server.web.lockout.name_tried"
AXES_CLIENT_IP_CALLABLE = "ocrchat_server.web.lockout.client_address"
AXES_LOCKOUT_TEMPLATE = "web/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True  # who logged in when, and from where, is nobody's business
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "ocrchat_session", "ocrchat_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [OCRCHAT.public_url] if OCRCHAT.public_url else []
CSRF_FAILURE_VIEW = "ocrchat_server.web.failures.forged"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = OCRCHAT.mail_from
globals().update(mail_settings(OCRCHAT.smtp_url))

_SHOP = ["https://*.stripe.com", OCRCHAT.stripe_address or SELF] if OCRCHAT.payments == "stripe" else []
# What pages may load: our own files, and nothing that runs but those. QR codes are images in the page.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Buying sends a form to us, which leads on to Stripe's pages.
        "form-action": [SELF, *_SHOP],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# An upload goes to a file beside the blobs at once, so that storing it is a rename.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = str(BlobStore(OCRCHAT.data / "blobs").incoming)
DATA_UPLOAD_MAX_NUMBER_FILES = 1
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": OCRCHAT.log_level},
    "loggers": {
        "procrastinate": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "psycopg.pool": {"level": "ERROR"},
    },
}
