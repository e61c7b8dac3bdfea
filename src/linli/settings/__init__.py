"""Django settings: everything that differs between installations comes from the environment.

Variables are listed with their meaning in ``docs/reference/settings.md``.
"""

import os
from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from linli.settings.keys import secret_from_environment_or_file
from linli.settings.static import vendor_folders

env = environ.Env()

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = Path(__file__).resolve().parents[1]
DATA = Path(env.str("LINLI_DATA", str(ROOT / "var"))).absolute()
DATA.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("LINLI_DEBUG", False)
PRODUCTION = env.bool("LINLI_PRODUCTION", False)
SECRET_KEY = secret_from_environment_or_file("LINLI_SECRET_KEY", DATA / "secret.key", PRODUCTION)
MASTER_KEY = secret_from_environment_or_file("LINLI_MASTER_KEY", DATA / "master.key", PRODUCTION)
# Earlier keys: what they signed or closed stays good meanwhile, see `people.key_rotation`.
SECRET_KEY_FALLBACKS = env.list("LINLI_SECRET_KEY_FALLBACKS", default=[])
MASTER_KEY_FALLBACKS = env.list("LINLI_MASTER_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("LINLI_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("LINLI_ORIGINS", default=[])
SITE_URL = env.str("LINLI_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "treebeard",
    "django_cotton.apps.SimpleAppConfig",
    "django_tasks",
    "django_tasks_db",
    # Ours before allauth: its pages, and what both say, are said in our words.
    "linli.kernel.people.apps.PeopleConfig",
    "linli.kernel.organisations.apps.OrganisationsConfig",
    "linli.kernel.places.apps.PlacesConfig",
    "linli.kernel.packs.apps.PacksConfig",
    "linli.kernel.matters.apps.MattersConfig",
    "linli.kernel.procedures.apps.ProceduresConfig",
    "linli.kernel.events.apps.EventsConfig",
    "linli.kernel.deadlines.apps.DeadlinesConfig",
    "linli.kernel.access.apps.AccessConfig",
    "linli.kernel.ledger.apps.LedgerConfig",
    "linli.kernel.notify.apps.NotifyConfig",
    "linli.kernel.indicators.apps.IndicatorsConfig",
    "linli.kernel.files.apps.FilesConfig",
    "linli.kernel.exchange.apps.ExchangeConfig",
    "linli.kernel.papers.apps.PapersConfig",
    "linli.kernel.mail.apps.MailConfig",
    "linli.mechanisms.casework.apps.CaseworkConfig",
    "linli.mechanisms.casework.hot_topics.apps.HotTopicsConfig",
    "linli.mechanisms.casework.monthly_topics.apps.MonthlyTopicsConfig",
    "linli.mechanisms.casework.opendata.apps.OpenDataConfig",
    "linli.mechanisms.whistle.apps.WhistleConfig",
    "linli.surfaces.web.apps.WebConfig",
    "linli.surfaces.web.workbench.apps.WorkbenchConfig",
    "linli.surfaces.web.notices.apps.NoticesConfig",
    "linli.surfaces.web.whistles.apps.WhistlesConfig",
    "linli.surfaces.web.topics.apps.TopicsConfig",
    "linli.surfaces.web.papers.apps.WebPapersConfig",
    "linli.surfaces.web.opendata.apps.OpenDataDeskConfig",
    "linli.surfaces.api.apps.ApiConfig",
    "linli.surfaces.open311.apps.Open311Config",
    "linli.surfaces.sql.apps.SqlConfig",
    "linli.surfaces.cli.apps.CliConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
]

MIDDLEWARE = [
    "linli.surfaces.api.metrics.MeasuringMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "linli.surfaces.api.problems.ProblemMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "linli.kernel.people.language.PreferredLanguageMiddleware",
    "linli.kernel.organisations.zone.CommunityZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "linli.kernel.people.staff_mfa.StaffNeedsSecondFactorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "linli.settings.urls"
ASGI_APPLICATION = "linli.settings.asgi.application"
WSGI_APPLICATION = "linli.settings.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "linli.surfaces.web.context.site",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "linli.surfaces.web.templatetags.pieces",
            ],
        },
    }
]
MESSAGE_TAGS = {40: "danger"}  # errors, as the component `alert` names them
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- data -----------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA / 'linli.sqlite3'}")}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-64000; PRAGMA mmap_size=268435456;"
            # Without it INSERT OR REPLACE deletes an event and no trigger hears of it.
            "PRAGMA recursive_triggers=ON;"
        ),
    }
    # A file, not memory: tests of two people acting at once need two connections.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
