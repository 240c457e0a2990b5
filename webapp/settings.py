"""Settings of the site. Every variable that a deployment may set is read here; docs/deploying.md explains them.

The default needs nothing: SQLite in the runtime folder, one web process, loopback only.
"""

from __future__ import annotations

import os
from pathlib import Path

from playground.own_data import OwnDataLimits
from playground.words import MEGABYTE
from webapp.accounts.providers import providers_of
from webapp.secret import kept_secret

ROOT = Path(__file__).resolve().parent.parent


def _list(name: str, default: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


# What runs: database, secret, worker token, spools, data sets.
VAR = Path(os.environ.get("PLAYGROUND_VAR", ROOT / "var")).resolve()
VAR.mkdir(parents=True, exist_ok=True)

DEBUG = os.environ.get("PLAYGROUND_DEBUG") == "1"
SECRET_KEY = os.environ.get("PLAYGROUND_SECRET_KEY") or kept_secret(VAR / "secret-key")
ALLOWED_HOSTS = _list("PLAYGROUND_HOSTS", "localhost,127.0.0.1,[::1]")
# Addresses such as https://playground.example.org, where the site stands behind a proxy.
CSRF_TRUSTED_ORIGINS = _list("PLAYGROUND_ORIGINS", "")
BEHIND_HTTPS = os.environ.get("PLAYGROUND_HTTPS") == "1"
if BEHIND_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 30 * 24 * 3600
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^api/health$"]  # `manage.py up` and monitors ask it behind the proxy
    ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("PLAYGROUND_PROXIES", "1"))
SECURE_REFERRER_POLICY = "same-origin"

INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "channels",
    "ninja",
    "django_vite",
    "allauth",
    "allauth.account",
    "webapp",
    "webapp.accounts",
    "webapp.experiments",
    "webapp.datasets",
    "webapp.runs",
    "webapp.telemetry",
    "webapp.artifacts",
    "webapp.tags",
    "webapp.sharing",
]
MIDDLEWARE = [
    "webapp.middleware.errors.ProblemMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "webapp.middleware.headers.SecurityHeadersMiddleware",
    "webapp.assets.AssetsMiddleware",
    "webapp.middleware.compression.TextCompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "webapp.urls"
ASGI_APPLICATION = "webapp.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "webapp.accounts.context.accounts",
            ]
        },
    }
]

# WAL lets readers go on while one writes. IMMEDIATE takes the write lock at the start of a transaction: a deferred one
# that reads first and then writes fails at once with "database is locked", whatever the timeout. Measured: 0 failures
# against 90 %. Hence no ATOMIC_REQUESTS: every page view would take the write lock.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("PLAYGROUND_DATABASE", VAR / "playground.sqlite3"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=268435456;"
                "PRAGMA journal_size_limit=67108864;PRAGMA wal_autocheckpoint=1000"
            ),
        },
        "TEST": {"NAME": os.environ.get("PLAYGROUND_TEST_DATABASE", VAR / f"test-{os.getpid()}.sqlite3")},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Guests are known by a signed cookie, so that looking at a page never writes to the database; a member's cookie counts
# while its sign-in stands.
SESSION_ENGINE = "webapp.accounts.sessions"
SESSION_COOKIE_NAME = "playground_guest"
SESSION_COOKIE_AGE = 365 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS
CSRF_FAILURE_VIEW = "webapp.pages.csrf_failure"
X_FRAME_OPTIONS = "DENY"

# Members. allauth does signing up, signing in and passwords; webapp.accounts does what it does not.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    }
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "webapp.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "webapp.accounts.forms.NameForm"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "CNN playground: "
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
SIGN_UP_OPEN = os.environ.get("PLAYGROUND_SIGN_UP", "open") != "closed"

