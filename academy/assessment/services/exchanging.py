"""Importing questions: read a file and keep what was found, then write exactly what the preview showed and was ticked."""

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from academy.assessment.exchange import (
    UNREADABLE,
    Entry,
    Exported,
    Note,
    Reading,
    Refused,
    Taken,
    UnreadableQuestions,
    change,
    label_of,
    loss,
    read,
    refusal,
    write,
)
from academy.assessment.exchange.category_paths import Path, label_of_path
from academy.assessment.exchange.pictures import LARGEST
from academy.assessment.models import QuestionImport
from academy.assessment.queries_of_editing import EditedQuiz
from academy.assessment.queries_of_exchange import (
    BankDesk,
    PreviewRow,
    given_questions,
    kept_entry,
    kept_path,
    keys_of,
    preview_rows,
)
from academy.assessment.queries_of_shelves import Shelves
from academy.assessment.rules.bank import DEEPEST, MOST_TAGS, tags_in
from academy.assessment.services.banking import add_to_bank, bank_keys, free_key
from academy.assessment.services.editing import hold_quiz
from academy.assessment.services.editing_questions import Written
from academy.assessment.services.pictures import Owner, keep_picture
from academy.assessment.services.quizzes import add_question
from academy.assessment.services.shelving import shelve
from academy.base import audit, storage
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _l
from academy.base.text import LocalizedText, clean_line

KEPT_FOR = timedelta(hours=24)
MOST_NEW = 100  # categories that one file may add to a bank
IMPORTED, EXPORTED = "assessment:question:import", "assessment:question:export"
_KEY = re.compile(r"[A-Za-z0-9._-]{1,60}")


def plan_import(
    desk: EditedQuiz | BankDesk,
    data: bytes,
    file_name: str,
    *,
    format: str | None,
    language: str | None,
    competencies: Collection[str] | None,
    owner_id: int,
    at: datetime,
) -> QuestionImport:
    """Read a file and keep its questions for the person who decides; raises Invalid for a file that cannot be read.

    `competencies` are the keys that exist, None when nobody knows; files that nobody decided about are swept away by a job.
    """
    try:
        reading = read(data, file_name, format=format, language=language)
    except UnreadableQuestions as error:
        raise Invalid(UNREADABLE[error.code], field="file") from error
    shown = _with_pictures(reading, desk, owner_id, at)
    entries = _placed(shown, desk, competencies)
    made: list[Path] = []
    if isinstance(desk, BankDesk):
        entries, made = _shelved(entries, desk)
    plan = QuestionImport(
        owner_id=owner_id,
        **_place(desk),
        file_name=clean_line(file_name)[:255],
        document={
            "format": reading.format,
            "language": reading.language,
            "questions": [kept_entry(entry) for entry in entries],
            "new_categories": [kept_path(path) for path in made],
            "pictures": sorted({key for each in entries if (key := _picture_of(each))}),
        },
        created_at=at,
        expires_at=at + KEPT_FOR,
    )
    db.session.add(plan)
    db.session.flush()
    return plan


def _with_pictures(reading: Reading, desk: EditedQuiz | BankDesk, owner_id: int, at: datetime) -> list[Entry]:
    """Keep the pictures of the questions as files of the course, or of the bank."""
    owner = (
        Owner(organisation_id=desk.organisation_id) if isinstance(desk, BankDesk) else Owner(course_id=desk.course.id)
    )
    kept: dict[str, storage.StoredFile] = {}
    entries: list[Entry] = []
    for entry in reading.entries:
        if not isinstance(entry, Taken) or "image" not in entry.content:
            entries.append(entry)
            continue
        stem, image = LocalizedText.of(entry.content["stem"]), entry.content["image"]
        label = label_of(stem.ar or stem.en)
        data = reading.pictures[image["key"]]
        try:
            if image["key"] not in kept:
                kept[image["key"]] = keep_picture(owner, data, image["key"], most=LARGEST, by_id=owner_id, at=at)
        except storage.FileRefused:
            entries.append(Refused(label, refusal("picture_broken", name=image["key"])))
            continue
        file = kept[image["key"]]
        width, height = storage.size_of_picture(file)
        named = {**image, "key": file.key, "width": width, "height": height}
        entries.append(replace(entry, content={**entry.content, "image": named}))
    return entries


def _picture_of(entry: Entry) -> str:
    return entry.content["image"]["key"] if isinstance(entry, Taken) and "image" in entry.content else ""


