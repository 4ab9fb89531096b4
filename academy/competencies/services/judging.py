"""Adding evidence to the ledger and computing what it proves."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, exists, func, insert, or_, select, update

from academy.assessment import queries as assessment
from academy.base.dates import RIYADH, riyadh_day
from academy.base.db import alone, db, insert_missing, insert_once
from academy.base.text import LocalizedText
from academy.catalogue import queries as catalogue
from academy.competencies import rules
from academy.competencies.models import Competency, Evidence, Standing
from academy.competencies.queries.standing import piece
from academy.learning import queries as learning

REFRESH_AFTER = timedelta(days=30)
STANDING = 7_201_937  # any number that nothing else is done alone under
AS_KEPT = Decimal("0.0000001")


def add_evidence(
    person_id: int,
    competency_id: int,
    *,
    kind: str,
    ref: int,
    source: str,
    course_id: int | None,
    title: LocalizedText,
    share: Fraction,
    items: int,
    supports_level: int,
    observed_at: datetime,
    expires_on: date | None = None,
    by_id: int | None = None,
) -> bool:
    """Write one piece into the ledger, within what its kind may claim. The same piece again changes nothing.

    Returns whether it was new.
    """

    def make() -> Evidence:
        return Evidence(
            person_id=person_id,
            competency_id=competency_id,
            kind=kind,
            ref=ref,
            source=source,
            course_id=course_id,
            title=title,
            share=_decimal(share),
            items=rules.counted_items(kind, items),
            supports_level=min(supports_level, rules.CAPS[kind]),
            observed_at=observed_at,
            expires_on=expires_on,
            by_id=by_id,
        )

    same = (Evidence.person_id == person_id, Evidence.competency_id == competency_id)
    find = select(Evidence).where(*same, Evidence.kind == kind, Evidence.ref == ref)
    return insert_once(make, lambda: db.session.scalar(find))[1]


def _decimal(share: Fraction) -> Decimal:
    return Decimal(share.numerator) / Decimal(share.denominator)


def _ids(keys: Collection[str]) -> Mapping[str, int]:
    if not keys:
        return {}
    found = db.session.execute(select(Competency.key, Competency.id).where(Competency.key.in_(keys))).all()
    return {row.key: row.id for row in found}


def _aims(course_version: object) -> dict[str, int]:
    return {aim["key"]: int(aim["level"]) for aim in getattr(course_version, "competencies", None) or []}


def note_attempt(attempt_id: int, *, at: datetime) -> None:
    """Turn a graded attempt into evidence: one piece for each competency that its questions measured.

    An attempt in practice, where answers may be tried again, is practice and not a test.
    """
    _note(attempt_id, "attempt", attempt_id, at)


def note_regrade(attempt_id: int, effect_id: int, *, at: datetime) -> None:
    """Add what a regraded attempt says now. Being of the same source and moment and written later, it counts instead.

    A competency whose questions count for nobody any more gets a piece without items, so that the former one no longer counts.
    """
    _note(attempt_id, "regrade", effect_id, at)


def _note(attempt_id: int, kind: str, ref: int, at: datetime) -> None:
    told = assessment.attempt_evidence(attempt_id)
    if told is None:
        return
    aims = _aims(_version_taken(told))
    ids = _ids([part.competency_key for part in told.per_competency])
    common: dict[str, Any] = {
        "person_id": told.learner_id,
        "kind": kind if not told.practice or kind != "attempt" else "practice",
        "ref": ref,
        "source": f"quiz:{told.quiz_id}",
        "course_id": told.course_id,
        "title": told.title,
        "observed_at": told.submitted_at,
    }
    pieces = [
        {
            **common,
            "competency_id": ids[part.competency_key],
            "share": _decimal(part.share),
            **_measured(part),
            "items": _items(told, part),
            "supports_level": rules.supports(common["kind"], aims.get(part.competency_key), by_hand=part.by_hand),
        }
        for part in told.per_competency
        if part.competency_key in ids and (part.items or kind == "regrade")
    ]
    insert_missing(Evidence, pieces)
    recompute(told.learner_id, ids.values(), at=max(at, told.submitted_at))


def _version_taken(told: assessment.AttemptEvidence) -> object:
    """Return the version of the course in which an attempt was made: what a later one aims at says nothing of it."""
    place = learning.place_in_round(told.learner_id, told.course_id, told.cycle)
    return catalogue.version(place.version_id) if place else catalogue.published_version(told.course_id)


def _items(told: assessment.AttemptEvidence, part: assessment.CompetencyShare) -> int:
    """Return for how many items a part of an attempt counts, also once it was regraded."""
    return rules.counted_items("practice", part.items) if told.practice else part.items


def _measured(part: assessment.CompetencyShare) -> dict[str, object]:
    found = part.precision
    if found is None:
        return {"low": None, "high": None, "method": None}
    low, high = (Decimal(str(round(end, 8))) for end in (found.low, found.high))
    return {"low": low, "high": high, "method": found.method}


def measure(attempt_ids: Collection[int]) -> None:
    """Reckon the precision of the evidence of these attempts anew, from the calibrations there are now.

    Three statements, the last one run for each piece. Share, weight and standing stay as they are; so does a piece that a
    regrade has replaced, as it no longer says what the attempt says.
    """
    told = assessment.evidence_of_attempts(attempt_ids)
    ids = _ids({part.competency_key for each in told for part in each.per_competency})
    changes = [
        {"on_person": each.learner_id, "on_competency": ids[part.competency_key], "of": f"quiz:{each.quiz_id}",
         "at": each.submitted_at, "seen": _decimal(part.share), "on_items": _items(each, part), **_measured(part)}
        for each in told
        for part in each.per_competency
        if part.competency_key in ids
    ]  # fmt: skip
    table = cast(Table, Evidence.__table__)
    statement = update(table).where(
        table.c.person_id == bindparam("on_person"),
        table.c.competency_id == bindparam("on_competency"),
        table.c.source == bindparam("of"),
        table.c.observed_at == bindparam("at"),
        table.c["items"] == bindparam("on_items"),
        func.abs(table.c.share - bindparam("seen", type_=table.c.share.type)) < AS_KEPT,
    )
    if changes:
        values: dict[str, Any] = {name: bindparam(name) for name in ("low", "high", "method")}
        db.session.execute(statement.values(values), changes)


def note_course(enrolment_id: int, *, at: datetime) -> None:
    """Turn a completed course into evidence of familiarity with each competency it aims at."""
    enrolment = learning.enrolment(enrolment_id)
    if enrolment is None or enrolment.completed_at is None or enrolment.exempted:
        return
    version = catalogue.version(enrolment.version_id)
    aims = _aims(version)
    ids = _ids(list(aims))
    if version is None or not ids:
        return
    common = {
        "person_id": enrolment.learner_id,
        "kind": "course",
        "ref": enrolment_id,
        "source": f"course:{enrolment.course_id}",
        "course_id": enrolment.course_id,
        "title": version.title,
        "share": Decimal(1),
        "items": rules.COURSE_ITEMS,
        "observed_at": enrolment.completed_at,
    }
    pieces = [
        {**common, "competency_id": competency_id, "supports_level": rules.supports("course", aims[key])}
        for key, competency_id in ids.items()
    ]
    insert_missing(Evidence, pieces)
    recompute(enrolment.learner_id, ids.values(), at=max(at, enrolment.completed_at))


def recompute(person_id: int, competency_ids: Collection[int], *, at: datetime) -> None:
    """Compute a person's standing in these competencies anew from the ledger (three statements, however many).

    One after the other for a person: else one of two would miss the other's evidence, or meet its standing.
    """
    alone(db.session(), (STANDING, person_id))
    ids = list(competency_ids)
    mine = (Evidence.person_id == person_id, Evidence.competency_id.in_(ids))
    pieces: dict[int, list[rules.Piece]] = {}
    for row in db.session.scalars(select(Evidence).where(*mine).order_by(Evidence.id)):
        pieces.setdefault(row.competency_id, []).append(piece(row))
    db.session.execute(delete(Standing).where(Standing.person_id == person_id, Standing.competency_id.in_(ids)))
    rows = [_standing(person_id, key, rules.judge(found, at), len(found), at) for key, found in pieces.items()]
    if rows:
        # Without this a row without score would be a statement of its own.
        db.session.execute(insert(Standing).execution_options(render_nulls=True), rows)


def _exact(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.00000001"))


def _standing(person_id: int, competency_id: int, result: rules.Result, pieces: int, at: datetime) -> dict[str, object]:
    return {
        "person_id": person_id,
        "competency_id": competency_id,
        "score": None if result.score is None else _exact(result.score).quantize(Decimal("0.01")),
        "level": result.level,
        "pieces": pieces,
        "items": result.items,
        "weight": _exact(result.weight),
        "weighted": _exact(result.weighted),
        "model_version": rules.MODEL,
        "computed_at": at,
    }


def refresh_old(at: datetime, *, most: int = 500) -> int:
    """Recompute standings that were computed long ago, since evidence fades, or before a piece's last day was over.

    Returns how many people were done.
    """
    days = [riyadh_day(at) - timedelta(days=back) for back in range(1, REFRESH_AFTER.days + 2)]
    over = [
        (Evidence.expires_on == day)
        & (Standing.computed_at < datetime.combine(day + timedelta(days=1), time(), RIYADH))
        for day in days
    ]
    same = Evidence.person_id == Standing.person_id, Evidence.competency_id == Standing.competency_id
    old = or_(Standing.computed_at < at - REFRESH_AFTER, exists().where(*same, or_(*over)))
    people = list(db.session.scalars(select(Standing.person_id).where(old).distinct().limit(most)))
    for person_id in people:
        known = select(Evidence.competency_id).where(Evidence.person_id == person_id).distinct()
        recompute(person_id, list(db.session.scalars(known)), at=at)
    return len(people)