# Mail is sent where a server is named; without one nothing needs it, and the pages say so.
EMAIL_HOST = os.environ.get("PLAYGROUND_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("PLAYGROUND_MAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("PLAYGROUND_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("PLAYGROUND_MAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("PLAYGROUND_MAIL_TLS", "1") == "1"
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("PLAYGROUND_MAIL_FROM", EMAIL_HOST_USER)
MAIL = bool(EMAIL_HOST)
if not MAIL:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if MAIL else "none"

# Signing in with an account elsewhere: shown where it is configured.
SOCIALACCOUNT_PROVIDERS, SOCIAL_APPS, SOCIAL_ORIGINS = providers_of(os.environ)
if SOCIAL_APPS:
    INSTALLED_APPS += SOCIAL_APPS
    SOCIALACCOUNT_ADAPTER = "webapp.accounts.adapter.SocialAccountAdapter"
    SOCIALACCOUNT_QUERY_EMAIL = True

# Pages of others that may show a run in a frame: origins such as https://example.org, or * for all. None by default.
EMBED_ANCESTORS = _list("PLAYGROUND_EMBED_ANCESTORS", "")

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * MEGABYTE  # a network document of 1,024 blocks is a fifth of this
# A folder on this machine: each folder in it that holds folders of images is a data set of the site.
DATA_FOLDER = os.environ.get("PLAYGROUND_DATA", "")
OWN_DATA_LIMITS = OwnDataLimits(zip_bytes=int(os.environ.get("PLAYGROUND_UPLOAD_MB", "512")) * MEGABYTE)

# How much there is for each; webapp/quotas.py says how it is counted. Staff have what members have.
RUNS_WAITING_PER_GUEST = int(os.environ.get("PLAYGROUND_RUNS_PER_GUEST", "40"))
RUNS_WAITING_PER_MEMBER = int(os.environ.get("PLAYGROUND_RUNS_PER_MEMBER", "60"))
EXPERIMENTS_PER_GUEST = int(os.environ.get("PLAYGROUND_EXPERIMENTS_PER_GUEST", "2000"))
EXPERIMENTS_PER_MEMBER = int(os.environ.get("PLAYGROUND_EXPERIMENTS_PER_MEMBER", "10000"))
MEGABYTES_PER_GUEST = int(os.environ.get("PLAYGROUND_MEGABYTES_PER_GUEST", "2000"))
MEGABYTES_PER_MEMBER = int(os.environ.get("PLAYGROUND_MEGABYTES_PER_MEMBER", "20000"))
WORKER_MINUTES_PER_GUEST = int(os.environ.get("PLAYGROUND_WORKER_MINUTES_PER_GUEST", "1440"))
WORKER_MINUTES_PER_MEMBER = int(os.environ.get("PLAYGROUND_WORKER_MINUTES_PER_MEMBER", "5760"))

# Files that the site keeps, such as the weights of runs that have ended; larger weights stay with the worker.
ARTIFACTS = Path(os.environ.get("PLAYGROUND_ARTIFACTS", VAR / "artifacts"))
WEIGHTS_BYTES = int(os.environ.get("PLAYGROUND_WEIGHTS_MB", "1024")) * MEGABYTE

# A worker that says nothing for LEASE_SECONDS loses its runs to the queue; a run goes back there at most RUN_ATTEMPTS
# times without a new checkpoint, then it fails.
HEARTBEAT_SECONDS = 10.0
LEASE_SECONDS = 60.0
RUN_ATTEMPTS = int(os.environ.get("PLAYGROUND_MAX_ATTEMPTS", "5"))

STATIC_URL = "/static/"
# Set where `manage.py collectstatic` has gathered and compressed the files; else they are served from where they lie.
STATIC_ROOT = os.environ.get("PLAYGROUND_STATIC_ROOT")
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Vite has put a hash into its file names already, and its chunks name each other: hashing again loads them twice.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not STATIC_ROOT
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/editor/assets/.+[.-][0-9a-zA-Z_-]{8,12}\.[a-z0-9]+$"
EDITOR_MANIFEST = ROOT / "static" / "editor" / "manifest.json"
DJANGO_VITE = {
    "default": {"dev_mode": False, "static_url_prefix": "editor", "manifest_path": EDITOR_MANIFEST},
}
SILENCED_SYSTEM_CHECKS = [
    "django_vite.W001",  # the page itself says that the bundle is missing
    "security.W005",  # whether a domain's other hosts speak HTTPS too is for the domain's owner to say,
    "security.W021",  # and so is the browsers' list of such domains
]

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {name}: {message}", "style": "{", "datefmt": "%H:%M:%S"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "webapp": {"level": "INFO"},
        "django": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.security.DisallowedHost": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "daphne": {"level": "WARNING"},
    },
}
