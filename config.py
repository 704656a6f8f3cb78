"""Reads the environment once into one typed, frozen object; nothing else reads it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SHORTEST_SECRET = 32
ON = frozenset({"1", "true", "yes", "on"})
OFF = frozenset({"", "0", "false", "no", "off"})
INSTANCE = Path(__file__).parent / "instance"


class ConfigError(SystemExit):
    """The environment cannot be used; carries one sentence that says what to set."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that differs between one installation and the next. `.env.example` explains each variable."""

    secret_key: str
    database_url: str
    base_url: str = "http://127.0.0.1:8000"
    site_name: str = "Samrom"
    mail_url: str | None = None
    default_timezone: str = "Europe/Oslo"
    demo: bool = False
    trusted_proxies: int = 0
    session_days: int = 30
    feed_gzip: bool = True
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
            mail_url=read.get("MAIL_URL") or None,
            default_timezone=_zone(read),
            demo=demo,
            trusted_proxies=_whole_number(read, "TRUSTED_PROXIES", 0),
            session_days=_whole_number(read, "SESSION_DAYS", 30),
            feed_gzip=_switch(read, "FEED_GZIP", default="1"),
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


def _zone(env: Mapping[str, str]) -> str:
    name = env.get("DEFAULT_TIMEZONE") or "Europe/Oslo"
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        raise ConfigError(f"DEFAULT_TIMEZONE is “{name}”, which is no IANA time zone; try Europe/Oslo.") from unknown
    return name


def _switch(env: Mapping[str, str], name: str, default: str = "") -> bool:
    value = (env.get(name, "").strip() or default).lower()
    if value not in ON | OFF:
        raise ConfigError(f"{name} is “{value}”; use 1 or 0.")
    return value in ON


def _whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name, "").strip() or str(default)
    if not value.isdigit():
        raise ConfigError(f"{name} is “{value}”; use a whole number.")
    return int(value)