else:
    # PgBouncer pools transactions: no server-side cursors, no session state.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
    DATABASES["default"].setdefault("CONN_MAX_AGE", env.int("LINLI_DB_CONN_MAX_AGE", 60))
    # A database that was restarted costs no request: dead connections are noticed and replaced.
    DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if redis_url := env.str("REDIS_URL", ""):
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}
    }

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- language and time ----------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese (simplified)")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "linli_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- people ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SIGN_UP = env.bool("LINLI_SIGN_UP", True)
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # closing the browser signs out: many computers are shared
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_ADAPTER = "linli.kernel.people.sign_in.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "linli.kernel.people.forms.SignInForm",
    "signup": "linli.kernel.people.forms.SignUpForm",
    "change_password": "linli.kernel.people.forms.PasswordForm",
    "reauthenticate": "linli.kernel.people.forms.PasswordAgainForm",
}
# NIST SP 800-63B, 5.2.2: no more than 100 wrong tries in a row on one account, from anywhere.
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip,100/d/key"}
MFA_ADAPTER = "linli.kernel.people.sign_in.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "linli.kernel.people.forms.CodeForm",
    "reauthenticate": "linli.kernel.people.forms.CodeAgainForm",
    "activate_totp": "linli.kernel.people.forms.AppForm",
    "add_webauthn": "linli.kernel.people.forms.PasskeyForm",
    "edit_webauthn": "linli.kernel.people.forms.PasskeyNameForm",
    "login_webauthn": "linli.kernel.people.forms.PasskeySignInForm",
    "authenticate_webauthn": "linli.kernel.people.forms.PasskeySecondForm",
    "reauthenticate_webauthn": "linli.kernel.people.forms.PasskeyAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # RFC 6238, 5.2: clocks drift by one step
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
AXES_FAILURE_LIMIT = env.int("LINLI_SIGN_IN_TRIES", 5)
AXES_COOLOFF_TIME = env.float("LINLI_SIGN_IN_LOCK_HOURS", 0.5)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "linli.kernel.people.lockout.locked_out"
AXES_USERNAME_CALLABLE = "linli.kernel.people.lockout.name_tried"
# What was typed is not copied into the table of tries.
AXES_SENSITIVE_PARAMETERS = [
    "login", "username", "code", "credential", "new_password1", "new_password2",
    "csrfmiddlewaretoken", "next",
]  # fmt: skip
AXES_CLIENT_IP_CALLABLE = "linli.kernel.access.rates.sender_of"
AXES_DISABLE_ACCESS_LOG = True  # the audit log has it, without addresses
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the minutes we name stay true
STAFF_NEEDS_SECOND_FACTOR = env.bool("LINLI_STAFF_MFA", PRODUCTION)

