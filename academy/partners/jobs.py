"""Warnings, in the background: people and their partner's administrators hear before somebody may not serve any more."""

from datetime import date, timedelta

from academy.base import clock, storage
from academy.base.i18n import LANGUAGES, _l
from academy.base.jobs import enqueue, job
from academy.base.text import LocalizedText
from academy.notices.services import tell
from academy.partners import queries, services
from academy.partners.kinds import PEOPLE_STOP_SERVING, SERVING_ENDS
from academy.partners.queries_of_serving import Line, roster_on
from academy.partners.rules import May, reminder_due

NAMED = 20


@job("partners.look_at_serving", _l("Find people of partners who may not serve any more soon"), every=timedelta(days=1))
def look_at_serving() -> None:
    """Queue the warnings of the day, one job a partner with an agreement."""
    day = clock.today()
    for organisation_id in queries.partners_serving(day):
        key = f"serving:{organisation_id}:{day.isoformat()}"
        enqueue("partners.warn", unique_key=key, organisation_id=organisation_id, day=day.isoformat())


@job("partners.drop_file", _l("Drop a removed document of a partner"))
def drop_file(file_id: int) -> None:
    """Drop a file that no document refers to any more; its bytes go once that is committed, and only then."""
    key = services.drop_file(file_id)
    if key is not None:
        enqueue("partners.forget_bytes", unique_key=f"partners.forget_bytes:{key}", key=key)


@job("partners.forget_bytes", _l("Delete the bytes of a removed document"))
def forget_bytes(key: str) -> None:
    """Delete the bytes of a file whose row is gone; asking twice is harmless."""
    storage.forget_bytes(key)


@job("partners.warn", _l("Warn before people of a partner may not serve any more"))
def warn(organisation_id: int, day: str) -> None:
    """Tell whoever may serve only so many days longer, once for each of 60, 30 and 7, and the partner's administrators."""
    today = date.fromisoformat(day)
    partner = queries.partner(organisation_id)
    if partner is None:
        return
    found = roster_on(organisation_id, today, today=today)
    due = {line.person_id: days for line in found.lines if (days := _due(line, today)) is not None}
    fresh = [line for line in found.lines if line.person_id in due and _tell(line, due[line.person_id], partner.name)]
    if fresh:
        for person_id in queries.administrators_of(organisation_id):
            tell(
                person_id, PEOPLE_STOP_SERVING, f"serving:{organisation_id}:{day}", at=clock.now(),
                address=f"/admin/partners/{organisation_id}/roster?state=ending", partner=partner.name, people=_listed(fresh),
                count=len(fresh), more=len(fresh) - NAMED if len(fresh) > NAMED else None,
            )  # fmt: skip


def _due(line: Line, today: date) -> int | None:
    verdict = line.verdict
    if verdict.may is May.NOT or verdict.until is None:
        return None
    return reminder_due(verdict.until, today)


def _tell(line: Line, days: int, partner: LocalizedText) -> bool:
    """Tell one person, once for this end and so many days before it. Returns whether it was new."""
    assert line.verdict.until is not None
    cause = f"serving:{line.verdict.until.isoformat()}:{days}"
    if queries.was_told(line.person_id, cause):
        return False
    tell(
        line.person_id, SERVING_ENDS, cause, at=clock.now(), address="/certificates", partner=partner,
        until=line.verdict.until, course=line.title,
    )  # fmt: skip
    return True


def _listed(lines: list[Line]) -> LocalizedText:
    said = {language: [line.name.show(language) for line in lines[:NAMED]] for language in LANGUAGES}
    return LocalizedText("؛ ".join(said["ar"]), "; ".join(said["en"]))


@job("partners.sweep_requests", _l("Delete requests to join that nobody confirmed"), every=timedelta(hours=6))
def sweep_requests() -> None:
    """Forget what strangers wrote and did not confirm, and requests that were refused long ago."""
    services.sweep_requests(at=clock.now())
