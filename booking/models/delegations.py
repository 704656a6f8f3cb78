"""Who may book in whose name."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Base, Instant


class Delegation(Base):
    """That a member lets another, the delegate, book in their name."""

    __tablename__ = "delegation"
    __table_args__ = (CheckConstraint("member_id <> delegate_id", name="another"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    created_at: Mapped[Instant]
