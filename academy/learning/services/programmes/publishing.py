"""Publishing a draft: the checklist, what differs, and the moment after which the version never changes."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from academy.base.db import db, lock
from academy.base.i18n import DEFAULT_LANGUAGE
from academy.catalogue.models import Course
from academy.learning.models import DRAFT, PUBLISHED, SUPERSEDED, Programme, ProgrammeVersion
from academy.learning.queries import programmes as queries
from academy.learning.refusals import NoDraft, NotReady
from academy.learning.rules import programmes
from academy.learning.rules.publishing import Draft, Finding, findings
from academy.learning.services.programmes.drafting import COPIED, hold_programme_draft, record, version_in


def programme_checklist(
    programme: Programme, draft: ProgrammeVersion, plan: queries.Plan | None = None
) -> list[Finding]:
    """Return what keeps a draft from being published, and what must be known before it is."""
    plan = plan or queries.plan_of(draft.id, in_order=draft.in_order)
    courses = {step.course_id for step in plan.steps if step.course_id is not None}
    fitting = select(Course.id).where(Course.id.in_(courses), Course.retired_at.is_(None), queries.fits(programme))
    open_to_all = set(db.session.scalars(fitting)) if courses else set()
    closed = [
        step.title
        for step in plan.steps
        if step.course_id is not None and (step.course_id not in open_to_all or not step.available)
    ]
    return findings(
        Draft(
            title=draft.title,
            summary=draft.summary,
            language=DEFAULT_LANGUAGE,
            groups=[(outline, row.title) for outline, row in zip(plan.outline, plan.groups, strict=True)],
            closed=closed,
            absent=[step.title for step in plan.absent if step.course_id is None],
        )
    )


def publish_programme(programme: Programme, *, actor_id: int | None, at: datetime) -> ProgrammeVersion:
    """Publish the draft: people who join from now on get it, those in the older version finish that one."""
    lock(Programme, programme.id)
    found = version_in(programme.id, DRAFT)
    if found is None:
        raise NoDraft
    draft = hold_programme_draft(found.id)
    plan = queries.plan_of(draft.id, in_order=draft.in_order)
    if any(finding.stops for finding in programme_checklist(programme, draft, plan)):
        raise NotReady
    _freeze_hours(draft, plan)
    previous = version_in(programme.id, PUBLISHED)
    if previous is not None:
        previous.state = SUPERSEDED
        db.session.flush()
    draft.state, draft.published_at, draft.published_by_id = PUBLISHED, at, actor_id
    db.session.flush()
    before = {"version": previous.number} if previous else None
    record("learning:programme:publish", programme, actor_id, at, before, {"version": draft.number})
    return draft


def _freeze_hours(draft: ProgrammeVersion, plan: queries.Plan) -> None:
    """Keep the hours of each course as they are now, so that what a step is worth does not change under learners."""
    for step in queries.steps_of(draft.id):
        if step.hours is None:
            step.hours = plan.by_key[step.key].hours
    db.session.flush()


def programme_differences(before: queries.Contents, after: queries.Contents) -> list[programmes.Difference]:
    """Return what publishing the newer version would change, by sort ("details", "group", "step", "prerequisite") and key."""
    return programmes.differences(_told(before), _told(after))


def _told(contents: queries.Contents) -> Mapping[tuple[str, str], object]:
    version = contents.version
    told: dict[tuple[str, str], object] = {
        ("details", ""): {name: str(getattr(version, name)) for name in COPIED if name != "hours"}
        | {"hours": version.hours.normalize()}
    }
    told |= {("group", group.key): (group.title, group.needed) for group in contents.plan.groups}
    told |= {
        ("step", step.key): (
            group.key, step.kind, step.title, step.note, step.required, step.min_percent, step.course_id, step.quiz_id,
        )
        for group in contents.plan.groups
        for step in group.steps
    }  # fmt: skip
    return told | {
        ("prerequisite", each.key): (each.kind, each.title, each.text, each.renew_months)
        for each in contents.prerequisites
    }
