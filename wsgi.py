"""The WSGI entry point, and the only place that reads the configuration."""

from booking import create_app
from booking.http.starting import refuse_demo_accounts
from config import Config

app = create_app(Config.from_env())
refuse_demo_accounts(app)
