"""Identifiers that may be seen outside: random, so that nothing can be counted or guessed from them."""

import secrets
from typing import Annotated

from sqlalchemy import String
from sqlalchemy.orm import mapped_column


def new_public_id() -> str:
    """128 random bits as 22 characters that are safe in an address."""
    return secrets.token_urlsafe(16)


PublicId = Annotated[str, mapped_column(String(22), default=new_public_id)]
