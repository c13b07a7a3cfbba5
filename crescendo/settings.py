"""All settings, for every place where Crescendo runs. Only here is the environment read.

`CRESCENDO_MODE` says where we are:

- `demo` (the default): on one's own computer. Answers to localhost only, so that a server started
  without thinking serves nobody; makes its own secret key; keeps mail as files under `.local/mail`.
- `test`: the demo's settings with a quick password hasher and mail kept in memory.
- `production`: nothing has a default that could be unsafe; a missing value stops the start.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = Path(os.environ.get("CRESCENDO_LOCAL_DIR", BASE_DIR / ".local"))

MODE = os.environ.get("CRESCENDO_MODE", "demo")
if MODE not in {"demo", "test", "production"}:
    raise ImproperlyConfigured(f"CRESCENDO_MODE is {MODE!r}; use demo, test or production.")
PRODUCTION = MODE == "production"


def _required(name: str) -> str:
    try:
        return os.environ[name]
    except KeyError:
        raise ImproperlyConfigured(
            f"Set {name}: production has no default for it (docs/deploy.md)."
        ) from None


def _local_secret_key() -> str:
    """A key of this computer's own, made once, so that a second start keeps people signed in."""
    file = LOCAL_DIR / "secret-key"
    if not file.exists():
        LOCAL_DIR.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50))
    return file.read_text().strip()


def _database_url() -> str:
    if "DATABASE_URL" in os.environ or PRODUCTION:
        return _required("DATABASE_URL")
    written_by_the_embedded_server = LOCAL_DIR / "database-url"
    if written_by_the_embedded_server.exists():
        return written_by_the_embedded_server.read_text().strip()
    return "postgresql://crescendo@localhost/crescendo"


