"""Everything the service says about rules, refusals and times, in the reader's language; needs no request."""

from booking.wording.lab_sentences import hold_sentence
from booking.wording.origins import origin
from booking.wording.refusals import error_sentence, error_title
from booking.wording.sentences import SENTENCES, sentence, sentences
from booking.wording.times import clock, day_text, end_clock, hours_text, length, moment, short_day, when, when_compact
from booking.wording.translating import N_, language, translate

__all__ = [
    "N_",
    "SENTENCES",
    "clock",
    "day_text",
    "end_clock",
    "error_sentence",
    "error_title",
    "hold_sentence",
    "hours_text",
    "language",
    "length",
    "moment",
    "origin",
    "sentence",
    "sentences",
    "short_day",
    "translate",
    "when",
    "when_compact",
]
