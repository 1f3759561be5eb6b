"""All settings, from the environment. A missing variable says what it is for and how to set it."""

import hashlib
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from referral.lib.crypto import KeyRing, read_key_ring
from referral.rooms import ROOMS

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

#: A demo has fictitious data only: fixed keys, a one-click door, no mail that leaves.
DEMO = env.bool("DEMO", False)
DEBUG = False


def required(name: str, what: str, demo: str) -> str:
    """The variable; in a demo a fixed value, elsewhere a refusal that says how to mend it."""
    value: str = env.str(name, demo if DEMO else "")
    if not value:
        raise ImproperlyConfigured(f"{name} is missing: {what}. See docs/operations.md.")
    return value


def demo_key(name: str) -> bytes:
    return hashlib.sha256(f"demo only: {name}".encode()).digest()


# --- Secrets ---------------------------------------------------------------------------------
SECRET_KEY = required("SECRET_KEY", "a long random text that signs sessions", "demo-only" * 8)
CONTEXT_KEY = bytes.fromhex(
    required(
        "BAKEN_CONTEXT_KEY",
        "64 hexadecimal digits that sign the database context",
        demo_key("context").hex(),
    )
)
CONTEXT_KEY_ID = env.int("BAKEN_CONTEXT_KEY_ID", 1)
INDEX_KEY = bytes.fromhex(
    required(
        "BAKEN_INDEX_KEY",
        "64 hexadecimal digits for the search keys of identities",
        demo_key("index").hex(),
    )
)
KEY_RING_FILE = env.str("BAKEN_KEY_RING_FILE", "")
if KEY_RING_FILE:
    KEY_RING = read_key_ring(Path(KEY_RING_FILE))
elif DEMO:
    KEY_RING = KeyRing(keys={"demo": demo_key("ring")}, current="demo")
else:
    raise ImproperlyConfigured(
        "BAKEN_KEY_RING_FILE is missing: the file (0400) with the key-encryption keys."
        " See docs/operations.md."
    )

# --- The database: every request in one transaction, under the signed context ----------------
DATABASE_URL = required(
    "DATABASE_URL", "postgresql://user:password@host:port/name of the database", ""
)
#: The role to become after connecting, when the login itself owns tables (demo, tests).
DATABASE_ROLE = env.str("DATABASE_ROLE", "")


def database(url: str, role: str) -> dict[str, object]:
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        "ENGINE": "referral.access.database",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": parts.port or "",
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": f"-c role={role}"} if role else {},
    }


