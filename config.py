"""Reads the environment once into one typed, frozen object; nothing else reads it."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SHORTEST_SECRET = 32
ON = frozenset({"1", "true", "yes", "on"})
OFF = frozenset({"", "0", "false", "no", "off"})
MAIL_PORTS = {"smtp": 25, "smtps": 465}
MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*/=?^_{|}~-]+@[A-Za-z0-9.-]+")  # no plus: rooms get theirs behind one
BAD_MAIL_URL = (
    "MAIL_URL cannot be read; write smtp://host, smtp://user:password@host:587?starttls=1 or smtps://user:password@host"
    " (signs such as @ or / in a password as %40 or %2F)."
)
INSTANCE = Path(__file__).parent / "instance"


class ConfigError(SystemExit):
    """The environment cannot be used; carries one sentence that says what to set."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over; without a safe connection nothing is, unless `security` is none."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    security: Literal["none", "starttls", "tls"] = "none"


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that differs between one installation and the next. `.env.example` explains each variable."""

    secret_key: str
    database_url: str
    base_url: str = "http://127.0.0.1:8000"
    site_name: str = "Samrom"
    mail_server: MailServer | None = None  # None: this installation sends no mail
    mail_from: str = "samrom@localhost"
    default_timezone: str = "Europe/Oslo"
    demo: bool = False
    trusted_proxies: int = 0
    session_days: int = 30
    backup_dir: str = str(INSTANCE / "backups")
    log_level: str = "INFO"
    password_cost: Literal["production", "tests"] = "production"

    @property
    def is_https(self) -> bool:
        """Whether cookies may demand a secure connection."""
        return self.base_url.startswith("https://")

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Self:
        """Raises ConfigError, with one clear sentence, when a value is missing or cannot be read."""
        read = os.environ if env is None else env
        demo = _switch(read, "SAMROM_DEMO")
        return cls(
            secret_key=_secret(read, demo=demo),
            database_url=read.get("DATABASE_URL") or f"sqlite:///{INSTANCE / 'samrom.db'}",
            base_url=_base_url(read),
            site_name=read.get("SITE_NAME") or "Samrom",
            mail_server=_mail_server(read),
            mail_from=_mail_from(read),
            default_timezone=_zone(read),
            demo=demo,
            trusted_proxies=_whole_number(read, "TRUSTED_PROXIES", 0),
            session_days=_whole_number(read, "SESSION_DAYS", 30),
            backup_dir=read.get("BACKUP_DIR") or str(INSTANCE / "backups"),
            log_level=read.get("LOG_LEVEL") or "INFO",
        )


def _secret(env: Mapping[str, str], *, demo: bool) -> str:
    secret = env.get("SECRET_KEY", "")
    if len(secret) >= SHORTEST_SECRET:
        return secret
    if demo and not secret:
        return "demo-mode-only-not-a-secret-at-all"
    raise ConfigError(f"Set SECRET_KEY to a random text of at least {SHORTEST_SECRET} characters before starting.")


def _base_url(env: Mapping[str, str]) -> str:
    url = (env.get("BASE_URL") or "http://127.0.0.1:8000").rstrip("/")
    if not url.startswith(("http://", "https://")):
        raise ConfigError("BASE_URL must begin with http:// or https://, for example https://booking.example.org.")
    return url


def _mail_server(env: Mapping[str, str]) -> MailServer | None:
    """What MAIL_URL says; nothing of it is repeated in a message, as it may hold a password."""
    url = env.get("MAIL_URL", "").strip()
    if not url:
        return None
    try:
        parts, options = urlsplit(url), dict(parse_qs(urlsplit(url).query, strict_parsing=True) if "?" in url else {})
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ConfigError(BAD_MAIL_URL) from None  # its own words would repeat the address
    starttls = _starttls(options, default="1" if parts.username else "0")
    if parts.scheme not in MAIL_PORTS or not host or parts.path not in ("", "/") or starttls is None:
        raise ConfigError(BAD_MAIL_URL)
    security: Literal["none", "starttls", "tls"] = "starttls" if starttls else "none"
    security = "tls" if parts.scheme == "smtps" else security
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(host, port or MAIL_PORTS[parts.scheme], user, password, security)


def _starttls(options: Mapping[str, list[str]], default: str) -> bool | None:
    """Whether to demand it; None when the options cannot be read."""
    chosen = options.get("starttls", [default])[-1]
    return chosen == "1" if set(options) <= {"starttls"} and chosen in ("0", "1") else None


def _mail_from(env: Mapping[str, str]) -> str:
    address = env.get("MAIL_FROM", "").strip() or f"samrom@{urlsplit(_base_url(env)).hostname or 'localhost'}"
    if not MAIL_ADDRESS.fullmatch(address):
        raise ConfigError("MAIL_FROM must be one plain address without a name, for example samrom@example.org.")
    return address


def _zone(env: Mapping[str, str]) -> str:
    name = env.get("DEFAULT_TIMEZONE") or "Europe/Oslo"
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        raise ConfigError(f"DEFAULT_TIMEZONE is “{name}”, which is no IANA time zone; try Europe/Oslo.") from unknown
    return name


def _switch(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "").strip().lower()
    if value not in ON | OFF:
        raise ConfigError(f"{name} is “{value}”; use 1 or 0.")
    return value in ON


def _whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name, "").strip() or str(default)
    if not value.isdigit():
        raise ConfigError(f"{name} is “{value}”; use a whole number.")
    return int(value)
