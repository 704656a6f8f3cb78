"""The WSGI entry point, and the only place that reads the configuration."""

from booking import create_app
from config import Config

app = create_app(Config.from_env())
