"""Settings of the portal, read from the environment only.

Every variable is checked when it is read, and a wrong one is named in the message.
`.env.example` lists them all.
"""

from datetime import time
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal.variables import Hours, database, env, hours, networks, read, required

BASE_DIR = Path(__file__).resolve().parent.parent

# --- where the portal stands -------------------------------------------------
DEBUG = read("DEBUG", env.bool, False)
STATE_DIR = Path(read("STATE_DIR", env.str, str(BASE_DIR / ".state")))
SECRET_KEY = required("SECRET_KEY", "Give a random text of 50 characters or more; bin/start makes one.")
# Keys of before a change: what they signed or sealed is still read.
SECRET_KEY_FALLBACKS: list[str] = read("SECRET_KEY_FALLBACKS", env.list, [])
PUBLIC_URL = read("PUBLIC_URL", env.str, "http://localhost:8000").rstrip("/")
_public = urlsplit(PUBLIC_URL)
HTTPS = _public.scheme == "https"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
if not HTTPS and _public.hostname not in _LOOPBACK:
    raise ImproperlyConfigured(
        f"PUBLIC_URL is {PUBLIC_URL}: it must begin with https://, plain http is for localhost only."
    )
ALLOWED_HOSTS = read("ALLOWED_HOSTS", env.list, [_public.hostname or "localhost", "127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
# How many proxies of our own stand in front: the client address is that many entries from the right.
TRUSTED_PROXIES = read("TRUSTED_PROXIES", env.int, 0)

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

INSTALLED_APPS = [
    "core",
    "notifications",
    "accounts",
    "enterprises",
    "services.catalogue",
    "services.requests",
    "services.policies",
    "services.cloud",
    "services.industry",
    "services.assessments",
    "portal.indicators",
    "portal.personal_data",
    "portal.apps.PortalConfig",
    "portal.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
]

MIDDLEWARE = [
    "core.drawn.DrawnPages",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "portal.middleware.RefuseUnknownMethods",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.CompressTexts",
    "portal.middleware.CleanInput",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.DeskNetworks",
    "core.parking.ParkForms",
    "accounts.middleware.SessionLimits",
    "accounts.middleware.DeskLanguage",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.SecondFactorForStaff",
    "accounts.middleware.ActAs",
    "notifications.middleware.ReadFromMail",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "enterprises.middleware.CurrentEnterprise",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.middleware.ErrorPages",
    "portal.personal_data.middleware.NoteLooks",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "portal.context.frame",
            ],
            "builtins": ["portal.templatetags.portal"],
            "libraries": {"panels": "portal.panels"},
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- stores ------------------------------------------------------------------
_CONNECTION = {
    "statement_timeout_ms": read("DATABASE_STATEMENT_TIMEOUT_MS", env.int, 10_000),
    # A visitor waits for a free connection, then for a lock: the page that says so comes before five seconds.
    "lock_timeout_ms": read("DATABASE_LOCK_TIMEOUT_MS", env.int, 3_000),
    "pool_size": read("DATABASE_POOL_SIZE", env.int, 0),
}
DATABASES = {"default": database("DATABASE_URL", **_CONNECTION)}
if env.str("MIGRATION_DATABASE_URL", default=""):
    # The owner of the tables; `migrate --database owner` uses it, the portal itself never does.
    DATABASES["owner"] = database("MIGRATION_DATABASE_URL", **_CONNECTION)

CACHES = {
    # allauth's limits live here: they outlive a restart and the loss of Redis.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        # Django's own 300 would let a flood of attempts push the counters of others out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"},
    # First pages of the read API: up to 120 kB each, so at most some 6 MB a process.
    "answers": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "answers",
        "OPTIONS": {"MAX_ENTRIES": 50},
    },
}
KEEP_DRAWN_PAGES = True
REDIS_URL = read("REDIS_URL", env.str, "redis://127.0.0.1:6379/0")
# A drain takes a row for this long; a worker that dies gives it back after that.
DELIVERY_LEASE_SECONDS = read("DELIVERY_LEASE_SECONDS", env.int, 90)
TICK_SECONDS = read("TICK_SECONDS", env.int, 60)

MEDIA_ROOT = Path(read("MEDIA_ROOT", env.str, str(STATE_DIR / "media")))
_S3_BUCKET = read("S3_BUCKET", env.str, "")
_files: dict[str, object] = (
    {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": _S3_BUCKET,
            "endpoint_url": read("S3_ENDPOINT", env.str, "") or None,
            "access_key": read("S3_ACCESS_KEY", env.str, "") or None,
            "secret_key": read("S3_SECRET_KEY", env.str, "") or None,
            "default_acl": None,
            "querystring_auth": True,
        },
    }
    if _S3_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(MEDIA_ROOT)}}
)
STATIC_URL = "/static/"
STATIC_ROOT = Path(read("STATIC_ROOT", env.str, str(STATE_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": _files,
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "core.uploads.DiskHandler",
]
# No purpose takes more than this in one file; what lies beyond is read and thrown away.
LARGEST_UPLOAD_BYTES = 25 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 40
# The malware scanner, tcp://host:3310 or unix:///run/clamav/clamd.ctl; files wait until it has seen them.
CLAMD_URL = read("CLAMD_URL", env.str, "")
if CLAMD_URL and not CLAMD_URL.startswith(("tcp://", "unix:///")):
    raise ImproperlyConfigured(f"CLAMD_URL is {CLAMD_URL}: it must begin with tcp:// or unix:///.")
CLAMD_TIMEOUT_SECONDS = read("CLAMD_TIMEOUT_SECONDS", env.int, 30)
# Without a scanner files wait for ever, except on a local trial, or where the operator says otherwise.
TRUST_UNSCANNED_FILES = read("TRUST_UNSCANNED_FILES", env.bool, not HTTPS)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000

# --- language and time -------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH = ["portal.formats"]

# --- who signs in ------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.passwords.LengthByRole"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.passwords.ContextWords"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "enterprises:home"
LOGOUT_REDIRECT_URL = "home"
STAFF_IDLE_MINUTES = read("STAFF_IDLE_MINUTES", env.int, 15)
ENTERPRISE_IDLE_MINUTES = read("ENTERPRISE_IDLE_MINUTES", env.int, 30)
# After so many days a password of the staff is changed at the next sign-in; 0 = never.
STAFF_PASSWORD_DAYS = read("STAFF_PASSWORD_DAYS", env.int, 90)
# Networks the desk is opened from, as 10.1.0.0/16; none = from anywhere.
DESK_NETWORKS = networks("DESK_NETWORKS")
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
STAFF_PASSWORD_LENGTH = 15
PASSWORD_LENGTH = 8

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "login": "accounts.forms.LoginForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "add_email": "accounts.forms.AddEmailForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmLoginCodeForm",
}
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "website"
# A number / a time / per whom: ip = visitor's address, key = account (login_failed: the account from one
# address).
# One address alone never reaches the wide limit of an account, so nobody is locked out by a stranger.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/5m/ip,5/5m/key",
    "login_failed_account": "100/h/key",
    "signup": "30/10m/ip",
    "confirm_email": "1/3m/key",
    "reset_password": "20/10m/ip,5/15m/key",
    "reset_password_from_key": "20/10m/ip",
    "reauthenticate": "10/5m/user",
    "change_password": "10/5m/user",
    "manage_email": "10/10m/user",
    "request_login_code": "20/10m/ip,5/15m/key",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the others end, this one goes on
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": False}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _public.scheme
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}  # an office may share an address
# Plain http is for localhost only, and there the browser names an origin with a port.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateByCodeForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
    "deactivate_totp": "accounts.forms.DeactivateTOTPForm",
    "generate_recovery_codes": "accounts.forms.GenerateRecoveryCodesForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.RenamePasskeyForm",
    "login_webauthn": "accounts.forms.LoginByPasskeyForm",
    "authenticate_webauthn": "accounts.forms.AuthenticateByPasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.ReauthenticateByPasskeyForm",
}
MFA_TOTP_ISSUER = "SME Portal"
USERSESSIONS_TRACK_ACTIVITY = False