def _pictures_of(questions: Sequence[Taken]) -> dict[str, bytes]:
    """Return the pictures that questions show, those that are still there; two statements at most."""
    wanted = {each.content["image"]["key"] for each in questions if "image" in each.content}
    if not wanted:
        return {}
    found = {}
    for row in db.session.scalars(select(storage.StoredFile).where(storage.StoredFile.key.in_(wanted))):
        with suppress(FileNotFoundError):
            found[row.key] = storage.read(row)
    return found


def _place(desk: EditedQuiz | BankDesk) -> dict[str, int | None]:
    if isinstance(desk, BankDesk):
        return {"organisation_id": desk.organisation_id, "category_id": desk.category.id if desk.category else None}
    return {"activity_id": desk.activity.id}


def _placed(entries: Sequence[Entry], desk: EditedQuiz | BankDesk, competencies: Collection[str] | None) -> list[Entry]:
    """Hold the questions against where they go: keys that are taken, competencies and objectives that are not there."""
    objectives: dict[str, LocalizedText] | None = None
    if isinstance(desk, BankDesk):
        keys = bank_keys(desk.organisation_id)
    else:
        keys = keys_of(desk.course.id)
        objectives = {row["id"]: LocalizedText.of(row["text"]) for row in desk.version.objectives}
    placed: list[Entry] = []
    for entry in entries:
        if isinstance(entry, Taken):
            fitted = _fitted(entry, keys, objectives, competencies)
            keys.add(fitted.key)
            placed.append(fitted)
        else:
            placed.append(entry)
    return placed


def _fitted(
    taken: Taken, keys: set[str], objectives: Mapping[str, LocalizedText] | None, competencies: Collection[str] | None
) -> Taken:
    """Return a question as it fits; without `objectives` it goes into the bank."""
    notes: list[Note] = [*taken.notes]
    key = taken.key if _KEY.fullmatch(taken.key) else ""
    if key in keys:
        notes.append(change("new_key" if objectives is not None else "new_bank_key", key=key))
        key = ""
    competency, objective = taken.competency_key, taken.objective
    if competency and competencies is not None and competency not in competencies:
        notes.append(loss("competency", key=competency))
        competency = None
    tags, left = _tags(taken.tags, in_bank=objectives is None)
    notes += [left] if left else []
    if objectives is not None and taken.category:
        notes.append(loss("course_category", category=label_of_path(taken.category)))
    if objectives is None:
        notes += [loss("bank_objective", key=objective)] if objective else []
        notes += [loss("bank_points")] if taken.points != 1 else []
        objective = None
    elif objective and objective not in objectives:
        notes.append(loss("objective", key=objective))
        objective = None
    elif objective:
        text = objectives[objective]
        notes.append(change("objective_here", objective=text.ar or text.en))
    return replace(
        taken, key=key or free_key(keys), competency_key=competency, objective=objective, tags=tags, notes=tuple(notes)
    )


def _shelved(entries: Sequence[Entry], desk: BankDesk) -> tuple[list[Entry], list[Path]]:
    """Give each question that names a category its place in the bank; return the categories that are missing too."""
    if not any(isinstance(entry, Taken) and entry.category for entry in entries):
        return list(entries), []
    shelves = Shelves(desk.organisation_id)
    placed: list[Entry] = []
    for entry in entries:
        if isinstance(entry, Taken) and entry.category:
            path, cut = shelves.place(entry.category, desk.category.id if desk.category else None)
            told = change("category_cut", most=DEEPEST, category=label_of_path(path))
            entry = replace(entry, category=path, notes=(*entry.notes, told) if cut else entry.notes)
        placed.append(entry)
    made = shelves.missing(entry.category for entry in placed if isinstance(entry, Taken))
    if len(made) > MOST_NEW:
        return [_unshelved(entry) for entry in entries], []
    return placed, made


def _unshelved(entry: Entry) -> Entry:
    if not isinstance(entry, Taken) or not entry.category:
        return entry
    return replace(entry, category=(), notes=(*entry.notes, loss("many_categories", most=MOST_NEW)))


def _tags(given: Sequence[str], *, in_bank: bool) -> tuple[tuple[str, ...], Note | None]:
    """Return the tags that a question keeps, each once, and what is said of those that it cannot keep."""
    tags = list(tags_in("\n".join(given)).values())
    most = MOST_TAGS if in_bank else 0
    lost = label_of(", ".join(tags[most:]))
    if not lost:
        return tuple(tags), None
    return tuple(tags[:most]), loss("more_tags", most=most, tags=lost) if in_bank else loss("tags", tags=lost)