def _database(url: str) -> dict:
    """`postgresql://user:password@host:port/name`, or `…@/name?host=/folder/of/the/socket`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL has to start with postgresql://")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        # Pages are served by processes with one thread, so one kept connection each is right.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # The choices of a form would each be asked for in four statements rather than one.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {
            "connect_timeout": 2,
            # A statement that takes 5 s is a fault: better a clear page than a queue behind it.
            # `manage.py migrate` on a big table may need more. Between two statements of one
            # transaction a page has 10 s; commands take their time (crescendo/patience.py).
            "options": "-c statement_timeout={} -c lock_timeout=2000"
            " -c idle_in_transaction_session_timeout=10000"
            # How close a title must come to words that nothing has: 0.6 misses "meetnig".
            " -c pg_trgm.word_similarity_threshold=0.45".format(
                os.environ.get("DATABASE_STATEMENT_TIMEOUT_MS", "5000")
            ),
            **query,
        },
    }


# --- the application

SECRET_KEY = _required("SECRET_KEY") if PRODUCTION else _local_secret_key()
DEBUG = False
ALLOWED_HOSTS = (
    _required("ALLOWED_HOSTS").split(",") if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"]
)
# Where links in mails lead. Never taken from a request: a forged Host header must not reach a mail.
SITE_URL = _required("SITE_URL").rstrip("/") if PRODUCTION else ""
# The same where no request asked for the mail: elsewhere it is the machine's own address.
WORKER_SITE_URL = SITE_URL or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "crispy_forms",
    "procrastinate.contrib.django",
    "programmes",
    "surveys",
    "smallchanges",
    "blueprints",
    "workshops",
    "impact",
    "crescendo",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "crescendo.middleware.readable_address",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crescendo.middleware.private_pages",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crescendo.middleware.whole_pages",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]
ROOT_URLCONF = "crescendo.urls"
WSGI_APPLICATION = "crescendo.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crescendo.context.house",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "crescendo.templatetags.house",
                "django.templatetags.static",
                "django.contrib.humanize.templatetags.humanize",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["crescendo"]
CRISPY_TEMPLATE_PACK = "crescendo"

# --- data

DATABASES = {"default": _database(_database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Rate limits live in the cache, so it must be one for all processes: PostgreSQL, the only service.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Django's own 300 would be culled by one busy morning, and what an attacker has tried is
        # forgotten with it.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440  # bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# --- background work

# What went well leaves nothing: every minute would else leave a row.
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful", "shutdown_graceful_timeout": 3}

# --- language and time

LANGUAGE_CODE = "en-gb"
USE_I18N = True
TIME_ZONE = "Europe/London"
USE_TZ = True

# --- static files

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", LOCAL_DIR / "static"))
# Unit tests need no collected files. Browser tests name a STATIC_ROOT, and get what people get.
_COLLECTED = MODE != "test" or "STATIC_ROOT" in os.environ
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not _COLLECTED

# --- people and sign-in

AUTH_USER_MODEL = "programmes.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "crescendo.accounts.InvitedPeopleAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation's link has shown that the address is theirs
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # seconds; council mail can be slow
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
# A whole council sits behind one address: that limit is wide, the one per account is not.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "300/m/ip,5/300s/key",
    "request_login_code": "300/m/ip,3/m/key",
    "reset_password": "300/m/ip,5/m/key",
    "reset_password_from_key": "300/m/ip",
    # Wrong codes of workshops alone: a room full of people behind one address comes in.
    "join_code": "60/m/ip",
    # Where that many go wrong in all, many addresses guess together: each then has fewer tries.
    "join_code_of_all": "600/m/key",
    "join_code_of_a_few": "10/m/ip",
    # What is offered in an inbox: a room full of people at once, and no flood.
    # The key is an address that nobody can read: the cache keeps it, and when.
    "inbox_offer": "30/m/key,200/h/key",
    # Links for partners that we never signed: a good one opens whatever others guess.
    "partner_link": "60/m/ip",
    # Links of surveys, and answers of guests: a full hall sends them within a minute. The key is
    # an address that nobody can read.
    "survey_link": "60/m/ip",
    "survey_answer": "150/m/key,1500/h/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "0"))
ACCOUNT_FORMS = {
    "login": "crescendo.forms.LoginForm",
    "request_login_code": "crescendo.forms.RequestLoginCodeForm",
    "confirm_login_code": "crescendo.forms.ConfirmLoginCodeForm",
    "reset_password": "crescendo.forms.ResetPasswordForm",
    "reset_password_from_key": "crescendo.forms.ResetPasswordKeyForm",
    "set_password": "crescendo.forms.SetPasswordForm",
    "change_password": "crescendo.forms.ChangePasswordForm",
    "reauthenticate": "crescendo.forms.ReauthenticateForm",
}
MFA_ADAPTER = "crescendo.accounts.SecondStepAdapter"
MFA_FORMS = {
    "authenticate": "crescendo.forms.AuthenticateForm",
    "reauthenticate": "crescendo.forms.ReauthenticateByCodeForm",
    "activate_totp": "crescendo.forms.ActivateTOTPForm",
    "login_webauthn": "crescendo.forms.LoginWebAuthnForm",
    "authenticate_webauthn": "crescendo.forms.AuthenticateWebAuthnForm",
    "reauthenticate_webauthn": "crescendo.forms.ReauthenticateWebAuthnForm",
    "add_webauthn": "crescendo.forms.AddWebAuthnForm",
    "edit_webauthn": "crescendo.forms.EditWebAuthnForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
# Addresses are shown to be people's by an invitation or by our own page for changing them, so
# there is no unverified one that could keep anybody from a second step.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Crescendo"
MFA_TOTP_TOLERANCE = 1  # half minutes: typing takes time, and a phone's clock may be a little off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
# Those who can see or change more than their own work prove themselves twice in production.
REQUIRE_SECOND_STEP = PRODUCTION and os.environ.get("REQUIRE_SECOND_STEP", "yes") != "no"

# --- mail

DEFAULT_FROM_EMAIL = (
    _required("DEFAULT_FROM_EMAIL") if PRODUCTION else "Crescendo <hello@crescendo.example>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if PRODUCTION:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": _required("SMTP_HOST"),
                "port": int(os.environ.get("SMTP_PORT", "587")),
                "username": os.environ.get("SMTP_USERNAME", ""),
                "password": os.environ.get("SMTP_PASSWORD", ""),
                "use_tls": os.environ.get("SMTP_TLS", "yes") != "no",
                "timeout": 10,
            },
        }
    }
elif MODE == "demo":
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(LOCAL_DIR / "mail")},
        }
    }
else:
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}

# Where the mail server hands mails to the inbox, such as inbox@crescendo.example: pages show it
# with the authority after a plus. Empty where it hands none on (docs/deploy.md, 9).
INBOX_ADDRESS = os.environ.get("INBOX_ADDRESS", "")

# Only tests wait until a letter has gone, to read it.
SEND_MAIL_ASIDE = MODE != "test"

# --- the browser's side of safety

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],  # data: is the QR code of a second step
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds, from sign-in: a working day
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "crescendo.views.csrf_failure"
if PRODUCTION:
    SECURE_SSL_REDIRECT = os.environ.get("SSL_REDIRECT", "yes") != "no"
    SECURE_REDIRECT_EXEMPT = [r"^healthz/$", r"^readyz/$"]  # a balancer asks without TLS
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrftoken"
MESSAGE_STORAGE = "crescendo.said.SessionOrCookie"

# --- logs: what happened and where, never what somebody wrote

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "crescendo.logs.Line",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # It warns of a main module that holds the application, as the demo's does, and means it to.
    "loggers": {"procrastinate.blueprints": {"level": "ERROR"}},
}
