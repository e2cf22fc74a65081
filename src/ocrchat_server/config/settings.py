"""Django's settings, all of them made from the environment."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ocrchat_server.config.environment import environment
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
            "pool": {"min_size": 1, "max_size": OCRCHAT.database_pool, "timeout": 10},
        },
    }


SECRET_KEY = OCRCHAT.secret_key or secret_key(OCRCHAT.data)
DEBUG = False
ALLOWED_HOSTS = ["*"]
APPEND_SLASH = False
ROOT_URLCONF = "ocrchat_server.config.urls"
DATABASES = {"default": _database(OCRCHAT.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
USE_TZ = True
TIME_ZONE = "UTC"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "procrastinate.contrib.django",
    "ocrchat_server.accounts",
    "ocrchat_server.billing",
    "ocrchat_server.jobs",
    "ninja",
]
MIDDLEWARE = [
    "ocrchat_server.config.headers.safe_headers",
    "ocrchat_server.api.v1.errors.json_errors",
]

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
