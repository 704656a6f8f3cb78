"""Security headers on every answer, the strict content policy, and which Host names are ours."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from config import Config

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STAY_SECURE = "max-age=31536000; includeSubDomains"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def init_app(app: Flask, config: "Config") -> None:
    """Trusts as many proxies as configured; refuses requests for a Host that is not BASE_URL's (nor loopback)."""
    if config.trusted_proxies:
        count = config.trusted_proxies
        proxied = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)
        app.wsgi_app = proxied  # type: ignore[method-assign]
    ours = LOOPBACK | {urlsplit(config.base_url).hostname or ""}

    def refuse_foreign_host() -> None:
        if urlsplit(f"//{request.host}").hostname not in ours:
            abort(400)

    def add(response: Response) -> Response:
        for name, value in always(config).items():
            response.headers.setdefault(name, value)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
            response.vary.add("Cookie")
        return response

    app.before_request(refuse_foreign_host)
    app.after_request(add)


def always(config: "Config") -> dict[str, str]:
    """What goes out with every answer, page or file."""
    return ALWAYS | ({"Strict-Transport-Security": STAY_SECURE} if config.is_https else {})