DATABASES = {"default": database(DATABASE_URL, DATABASE_ROLE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "organisations.User"

# --- Valkey: cache and broker; never the truth -----------------------------------------------
REDIS_URL = required("REDIS_URL", "redis://host:port/0, or redis+socket:///path", "")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        # Celery and Django write the address of a socket, and the database behind it, differently.
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db="),
        "KEY_PREFIX": "baken",
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "Europe/Amsterdam"
CELERY_TASK_DEFAULT_QUEUE = "baken"
CELERY_TASK_ROUTES = {
    name: {"queue": "long"}
    for name in (
        "reporting.tasks.*",
        "signals.tasks.*",
        "signals.attachments.tasks.*",
        "referral.cases.documents.tasks.*",
        "signals.routing.tasks.count_on",
        "shelters.matching.tasks.compute",
        # They wait for machines of others, and no notice of ours waits for them.
        "signals.webhooks.tasks.*",
    )
}
#: What is done with a file of signals once it is in: its figures are computed.
PUBLISH_IMPORT_TASK = "reporting.tasks.release_import"

# --- Applications ----------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "csp",
    "guardian",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    *ROOMS,
    *(["referral.demo"] if DEMO else []),
]
MIDDLEWARE = [
    "referral.access.headers.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "referral.access.headers.ApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "referral.people.middleware.UseMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "referral.people.middleware.EnrolmentMiddleware",
    "referral.access.middleware.MembershipMiddleware",
    "referral.access.middleware.ClientMiddleware",
    "referral.access.middleware.FormsOnlyMiddleware",
    "referral.cases.emergency.middleware.EmergencyMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "referral.access.headers.HeadersMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "referral.urls"
WSGI_APPLICATION = "referral.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "referral.access.context_processors.house",
            ],
            "debug": DEMO,  # lets coverage count the lines of templates; shows nothing to people
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Sign-in ---------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "referral.access.backends.SignInBackend",
    "referral.access.backends.MembershipBackend",
    "referral.cases.backends.CaseGrantBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_GET_INIT_ANONYMOUS_USER = None
SILENCED_SYSTEM_CHECKS = [
    "guardian.W001",  # guardian is asked by MembershipBackend, for the active role only
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validation}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "referral.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_NOTIFICATIONS = True
# axes locks an address out; allauth's own limit stands behind it, for the machine as a whole.
ACCOUNT_RATE_LIMITS = {"login_failed": "50/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Baken"
MFA_FORMS = {"add_webauthn": "referral.people.forms.SecurityKeyForm"}
USERSESSIONS_TRACK_ACTIVITY = True  # its page tells when each was last used
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "referral.people.lockout.sign_in_name"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "referral.views.csrf_failure"

# --- Language and time -----------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "referral" / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True

# --- Static files: our own, and the packages that npm installed -------------------------------
STATIC_URL = "/static/"
# A demo serves what finders find; production what collectstatic gathered.
STATIC_ROOT = None if DEMO else BASE_DIR / "staticfiles"
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "referral" / "static",
    ("vendor/utrecht", NODE_MODULES / "@utrecht/component-library-css/dist"),
    ("vendor/fira-sans", NODE_MODULES / "@fontsource/fira-sans"),
]
WHITENOISE_USE_FINDERS = DEMO
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Transport and headers -------------------------------------------------------------------
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = not DEMO
#: Whether a reverse proxy of ours stands before us and says who the client is.
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
SESSION_COOKIE_NAME = "__Host-baken" if HTTPS else "baken"
CSRF_COOKIE_NAME = "__Host-baken-csrf" if HTTPS else "baken-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Mail: says only that there is a new task ------------------------------------------------
EMAIL_URL = env.str("EMAIL_URL", "")
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = env.str("EMAIL_FILE_PATH", str(BASE_DIR / ".local" / "mail"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Baken <noreply@baken.invalid>")
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000")
AUDITOR_EMAIL = env.str("AUDITOR_EMAIL", "")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "mailto:security@baken.invalid")

# --- The API ---------------------------------------------------------------------------------
REST_FRAMEWORK = {
    # Who asks is settled by referral.access.middleware, before any view.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {"OAS_VERSION": "3.1.0"}
#: How often one partner's system may ask in a minute, and one address for a token.
API_REQUESTS = env.int("API_REQUESTS", 600)
API_TOKENS = 60
#: How long the answer to a form or a request is given again to the same key: a partner's system
#: that stood still for a long weekend sends again without fear. Never less than 24 hours.
ANSWERS_KEPT = timedelta(days=7)

# --- Files with a signal ---------------------------------------------------------------------
#: The scanner of viruses (clamd): unix:///run/clamav/clamd.ctl or tcp://host:3310. Without one the
#: making anew of each file decides, and the pages say so.
CLAMD_ADDRESS = env.str("BAKEN_CLAMD_ADDRESS", "")

# --- Limits ----------------------------------------------------------------------------------
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
#: A file is never laid in a folder before it is sealed: 32 MB, a little more than the largest.
FILE_UPLOAD_MAX_MEMORY_SIZE = 33_554_432
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"without_secrets": {"()": "referral.lib.logs.WithoutSecrets"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["without_secrets"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    # They tell each step of each document.
    "loggers": {
        name: {"level": "ERROR", "propagate": True}
        for name in ("weasyprint", "fontTools", "pikepdf")
    },
}
