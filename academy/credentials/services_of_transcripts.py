"""Issuing transcripts: what was computed is kept as it was, under a number that nobody can guess."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from academy.accounts.models import Person
from academy.accounts.queries import academy
from academy.base import audit, ids, jobs, place
from academy.base.dates import riyadh_day
from academy.base.db import db, insert_once
from academy.base.documents import packed
from academy.base.noting import NotedPapers
from academy.base.text import LocalizedText
from academy.credentials import queries_of_transcripts as queries
from academy.credentials.models import IssuedPaper, Transcript
from academy.credentials.policies import SEE_TRANSCRIPTS
from academy.credentials.rules_of_transcripts import TranscriptFacts, total

PAPERS = NotedPapers(IssuedPaper, "transcript_id")


def verify_url(number: str) -> str:
    """Return the public address of a transcript."""
    return f"{place.base_url()}/verify/transcript/{number.replace('-', '')}"


def issue(person: Person, *, actor_id: int, at: datetime) -> Transcript:
    """Issue a transcript of all that a person has learned; asked again on the same day with nothing new, it is the same one."""
    stated = computed(person, at=at)
    content = _digest({**packed(stated), "number": "", "verify_url": ""})
    row, made = insert_once(lambda: _row(stated, content, person, actor_id, at), lambda: _issued(person.id, content))
    if made:
        jobs.enqueue(
            "credentials.draw_transcript", unique_key=f"credentials.draw_transcript:{row.id}", transcript_id=row.id
        )
        audit.record(
            SEE_TRANSCRIPTS, at=at, actor_id=actor_id, subject=("transcript", row.id, row.number),
            organisation_id=person.organisation_id,
            after={"person_id": person.id, "courses": len(stated.courses), "hours": stated.hours},
        )  # fmt: skip
    return row


def computed(person: Person, *, at: datetime) -> TranscriptFacts:
    """Return what a transcript would state now; it has no number yet."""
    own, today, courses = academy(), riyadh_day(at), queries.courses_of(person.id)
    return TranscriptFacts(
        number="", verify_url="", issued_on=today, academy=own.name if own else LocalizedText(), holder=person.name,
        organisation=queries.organisation_name(person.organisation_id), courses=courses,
        programmes=queries.programmes_of(person.id), certificates=queries.attested(person.id, today=today),
        hours=total(courses),
    )  # fmt: skip


def is_whole(row: Transcript) -> bool:
    """Whether a transcript is what was issued."""
    return hmac.compare_digest(row.digest, _signature(row.facts))


def _row(stated: TranscriptFacts, content: str, person: Person, actor_id: int, at: datetime) -> Transcript:
    number = ids.random_number()
    facts = packed(replace(stated, number=number, verify_url=verify_url(number)))
    return Transcript(
        number=number, holder_id=person.id, organisation_id=person.organisation_id, facts=facts, content=content,
        digest=_signature(facts), issued_on=stated.issued_on, issued_at=at, issued_by_id=actor_id,
    )  # fmt: skip


def _issued(person_id: int, content: str) -> Transcript | None:
    return db.session.scalar(select(Transcript).where(Transcript.holder_id == person_id, Transcript.content == content))


def _digest(facts: dict[str, Any]) -> str:
    return hashlib.sha256(_stated(facts)).hexdigest()


def _signature(facts: dict[str, Any]) -> str:
    key = hashlib.sha256(f"transcripts: {place.secret()}".encode()).digest()
    return hmac.new(key, _stated(facts), "sha256").hexdigest()


def _stated(facts: dict[str, Any]) -> bytes:
    return json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()