def apply_import(
    plan: QuestionImport, left_out: Collection[int], *, categories: bool = True, actor_id: int, at: datetime
) -> int:
    """Put the questions of a file at the end of the quiz, or into the bank, all but those left out; return how many.

    `left_out` holds places in the preview, from 0. A file is imported once. Without `categories` all of them go into the
    category that was chosen for the file, whatever the file says.
    """
    lock(QuestionImport, plan.id)
    if plan.applied_at is not None:
        raise Conflict(_l("These questions have been imported already."))
    if plan.expires_at < at:
        raise Conflict(_l("The preview has expired. Upload the file again."))
    held = hold_quiz(plan.activity_id) if plan.activity_id is not None else None
    wanted = [row for row in preview_rows(plan) if row.taken is not None and row.number not in left_out]
    if not wanted:
        raise Conflict(_l("No question has been chosen."))
    told = {"file": plan.file_name, "format": plan.document["format"], "questions": len(wanted)}
    if held is not None:
        _add(held, wanted, actor_id, at)
        _note(IMPORTED, held, actor_id, at, told)
    elif plan.organisation_id is not None:
        _add_to_bank(plan.organisation_id, plan.category_id, wanted, categories, actor_id, at)
        _note_bank(IMPORTED, plan.organisation_id, actor_id, at, told)
    plan.applied_at, plan.document = at, {**plan.document, "questions": []}
    db.session.flush()
    return len(wanted)


def _add(held: EditedQuiz, rows: Sequence[PreviewRow], actor_id: int, at: datetime) -> None:
    keys = keys_of(held.course.id)
    for row in rows:
        taken = row.taken
        if taken is None:
            raise NotFound
        # A key that was free at the preview may be taken by now: another question must never become its next version.
        key = taken.key if taken.key not in keys else free_key(keys)
        keys.add(key)
        add_question(
            held.quiz,
            key=key,
            type=taken.type,
            content=taken.content,
            competency_key=taken.competency_key,
            objective=taken.objective,
            difficulty=taken.difficulty,
            points=taken.points,
            at=at,
            by_id=actor_id,
        )


def _add_to_bank(
    organisation_id: int,
    category_id: int | None,
    rows: Sequence[PreviewRow],
    categories: bool,
    actor_id: int,
    at: datetime,
) -> None:
    named = [row.taken.category for row in rows if row.taken and row.taken.category] if categories else []
    shelved = shelve(organisation_id, named, at=at, by_id=actor_id) if named else {}
    for row in rows:
        if row.taken is not None:
            taken = row.taken
            written = Written(taken.type, taken.content, taken.competency_key, difficulty=taken.difficulty)
            add_to_bank(
                organisation_id, written, category_id=shelved.get(taken.category, category_id), key=taken.key, tags=tags_in("\n".join(taken.tags)),
                at=at, by_id=actor_id,
            )  # fmt: skip


def export_from_bank(
    questions: Sequence[Taken], organisation_id: int, name: str, language: str, *, actor_id: int, at: datetime
) -> Exported:
    """Return questions of a bank as a file of a format, keys included, and write down who took them out."""
    made = write(questions, name, language, _pictures_of(questions))
    _note_bank(EXPORTED, organisation_id, actor_id, at, {"format": name, "questions": len(questions)})
    return made


def export_questions(desk: EditedQuiz, name: str, language: str, *, actor_id: int, at: datetime) -> Exported:
    """Return the questions of a quiz as a file of a format, key included, and write down who took them out."""
    questions = given_questions(desk.quiz.id)
    made = write(questions, name, language, _pictures_of(questions))
    _note(EXPORTED, desk, actor_id, at, {"format": name, "questions": len(made.notes)})
    return made


def _note(act: str, desk: EditedQuiz, actor_id: int, at: datetime, after: dict[str, object]) -> None:
    title = desk.activity.title
    audit.record(
        act,
        at=at,
        actor_id=actor_id,
        subject=("quiz", desk.quiz.quiz_id, title.ar or title.en),
        organisation_id=desk.course.organisation_id,
        after=after,
    )
    db.session.flush()


def _note_bank(act: str, organisation_id: int, actor_id: int, at: datetime, after: dict[str, object]) -> None:
    subject = ("question_bank", organisation_id, "")
    audit.record(act, at=at, actor_id=actor_id, subject=subject, organisation_id=organisation_id, after=after)
    db.session.flush()