# --- pages ----------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = vendor_folders(ROOT / "node_modules")
STATICFILES_FINDERS = [
    "linli.settings.static.VendorFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"
        if DEBUG
        else "linli.settings.static.ForgivingManifestStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
MEDIA_ROOT = DATA / "uploads"
MAP_TILES = env.str("LINLI_MAP_TILES", "")  # empty: boundaries only, no third party is told

# --- safety ---------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_FAILURE_VIEW = "linli.surfaces.web.errors.csrf_failure"
# Asked by the machine itself, past the proxy that ends TLS.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.bool("LINLI_SSL_REDIRECT", True)
    SECURE_HSTS_SECONDS = env.int("LINLI_HSTS_SECONDS", 60 * 60 * 24 * 365)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
_img = ["'self'", "data:", "blob:"]
if MAP_TILES:
    _img.append("https://" + MAP_TILES.split("/")[2].replace("{s}", "*"))
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": _img,
        "style-src": ["'self'", "'unsafe-inline'"],
        "script-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_MAX_BYTES = env.int("LINLI_UPLOAD_MAX_BYTES", 15 * 1024 * 1024)
UPLOAD_MAX_PIXELS = env.int("LINLI_UPLOAD_MAX_PIXELS", 50_000_000)
UPLOAD_SCANNER = env.str("LINLI_UPLOAD_SCANNER", "")  # a command; exit status 0 means clean

# --- telling people -------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("LINLI_EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20  # seconds; well below the time for which a worker holds a notice
DEFAULT_FROM_EMAIL = env.str("LINLI_EMAIL_FROM", "linli@localhost")
SMS_GATEWAY_URL = env.str("LINLI_SMS_GATEWAY_URL", "")
SMS_GATEWAY_SECRET = env.str("LINLI_SMS_GATEWAY_SECRET", "")
# E-mail in: how large a letter may be, how long refused ones and marks of all are kept.
MAIL_MAX_BYTES = env.int("LINLI_MAIL_MAX_BYTES", 25 * 1024 * 1024)
MAIL_REFUSED_DAYS = env.int("LINLI_MAIL_REFUSED_DAYS", 30)
MAIL_REMEMBERED_DAYS = env.int("LINLI_MAIL_REMEMBERED_DAYS", 365)
# Whether webhooks may call machines of the own network, and without TLS.
WEBHOOK_PRIVATE = env.bool("LINLI_WEBHOOK_PRIVATE", False)
VAPID_PRIVATE_KEY = env.str("LINLI_VAPID_PRIVATE_KEY", "")
VAPID_CONTACT = env.str("LINLI_VAPID_CONTACT", "mailto:linli@localhost")

# How many proxies of one's own stand in front: whose X-Forwarded-For is believed.
PROXY_HOPS = env.int("LINLI_PROXY_HOPS", 0)

# --- rates ----------------------------------------------------------------------------------
RATE_LIMITS = {
    "report": env.str("LINLI_RATE_REPORT", "20/h"),
    "places": env.str("LINLI_RATE_PLACES", "120/m"),
    "similar": env.str("LINLI_RATE_SIMILAR", "60/m"),
    "open_data": env.str("LINLI_RATE_OPEN_DATA", "60/m"),
    "support": env.str("LINLI_RATE_SUPPORT", "20/h"),
    "wrong_link": env.str("LINLI_RATE_WRONG_LINK", "30/h"),
    "letter": env.str("LINLI_RATE_LETTER", "30/h"),
    "calendar": env.str("LINLI_RATE_CALENDAR", "1200/h"),
    "api": env.str("LINLI_RATE_API", "600/m"),
    "open311": env.str("LINLI_RATE_OPEN311", "300/m"),
    "open311_submit": env.str("LINLI_RATE_OPEN311_SUBMIT", "60/m"),
    "api_anonymous": env.str("LINLI_RATE_API_ANONYMOUS", "60/m"),
    "password_reset": env.str("LINLI_RATE_PASSWORD_RESET", "10/h"),
    "phone_code": env.str("LINLI_RATE_PHONE_CODE", "20/h"),
    "mail_sender": env.str("LINLI_RATE_MAIL_SENDER", "6/h"),
    "mail_domain": env.str("LINLI_RATE_MAIL_DOMAIN", "60/h"),
    "mail_mailbox": env.str("LINLI_RATE_MAIL_MAILBOX", "200/h"),
    "mail_reply": env.str("LINLI_RATE_MAIL_REPLY", "6/d"),
    "mail_reply_unconfirmed": env.str("LINLI_RATE_MAIL_REPLY_UNCONFIRMED", "1/d"),
}

METRICS_TOKEN = env.str("LINLI_METRICS_TOKEN", "")
PACKS = [ROOT / "packs", *map(Path, env.list("LINLI_PACKS", default=[]))]
DEFAULT_PACK = env.str("LINLI_PACK", "cn-community")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("LINLI_LOG_LEVEL", "WARNING")},
}
# SQLite passes over the columns that an index only carries: it is slower there, not wrong.
SILENCED_SYSTEM_CHECKS = ["fields.W342", "models.W040"]
