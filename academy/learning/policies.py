"""Who may take part in learning, and who may see how others are doing."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from academy.accounts.kinds import add_setting
from academy.accounts.models import Organisation, OrgUnit, Person
from academy.accounts.policies import manages
from academy.base.access import ADMINISTRATOR, MANAGER, TRAINER, Actor, UnlessLocked, allowed, anyone_signed_in, permit
from academy.base.db import db
from academy.base.i18n import _l
from academy.base.storage import StoredFile
from academy.catalogue.models import Course
from academy.catalogue.policies import EDIT_COURSE, READ_DRAFT, SEE_COURSE
from academy.learning.models import DutyRule, Enrolment, Programme
from academy.learning.scopes import may_decide


def _may_enrol(actor: Actor, course: Course) -> bool:
    return course.retired_at is None and allowed(SEE_COURSE, actor, course)


def _owns(actor: Actor, thing: Any) -> bool:
    return bool(thing.learner_id == actor.person_id)


def _sees_roster(actor: Actor, course: Course) -> bool:
    return allowed(EDIT_COURSE, actor, course)


LEARN = permit("learning:course:list", anyone_signed_in, "Everyone signed in has courses of their own.")
OWN_CALENDAR = permit("learning:calendar:own", anyone_signed_in, "Everyone makes and removes their own calendar link.")
ENROL = permit(
    "learning:course:enrol", _may_enrol, "Everyone enrols on the courses they can see, unless they are retired."
)
TAKE = permit("learning:enrolment:use", _owns, "Only the learner opens their place on a course.")
SEE_ROSTER = permit(
    "learning:roster:see", _sees_roster, "Those who may edit a course see the learners of it in their organisation."
)
WORKING_DAYS = add_setting("working_days", _l("Working days"))
KEEP_WORKING_DAYS = permit(
    "learning:working_days:keep",
    UnlessLocked(
        WORKING_DAYS,
        lambda actor, thing: actor.has(
            ADMINISTRATOR, thing.id if isinstance(thing, Organisation) else thing.organisation_id
        ),
    ),
    "Administrators keep the calendars of their organisations, unless the academy keeps that for itself.",
)


# --- Duties ---------------------------------------------------------------------------------------------------


def _leads(actor: Actor) -> tuple[set[int] | None, set[int]]:
    """Return the organisations (None: all) and the units over which the actor holds a manager's role."""
    grants = [grant for grant in actor.grants if grant.role == MANAGER]
    if any(grant.organisation_id is None and grant.org_unit_id is None for grant in grants):
        return None, set()
    whole = {grant.organisation_id for grant in grants if grant.org_unit_id is None and grant.organisation_id}
    return whole, {grant.org_unit_id for grant in grants if grant.org_unit_id is not None}


def _inside(unit_ids: set[int]) -> ColumnElement[bool]:
    """Return the filter on OrgUnit for these units and those below them."""
    roots = select(OrgUnit.path).where(OrgUnit.id.in_(unit_ids)).subquery()
    return exists(select(roots.c.path).where(OrgUnit.path.startswith(roots.c.path))).correlate(OrgUnit)


def units_to_rule(actor: Actor, organisation_id: int) -> ColumnElement[bool] | None:
    """Return the filter on OrgUnit for those of an organisation that the actor may rule over; None: it as a whole."""
    whole, units = _leads(actor)
    if actor.has(ADMINISTRATOR, organisation_id) or whole is None or organisation_id in whole:
        return None
    return and_(OrgUnit.organisation_id == organisation_id, _inside(units)) if units else false()


