"""The ladder of due days, in the background: the person, then the manager, then the administrator, each once."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from academy.accounts import queries_of_leading as leading
from academy.base import clock
from academy.base.dates import riyadh_day
from academy.base.i18n import _l
from academy.base.jobs import enqueue, job
from academy.learning.queries import due_days, to_tell
from academy.learning.queries.working_days import work_hours
from academy.learning.quizzes import handed_in_all
from academy.learning.rules.due_days import ADMINISTRATOR, MANAGER, OVERDUE, own_rung
from academy.learning.rules.working_days import WorkHours
from academy.learning.services.due_days import note_told
from academy.notices import kinds
from academy.notices import queries as notices
from academy.notices.services import tell

BATCH = 200
LATE_FOR_LONG = kinds.add(
    kinds.Kind(
        "late_for_long",
        _l("People who have been late for long: %(count)s"),
        (
            _l("They were to complete a course and have not: %(people)s."),
            _l("More of them: %(more)s."),
        ),
        _l("See who is late"),
        icon="calendar-clock",
        label=_l("People of my organisation who have been late for long"),
    )
)
kinds.belong_to(kinds.ADMINISTRATORS, LATE_FOR_LONG)
TOLD = {MANAGER: (kinds.PEOPLE_LATE, "/team"), ADMINISTRATOR: (LATE_FOR_LONG, "/admin/late")}
kinds.open_by(work_hours)
# What a manager and their deputy are told is about that manager, and is no longer sent once they lead nobody of theirs.
kinds.stands_for(kinds.PEOPLE_LATE, lambda reader, ids: leading.leads_still(reader, ids, today=clock.today()))
kinds.stands_for(LATE_FOR_LONG, due_days.administered_still)
kinds.names_people(kinds.PEOPLE_LATE, leading.led_by)
kinds.names_people(LATE_FOR_LONG, due_days.still_of)


@job("learning.remind_due", _l("Find people to remind of due dates"), every=timedelta(days=1))
def remind_due() -> None:
    """Queue the reminders of the day."""
    today, ladder = clock.today(), notices.ladder()
    day = today.isoformat()
    enqueue("learning.remind_people", unique_key=f"due:{day}:0", day=day, after_id=0)
    for manager_id in due_days.managers_of_late(today - timedelta(days=ladder.manager_after)):
        enqueue("learning.tell_manager", unique_key=f"late:manager:{manager_id}:{day}", manager_id=manager_id, day=day)
    for number in due_days.organisations_of_late(today - timedelta(days=ladder.administrator_after)):
        enqueue("learning.tell_administrators", unique_key=f"late:org:{number}:{day}", organisation_id=number, day=day)


@job("learning.remind_people", _l("Remind a group of people of due dates"))
def remind_people(day: str, after_id: int) -> None:
    """Tell the next 200 people of their due days, then queue the rest."""
    today, before = date.fromisoformat(day), notices.ladder().before
    batch = due_days.due_until(today + timedelta(days=max(before, default=-1)), after_id=after_id, most=BATCH)
    known, told = due_days.told_before([row.enrolment_id for row in batch]), []
    hours = {number: work_hours(number) for number in {row.organisation_id for row in batch}}
    for row in batch:
        rung = own_rung(row.due_on, since=riyadh_day(row.since), today=today, before=before)
        if rung is not None and (row.enrolment_id, row.due_on, *rung) not in known:
            _remind(row, rung, hours[row.organisation_id])
            told.append((row.enrolment_id, row.due_on, *rung))
    note_told(told, today=today)
    if len(batch) == BATCH:
        last = batch[-1].enrolment_id
        enqueue("learning.remind_people", unique_key=f"due:{day}:{last}", day=day, after_id=last)


def _remind(row: due_days.DueRow, rung: tuple[str, int], hours: WorkHours) -> None:
    about = to_tell(row.enrolment_id)
    if about is None:
        return
    tell(
        about.learner_id, kinds.OVERDUE if rung[0] == OVERDUE else kinds.DUE_SOON,
        f"due:{row.enrolment_id}:{row.due_on.isoformat()}:{rung[0]}:{rung[1]}",
        at=clock.now(), address=f"/courses/{about.course_key}", about_id=row.enrolment_id,
        course=about.course, due=row.due_on, done=about.done, **_of_day(row.due_on, hours),
    )  # fmt: skip


def _of_day(due_on: date, hours: WorkHours) -> dict[str, Any]:
    """Say when the organisation works on the due day, or which working day is the last before it."""
    open_then = hours.on(due_on)
    if open_then is None:
        return {"worked": hours.calendar.last_working(due_on)}
    return {"hours": f"{open_then[0]:%H:%M}–{open_then[1]:%H:%M}"}


@job("learning.tell_manager", _l("Tell a manager who is overdue"))
def tell_manager(manager_id: int, day: str) -> None:
    """Tell a manager in one letter of all their people who are late and of whom they were not told."""
    today = date.fromisoformat(day)
    rows = _owing(due_days.late_of_manager(manager_id, today - timedelta(days=notices.ladder().manager_after)))
    _tell_late(_with_deputies(manager_id, today), rows, MANAGER, f"late:manager:{manager_id}:{day}", today)
    for matrix_id, theirs in due_days.of_matrix_managers(rows).items():
        cause = f"late:matrix:{manager_id}:{matrix_id}:{day}"
        _tell_late(_with_deputies(matrix_id, today), theirs, MANAGER, cause, today)


def _with_deputies(manager_id: int, today: date) -> dict[int, int]:
    """Return a manager and who stands in for them, each with the manager whom it is about."""
    deputies = leading.deputies_of([manager_id], today=today).get(manager_id, [])
    return dict.fromkeys([manager_id, *deputies], manager_id)


@job("learning.tell_administrators", _l("Tell administrators who is overdue"))
def tell_administrators(organisation_id: int, day: str) -> None:
    """Tell the administrators of an organisation in one letter of everyone there who is late for long."""
    today = date.fromisoformat(day)
    since = today - timedelta(days=notices.ladder().administrator_after)
    rows = _owing(due_days.late_of_organisation(organisation_id, since))
    told = dict.fromkeys(due_days.administrators_of(organisation_id), organisation_id)
    _tell_late(told, rows, ADMINISTRATOR, f"late:organisation:{organisation_id}:{day}", today)


def _owing(rows: Sequence[due_days.LateRow]) -> list[due_days.LateRow]:
    """Leave out those who owe nothing while a person has to mark what they handed in in time; of them nobody is told yet."""
    handed_in = handed_in_all({row.enrolment_id: row.due_on for row in rows})
    return [row for row in rows if row.enrolment_id not in handed_in]


def _tell_late(people: Mapping[int, int], rows: Sequence[due_days.LateRow], rung: str, cause: str, today: date) -> None:
    if not rows or not people:
        return
    kind, address = TOLD[rung]
    late = kinds.people_with([(row.person_id, row.name, row.course) for row in rows])
    for person_id, through in people.items():
        tell(person_id, kind, cause, at=clock.now(), address=address, about_id=through, **late)
    note_told([(row.enrolment_id, row.due_on, rung, 0) for row in rows], today=today)
