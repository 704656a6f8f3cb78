"""The WSGI entry point of servers under test: the real application with cheap passwords."""

from dataclasses import replace

from booking import create_app
from config import Config

app = create_app(replace(Config.from_env(), password_cost="tests"))