def rules_kept(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on DutyRule for those the actor keeps."""
    administered, (whole, units) = actor.organisations_as(ADMINISTRATOR), _leads(actor)
    if administered is None or whole is None:
        return true()
    parts = [DutyRule.organisation_id.in_(administered | whole)]
    if units:
        parts.append(DutyRule.org_unit_id.in_(select(OrgUnit.id).where(_inside(units))))
    return or_(*parts)


def organisations_ruled(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Organisation for those in which the actor may make rules."""
    administered, (whole, units) = actor.organisations_as(ADMINISTRATOR), _leads(actor)
    if administered is None or whole is None:
        return true()
    of_units = select(OrgUnit.organisation_id).where(OrgUnit.id.in_(units))
    return or_(Organisation.id.in_(administered | whole), Organisation.id.in_(of_units))


def _keeps_rules(actor: Actor, thing: object) -> bool:
    whole, units = _leads(actor)
    return actor.has(ADMINISTRATOR) or whole is None or bool(whole or units)


def _creates_rules(actor: Actor, organisation: Organisation) -> bool:
    whole, _units = _leads(actor)
    if actor.has(ADMINISTRATOR, organisation.id) or whole is None or organisation.id in whole:
        return True
    found = select(Organisation.id).where(Organisation.id == organisation.id, organisations_ruled(actor))
    return _keeps_rules(actor, None) and db.session.scalar(found) is not None


def _keeps_rule(actor: Actor, thing: Any) -> bool:
    rule = thing if isinstance(thing, DutyRule) else thing.rule
    whole, units = _leads(actor)
    if actor.has(ADMINISTRATOR, rule.organisation_id) or whole is None or rule.organisation_id in whole:
        return True
    if rule.org_unit_id is None or not units:
        return False
    found = select(OrgUnit.id).where(OrgUnit.id == rule.org_unit_id, _inside(units))
    return db.session.scalar(found) is not None


KEEP_RULES = permit(
    "learning:duty_rule:list",
    _keeps_rules,
    "Administrators, and managers by role, list the rules of duties within their reach.",
)
CREATE_RULE = permit(
    "learning:duty_rule:create",
    _creates_rules,
    "Administrators make rules of duties in their organisations, managers by role in theirs or in their units.",
)
KEEP_RULE = permit(
    "learning:duty_rule:keep",
    _keeps_rule,
    "Administrators keep the rules of duties of their organisations, managers by role those of theirs or of their units.",
)


def _extends(actor: Actor, place: Any) -> bool:
    person: Person = place.person
    return person.id != actor.person_id and (actor.has(ADMINISTRATOR, person.organisation_id) or manages(actor, person))


EXTEND = permit(
    "learning:due_day:extend",
    _extends,
    "Managers give the people of their team more time, administrators those of their organisations; nobody themself.",
)


# --- Programmes -----------------------------------------------------------------------------------------------


def _keeps_programmes(actor: Actor, thing: object) -> bool:
    return actor.has(TRAINER) or actor.has(ADMINISTRATOR)


def organisations_keeping(actor: Actor) -> set[int] | None:
    """Return the ids of organisations in which the actor may make programmes; None means all."""
    administered, trained = actor.organisations_as(ADMINISTRATOR), actor.organisations_as(TRAINER)
    return None if administered is None or trained is None else administered | trained


def _creates_programme(actor: Actor, organisation_id: int | None) -> bool:
    there = organisations_keeping(actor)
    return _keeps_programmes(actor, None) and (organisation_id is None or there is None or organisation_id in there)


def _programme_of(thing: Any) -> Programme:
    return thing if isinstance(thing, Programme) else thing.programme  # type: ignore[no-any-return]


def edits_programme(actor: Actor, thing: Any) -> bool:
    """Whether the actor may edit a programme: administrators and trainers of the organisation that owns it."""
    owner = _programme_of(thing).organisation_id
    return actor.has(ADMINISTRATOR, owner) or actor.has(TRAINER, owner)


def programmes_edited(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Programme for those the actor may edit."""
    there = organisations_keeping(actor)
    if there is None:
        return true()
    return Programme.organisation_id.in_(there) if there else false()


def is_for(actor: Actor, programme: Programme) -> bool:
    """Whether the actor belongs to those whom a programme is for."""
    if programme.audience in ("employee", "any") and programme.organisation_id == actor.organisation_id:
        return True
    home = db.session.get(Organisation, actor.organisation_id) if programme.audience != "employee" else None
    return home is not None and home.kind == "partner" and home.active


def programmes_for(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Programme for those that are for the actor, as `is_for` judges one."""
    own = and_(Programme.audience.in_(("employee", "any")), Programme.organisation_id == actor.organisation_id)
    at_partner = exists().where(
        Organisation.id == actor.organisation_id, Organisation.kind == "partner", Organisation.active
    )
    return or_(own, and_(Programme.audience.in_(("partner", "any")), at_partner))


def _sees_programme(actor: Actor, thing: Any) -> bool:
    programme = _programme_of(thing)
    if getattr(thing, "takes_part", False):
        return True
    published = getattr(thing, "published", True)
    return bool(published) and (is_for(actor, programme) or edits_programme(actor, programme))


def _joins_programme(actor: Actor, page: Any) -> bool:
    if page.takes_part:
        return True
    return bool(page.published) and page.programme.retired_at is None and is_for(actor, page.programme)


def _sees_participants(actor: Actor, thing: Any) -> bool:
    programme = _programme_of(thing)
    if edits_programme(actor, programme):
        return True
    return bool(getattr(thing, "published", True)) and actor.has(ADMINISTRATOR) and is_for(actor, programme)


def _confirms_identity(actor: Actor, person: Person) -> bool:
    return actor.person_id != person.id and actor.has(ADMINISTRATOR, person.organisation_id)


SEE_PROGRAMME = permit(
    "learning:programme:see",
    _sees_programme,
    "Everyone sees the programmes that are for them, those they are in, and those they may edit.",
)
JOIN_PROGRAMME = permit(
    "learning:programme:join",
    _joins_programme,
    "Everyone joins the programmes that are for them, unless they are retired.",
)
USE_PLACE = permit("learning:programme:use", _owns, "Only the learner acts in their place in a programme.")
KEEP_PROGRAMMES = permit(
    "learning:programme:list", _keeps_programmes, "Trainers and administrators list the programmes they may edit."
)
CREATE_PROGRAMME = permit(
    "learning:programme:create",
    _creates_programme,
    "Trainers and administrators create programmes in their organisation.",
)
EDIT_PROGRAMME = permit(
    "learning:programme:edit", edits_programme, "Administrators and trainers edit the programmes of their organisation."
)
SEE_PARTICIPANTS = permit(
    "learning:participants:see",
    _sees_participants,
    "Those who may edit a programme, and administrators whom it is for, see the participants of their organisations.",
)
CONFIRM_IDENTITY = permit(
    "learning:identity:confirm",
    _confirms_identity,
    "Administrators confirm the identity of people of their organisations, never their own.",
)


# --- Requests and seats ---------------------------------------------------------------------------------------


def _decides(actor: Actor, thing: Any) -> bool:
    return may_decide(actor.person_id, thing.id)


def _reads_request(actor: Actor, thing: Any) -> bool:
    return _owns(actor, thing) or _asked(actor, thing) or _decides(actor, thing)


def _asked(actor: Actor, thing: Any) -> bool:
    return bool(thing.asked_by_id == actor.person_id)


READ_REQUEST = permit(
    "learning:request:see",
    _reads_request,
    "Learners see their own requests, and whoever proposed one sees it; whoever was asked sees those to decide.",
)
DECIDE_REQUEST = permit(
    "learning:request:decide",
    _decides,
    "Managers above the learner, and administrators of their organisation, decide once the request has come to them.",
)
TAKE_BACK = permit("learning:request:withdraw", _asked, "Only who made a request takes it back.")
EDIT_ENTRY = permit(
    "learning:entry:edit",
    lambda actor, course: allowed(EDIT_COURSE, actor, course),
    "Those who may edit a course decide how people come into it, and see who waits.",
)


def opens_file(actor: Actor, file: StoredFile) -> bool:
    """Whether somebody may fetch a course's file: they may see the course, review it, or take part in it.

    Files that belong to nobody are everyone's; those of a question bank are not opened here.
    """
    course = db.session.get(Course, file.course_id) if file.course_id else None
    if course is None:
        return file.course_id is None and file.organisation_id is None
    if allowed(SEE_COURSE, actor, course) or allowed(READ_DRAFT, actor, course):
        return True
    mine = select(Enrolment.id).where(Enrolment.course_id == course.id, Enrolment.learner_id == actor.person_id)
    return db.session.scalar(mine.limit(1)) is not None


def organisations_reached(actor: Actor) -> set[int] | None:
    """Return the ids of the organisations whose learners somebody who may edit a course reaches; None means all.

    Their own and those they train or administer in; all, if they do so academy-wide.
    """
    there = organisations_keeping(actor)
    return None if there is None else {actor.organisation_id, *there}


def learners_visible(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Person for the learners whom somebody who may edit a course sees in its roster."""
    reach = organisations_reached(actor)
    return true() if reach is None else or_(Person.organisation_id.in_(reach))
