"""Questions in and out: GIFT, Aiken, Moodle XML, QTI and our own spreadsheet. Pure: bytes in, values out."""

from academy.assessment.exchange.formats import EXPORTS, FORMATS, ONE_LANGUAGE, Reading, read, write
from academy.assessment.exchange.sentences import UNREADABLE
from academy.assessment.exchange.shape import (
    Entry,
    Exported,
    Note,
    Refused,
    Taken,
    UnreadableQuestions,
    change,
    label_of,
    loss,
    refusal,
)

__all__ = [
    "EXPORTS",
    "FORMATS",
    "ONE_LANGUAGE",
    "UNREADABLE",
    "Entry",
    "Exported",
    "Note",
    "Reading",
    "Refused",
    "Taken",
    "UnreadableQuestions",
    "change",
    "label_of",
    "loss",
    "read",
    "refusal",
    "write",
]
