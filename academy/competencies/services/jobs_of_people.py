"""Role profiles that come with a job: whoever has the job title in the organisation has them, as long as they have it."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import delete, select

from academy.accounts.models import Person
from academy.base import audit
from academy.base.arabic import normalise
from academy.base.db import db, insert_missing, insert_once
from academy.base.errors import NotFound
from academy.base.text import LocalizedText
from academy.competencies.models import BY_JOB, JobProfile, PersonProfile, RoleProfile
from academy.competencies.services.asking import ask


def job_of(title: LocalizedText | None) -> str:
    """Return what a job title is recognised by: its Arabic, else its English, without the differences of spelling."""
    return normalise((title.ar or title.en) if title else "")[:255]


def attach_job(
    organisation_id: int, title: LocalizedText, profile_key: str, *, actor_id: int | None, at: datetime
) -> JobProfile:
    """Give a role profile to everyone with a job. Doing it twice is harmless."""
    profile = db.session.scalar(select(RoleProfile).where(RoleProfile.key == profile_key))
    if profile is None or profile.retired_at is not None or not job_of(title):
        raise NotFound
    profile_id, job = profile.id, job_of(title)
    same = JobProfile.organisation_id == organisation_id, JobProfile.job == job, JobProfile.profile_id == profile_id

    def make() -> JobProfile:
        return JobProfile(organisation_id=organisation_id, job=job, title=title, profile_id=profile_id, set_at=at)

    row, new = insert_once(make, lambda: db.session.scalar(select(JobProfile).where(*same)))
    if new:
        _record(row, profile, actor_id, at, attached=True)
        follow_jobs(organisation_id, at=at)
    return row


def detach_job(row: JobProfile, *, actor_id: int | None, at: datetime) -> None:
    """Let a job bring a role profile no more."""
    profile = db.session.get_one(RoleProfile, row.profile_id)
    organisation_id = row.organisation_id
    _record(row, profile, actor_id, at, attached=False)
    db.session.delete(row)
    db.session.flush()
    follow_jobs(organisation_id, at=at)


def follow_jobs(organisation_id: int, *, at: datetime) -> int:
    """Bring the profiles that come with jobs to what people's titles are now. Returns how many people it changed.

    A retired profile stays with those who have it and their title, and comes to nobody new.
    """
    mine = JobProfile.organisation_id == organisation_id
    brings: dict[str, set[int]] = defaultdict(set)
    for job, profile_id in db.session.execute(select(JobProfile.job, JobProfile.profile_id).where(mine)):
        brings[job].add(profile_id)
    of = Person.organisation_id == organisation_id
    titles = select(Person.id, Person.job_title).where(of, Person.job_title.is_not(None)) if brings else None
    people = db.session.execute(titles).all() if titles is not None else []
    wanted = {(who, number) for who, title in people for number in brings.get(job_of(title), ())}
    by_job = PersonProfile.source == BY_JOB
    pairs = select(PersonProfile.person_id, PersonProfile.profile_id).join(Person, Person.id == PersonProfile.person_id)
    had = {(who, number) for who, number in db.session.execute(pairs.where(of, by_job))}
    retired = set(db.session.scalars(select(RoleProfile.id).where(RoleProfile.retired_at.is_not(None))))
    wanted = {pair for pair in wanted if pair[1] not in retired or pair in had}
    for number in {number for _who, number in had - wanted}:
        gone = [who for who, each in had - wanted if each == number]
        db.session.execute(
            delete(PersonProfile).where(by_job, PersonProfile.profile_id == number, PersonProfile.person_id.in_(gone))
        )
    rows = [{"person_id": who, "profile_id": n, "source": BY_JOB, "set_at": at} for who, n in sorted(wanted - had)]
    insert_missing(PersonProfile, rows)
    changed = sorted({who for who, _number in wanted ^ had})
    if changed:
        ask(changed)
    return len(changed)


def follow_all_jobs(*, at: datetime) -> int:
    """Follow the jobs of every organisation that has role profiles attached to jobs."""
    organisations = db.session.scalars(select(JobProfile.organisation_id).distinct()).all()
    return sum(follow_jobs(number, at=at) for number in organisations)


def follow_jobs_of(profile_id: int, *, at: datetime) -> None:
    """Follow the jobs of every organisation in which a job brings this profile."""
    attached = select(JobProfile.organisation_id).where(JobProfile.profile_id == profile_id).distinct()
    for number in db.session.scalars(attached).all():
        follow_jobs(number, at=at)


def _record(row: JobProfile, profile: RoleProfile, actor_id: int | None, at: datetime, *, attached: bool) -> None:
    told = {"job": row.title.as_dict(), "profile": profile.key}
    audit.record(
        "competencies:job:profile", at=at, actor_id=actor_id, subject=("role_profile", profile.id, profile.key),
        organisation_id=row.organisation_id, before=None if attached else told, after=told if attached else None,
    )  # fmt: skip
    db.session.flush()