# --- protection --------------------------------------------------------------
_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_PREFIX}session"
CSRF_COOKIE_NAME = f"{_PREFIX}csrf"
LANGUAGE_COOKIE_NAME = f"{_PREFIX}language"
PARKED_COOKIE_NAME = f"{_PREFIX}parked"
TEXT_SIZE_COOKIE_NAME = f"{_PREFIX}text"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- mail --------------------------------------------------------------------
EMAIL_URL = read("EMAIL_URL", env.str, "")
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = STATE_DIR / "mail"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = read("MAIL_FROM", env.str, f"portal@{_public.hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- text messages and robots of group chats ---------------------------------
SMS_URL = read("SMS_URL", env.str, "")
# Where the robots of each provider are; another address for a chat server of one's own.
ROBOT_ADDRESSES = {
    "wecom": read("WECOM_ROBOT_URL", env.str, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"),
    "dingtalk": read("DINGTALK_ROBOT_URL", env.str, "https://oapi.dingtalk.com/robot/send"),
    "feishu": read("FEISHU_ROBOT_URL", env.str, "https://open.feishu.cn/open-apis/bot/v2/hook"),
}
SERVICE_TIMEOUT = 10

# --- the business registry ---------------------------------------------------
# Empty: people type everything themselves. https://KEY:SECRET@host/path of the provider's search.
REGISTRY_URL = read("REGISTRY_URL", env.str, "")
if REGISTRY_URL and not (REGISTRY_URL.startswith("https://") or urlsplit(REGISTRY_URL).hostname in _LOOPBACK):
    raise ImproperlyConfigured("REGISTRY_URL must begin with https://: credit codes and a key go along.")
ENTERPRISE_REGISTRY = "enterprises.qichacha.Qichacha" if REGISTRY_URL else "enterprises.registry.ByHand"

# --- what the operator fills in (empty values are left out of every page) ----
SITE = {
    "helpline": read("SITE_HELPLINE", env.str, ""),
    "helpline_hours": read("SITE_HELPLINE_HOURS", env.str, ""),
    "email": read("SITE_EMAIL", env.str, ""),
    "sponsor": read("SITE_SPONSOR", env.str, ""),
    "operator": read("SITE_OPERATOR", env.str, ""),
    "icp": read("SITE_ICP", env.str, ""),
    "police": read("SITE_POLICE_FILING", env.str, ""),
    "code": read("SITE_CODE", env.str, ""),
}
SAMPLE_DATA = read("SAMPLE_DATA", env.bool, False)
PRIVACY_VERSION = "2026-11-30"
REVIEWER_MAY_BE_AUTHOR = read("REVIEWER_MAY_BE_AUTHOR", env.bool, False)
ACT_AS_MINUTES = read("ACT_AS_MINUTES", env.int, 30)
WORDING_MAY_BE_RELEASED_BY_PROPOSER = read("WORDING_MAY_BE_RELEASED_BY_PROPOSER", env.bool, False)
_STAFF_REST: Hours = (time(22), time(7))
STAFF_QUIET_HOURS = read("STAFF_QUIET_HOURS", hours, _STAFF_REST)
MAILS_AN_HOUR = read("MAILS_AN_HOUR", env.int, 20)
# Outgoing requests to the addresses that stand in notices; off, because many deployments have no way out.
LINK_CHECKS = read("LINK_CHECKS", env.bool, False)
FIRST_REPLY_WORKING_DAYS = read("FIRST_REPLY_WORKING_DAYS", env.int, 2)
QUESTION_WORKING_DAYS = read("QUESTION_WORKING_DAYS", env.int, 5)
REOPEN_DAYS = 14

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "portal.logs.OneLineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": read("LOG_LEVEL", env.str, "INFO")},
    "loggers": {"django.server": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
