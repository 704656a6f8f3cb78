"""Documents that members must accept: their versions, and who has accepted which."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core import safety
from booking.core.details import Details
from booking.core.errors import InvalidInput, NotFound, Stale
from booking.core.safety import Answer, Frequency
from booking.models import Booking, Declaration, Document, DocumentVersion
from booking.models.ids import new_public_id
from booking.permissions import Actor, require
from booking.services import journal
from booking.services.actors import local_today

LANGUAGES = ("nb", "nn", "en")
LONGEST_NAME = 120
LONGEST_TEXT = 20_000
LONGEST_QUESTION = 400
MOST_QUESTIONS = 12


@dataclass(frozen=True, slots=True)
class DocumentValues:
    """What the form about a document holds: names and texts by language, and the sentences that are confirmed."""

    names: Mapping[str, str]
    texts: Mapping[str, str]
    questions: tuple[Mapping[str, str], ...] = ()
    frequency: str = Frequency.ONCE.value

    def __post_init__(self) -> None:
        """Raises InvalidInput: every language needs a name, a text, and every question."""
        for language in LANGUAGES:
            if not 0 < len(self.names.get(language, "")) <= LONGEST_NAME:
                raise InvalidInput(f"name_{language}", "name.length", {"longest": LONGEST_NAME})
            if not 0 < len(self.texts.get(language, "")) <= LONGEST_TEXT:
                raise InvalidInput(f"text_{language}", "document.text", {"most": LONGEST_TEXT})
            if any(not 0 < len(each.get(language, "")) <= LONGEST_QUESTION for each in self.questions):
                raise InvalidInput(f"questions_{language}", "document.questions")
        if len(self.questions) > MOST_QUESTIONS:
            raise InvalidInput("questions_nb", "document.too_many", {"most": MOST_QUESTIONS})
        if self.frequency not in list(Frequency):
            raise InvalidInput("frequency", "setting.not_a_choice")


@dataclass(frozen=True, slots=True)
class DocumentText:
    """One version of a document, with everything it says."""

    id: int
    public_id: str
    version: int
    values: DocumentValues
    written_at: datetime
    answers: int = 0
    history: tuple["DocumentText", ...] = field(default=(), hash=False)

    @property
    def as_judged(self) -> safety.Document:
        """As the rules see it."""
        return safety.Document(self.id, self.version, Frequency(self.values.frequency), self.values.names)

    @property
    def confirmations(self) -> int:
        """How many ticks it asks for; one that asks nothing in particular is accepted as a whole."""
        return max(1, len(self.values.questions))


def documents(session: Session, ids: Collection[int] | None = None) -> list[DocumentText]:
    """The newest version of each document, or of these, in the order they were made."""
    newest: dict[int, DocumentText] = {}
    for each in _versions(session, ids):
        newest[each.id] = each
    return list(newest.values())


def document(session: Session, public_id: str) -> DocumentText:
    """The newest version with those before it and how many have accepted each. Raises NotFound."""
    id_ = session.scalar(select(Document.id).where(Document.public_id == public_id))
    if id_ is None:
        raise NotFound(kind="document")
    *before, newest = _versions(session, [id_])
    return DocumentText(
        newest.id, public_id, newest.version, newest.values, newest.written_at, newest.answers, tuple(reversed(before))
    )


def write_document(
    session: Session, now: datetime, actor: Actor, public_id: str | None, values: DocumentValues, *, version: int = 0
) -> str:
    """A new document, or a new version of one; members are asked anew. Nothing that was written is changed.

    Raises NotAllowed, NotFound, Stale when somebody has written another version since `version`.
    """
    require(actor, "site.administer")
    if public_id is None:
        row = Document(public_id=new_public_id(), created_at=now)
        session.add(row)
    else:
        row_ = session.scalar(select(Document).where(Document.public_id == public_id).with_for_update())
        if row_ is None:
            raise NotFound(kind="document")
        row = row_
    session.flush()
    last = session.scalar(select(func.max(DocumentVersion.version)).where(DocumentVersion.document_id == row.id)) or 0
    if last != version:
        raise Stale(version=last)
    about = {"document_id": row.id, "version": last + 1, "written_by_id": actor.member_id, "written_at": now}
    names, texts, questions = dict(values.names), dict(values.texts), [dict(each) for each in values.questions]
    session.add(DocumentVersion(**about, frequency=values.frequency, names=names, texts=texts, questions=questions))
    subject = ("document", row.id)
    journal.record(session, now, actor.member_id, "document.written", subject, after={"version": last + 1})
    session.flush()
    return row.public_id


def remember(session: Session, now: datetime, booking_ids: Iterable[int]) -> None:
    """Keeps what was accepted with these bookings: per booking where a document asks each time, or else per member."""
    rows = [row for id_ in sorted(booking_ids) if (row := session.get(Booking, id_))]
    accepted = {row.id: Details.from_json(row.details or {}).declarations for row in rows}
    ids = {document_id for pairs in accepted.values() for document_id, _ in pairs}
    if not ids:
        return
    frequency = {(each.id, each.version): each.values.frequency for each in _versions(session, ids)}
    for row in rows:
        for pair in accepted[row.id]:
            _remember_one(session, now, row, pair, frequency[pair])
    session.flush()


def _remember_one(session: Session, now: datetime, row: Booking, pair: tuple[int, int], frequency: str) -> None:
    """An answer that has been kept already is not kept again; a yearly one is, once the last is a day old."""
    each_time = frequency == Frequency.EACH
    booking_id = row.id if each_time else None
    known = answers_of(session, row.member_id, [pair[0]], booking_id)
    days = [each.day for each in known if each.version == pair[1]]
    today = local_today(now)
    if days and (frequency != Frequency.YEARLY or today in days or row.created_at < now):
        return
    about = {"document_id": pair[0], "version": pair[1], "member_id": row.member_id, "booking_id": booking_id}
    session.add(Declaration(**about, declared_at=now))
    session.flush()


def answers_of(
    session: Session, member_id: int, document_ids: Collection[int], booking_id: int | None = None
) -> tuple[Answer, ...]:
    """What the member has accepted of these, once and for all or for one booking."""
    rows = session.execute(
        select(Declaration.document_id, Declaration.version, Declaration.declared_at).where(
            Declaration.member_id == member_id,
            Declaration.document_id.in_(sorted(document_ids)),
            Declaration.booking_id.is_(None) if booking_id is None else Declaration.booking_id == booking_id,
        )
    )
    return tuple(Answer(id_, version, local_today(at)) for id_, version, at in rows)


def _versions(session: Session, ids: Collection[int] | None) -> list[DocumentText]:
    """All versions, the newest of each document last."""
    count = (
        select(func.count())
        .where(Declaration.document_id == DocumentVersion.document_id, Declaration.version == DocumentVersion.version)
        .scalar_subquery()
    )
    query = select(Document.public_id, DocumentVersion, count).join(
        Document, Document.id == DocumentVersion.document_id
    )
    if ids is not None:
        query = query.where(DocumentVersion.document_id.in_(sorted(ids)))
    rows = session.execute(query.order_by(DocumentVersion.document_id, DocumentVersion.version))
    return [
        DocumentText(
            row.document_id,
            public_id,
            row.version,
            DocumentValues(row.names, row.texts, tuple(row.questions), row.frequency),
            row.written_at,
            answers,
        )
        for public_id, row, answers in rows
    ]


__all__ = [
    "LANGUAGES", "DocumentText", "DocumentValues", "answers_of", "document", "documents", "remember", "write_document",
]  # fmt: skip
