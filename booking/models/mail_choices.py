"""What a member wants by mail, where they have chosen; whoever has not has the usual choices."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Base


class MailChoice(Base):
    """Calendar invitations or not, which families of mails are not wanted, and reminders in minutes before."""

    __tablename__ = "mail_choice"
    __table_args__ = (CheckConstraint("invitations IN ('auto', 'always', 'never')", name="invitations"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, autoincrement=False)
    invitations: Mapped[str] = mapped_column(String(6))
    muted: Mapped[list[str]] = mapped_column(JSON)
    reminders: Mapped[list[int]] = mapped_column(JSON)
