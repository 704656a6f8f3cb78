"""The one table of letters: a new kind of mail is an entry here and two short templates that extend `mail/base`."""

from collections.abc import Mapping

from booking.jobs.account_letters import ACCOUNT_LETTERS
from booking.jobs.news_letter import NEWS_LETTERS
from booking.jobs.reading import Kind

LETTERS: Mapping[str, Kind] = {**ACCOUNT_LETTERS, **NEWS_LETTERS}
