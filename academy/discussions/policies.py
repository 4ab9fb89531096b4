"""Who reads and writes in the discussions of a course, and who moderates them. SQL twins of the same rules tell whom to notify."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, true

from academy.accounts.models import Organisation, Person, RoleGrant
from academy.base import clock
from academy.base.access import ADMINISTRATOR, TRAINER, Actor, allowed, permit
from academy.catalogue.models import Course, CourseTrainer
from academy.catalogue.policies import EDIT_COURSE, TEACH, courses_edited
from academy.discussions import rules
from academy.discussions.models import DiscussionThread
from academy.discussions.places import Discussions, PostHere, ThreadHere
from academy.learning.models import WITHDRAWN, Enrolment
from academy.learning.policies import organisations_reached

Here = Discussions | ThreadHere | PostHere


def moderates(actor: Actor, here: Here | Course) -> bool:
    """Whether somebody moderates: they may edit the course, and reach the organisation whose people a thread is of."""
    if not allowed(EDIT_COURSE, actor, here if isinstance(here, Course) else here.course):
        return False
    reach = organisations_reached(actor)
    return reach is None or isinstance(here, Course | Discussions) or here.thread.organisation_id in reach


def _takes_part(actor: Actor, here: Here) -> bool:
    if not here.all.takes_part or here.all.state == rules.OFF:
        return False
    return isinstance(here, Discussions) or here.thread.organisation_id == actor.organisation_id


def reads(actor: Actor, here: Here) -> bool:
    """Whether somebody reads: a learner the threads of their own organisation, a moderator those they moderate."""
    return _takes_part(actor, here) or moderates(actor, here)


def writes(actor: Actor, here: Here) -> bool:
    """Whether somebody may write now: they read, and neither the course, the thread nor a stop keeps them from it."""
    leads = moderates(actor, here)
    if not leads and not _takes_part(actor, here):
        return False
    return is_open(here, leads)


def is_open(here: Here, leads: bool) -> bool:
    """Whether a reader may write here; `leads`: as a moderator."""
    locked = not isinstance(here, Discussions) and here.thread.locked
    stopped = here.all.stopped_until
    return rules.is_open(here.all.state, locked=locked, moderates=leads, stopped_until=stopped, today=clock.today())


def _marks(actor: Actor, here: PostHere) -> bool:
    asks = here.thread.author_id == actor.person_id and _takes_part(actor, here)
    return asks or moderates(actor, here)


def _edits_own(actor: Actor, here: PostHere) -> bool:
    return here.post.author_id == actor.person_id and reads(actor, here)


def _reports(actor: Actor, here: PostHere) -> bool:
    return here.post.author_id != actor.person_id and reads(actor, here)


def _decides(actor: Actor, here: PostHere) -> bool:
    return here.post.author_id != actor.person_id and moderates(actor, here)


def ends_stop(actor: Actor, here: Any) -> bool:
    """Whether somebody may let a person write again: as a moderator of the course who reaches the person."""
    reach = organisations_reached(actor)
    reaches = reach is None or here.person.organisation_id in reach
    return here.person.id != actor.person_id and reaches and allowed(EDIT_COURSE, actor, here.course)


def organisations_moderated(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on DiscussionThread and Course, both in the statement, for the threads that the actor moderates."""
    reach = organisations_reached(actor)
    within = true() if reach is None else DiscussionThread.organisation_id.in_(reach)
    return and_(courses_edited(actor), within)


def _holds(*roles: str, there: Any) -> ColumnElement[bool]:
    mine = RoleGrant.person_id == Person.id, RoleGrant.role.in_(roles)
    within = or_(RoleGrant.organisation_id.is_(None), RoleGrant.organisation_id == there)
    return exists().where(*mine, within).correlate(Person, Course, DiscussionThread)


def moderators() -> ColumnElement[bool]:
    """Return the condition on Person, DiscussionThread and its Course that somebody moderates the thread (as `moderates`)."""
    listed = exists().where(CourseTrainer.course_id == Course.id, CourseTrainer.person_id == Person.id)
    trains = and_(_holds(TRAINER, there=Course.organisation_id), listed.correlate(Person, Course))
    own = DiscussionThread.organisation_id == Person.organisation_id
    reaches = or_(own, _holds(TRAINER, ADMINISTRATOR, there=DiscussionThread.organisation_id))
    return and_(_may_enter(), or_(_holds(ADMINISTRATOR, there=Course.organisation_id), trains), reaches)


def taking_part() -> ColumnElement[bool]:
    """Return the condition on Person, DiscussionThread and its Course that somebody reads the thread as a learner."""
    place = exists().where(
        Enrolment.learner_id == Person.id, Enrolment.course_id == Course.id, Enrolment.state != WITHDRAWN
    )
    own = DiscussionThread.organisation_id == Person.organisation_id
    return and_(_may_enter(), own, place.correlate(Person, Course))


def _may_enter() -> ColumnElement[bool]:
    house = exists().where(Organisation.id == Person.organisation_id, Organisation.active)
    return and_(Person.state == "active", house.correlate(Person))


def trainers_of_thread() -> ColumnElement[bool]:
    """Return the condition on Person, DiscussionThread and its Course that somebody moderates as one of its trainers."""
    named = select(CourseTrainer.person_id).where(CourseTrainer.course_id == Course.id).correlate(Course)
    return and_(Person.id.in_(named), moderators())


READ = permit(
    "discussions:course:read",
    reads,
    "Those with a place in a course read its discussions, as do those who may edit it.",
)
WRITE = permit(
    "discussions:course:write",
    reads,
    "Whoever reads them begins threads, unless they are closed or a moderator has stopped them.",
)
READ_THREAD = permit(
    "discussions:thread:read",
    reads,
    "Learners read the threads of their own organisation, moderators those of the organisations that they reach.",
)
REPLY = permit(
    "discussions:thread:reply",
    reads,
    "Whoever reads a thread replies, unless it is locked or a moderator has stopped them.",
)
ARRANGE = permit("discussions:thread:arrange", moderates, "Moderators pin threads and lock them.")
MARK = permit(
    "discussions:answer:mark", _marks, "Whoever asked, and moderators, mark one reply as the answer of a question."
)
EDIT = permit("discussions:post:edit", _edits_own, "Only its author changes or removes a post.")
REPORT = permit("discussions:post:report", _reports, "Whoever reads a post of somebody else reports it, once.")
LOOK = permit(
    "discussions:post:look",
    moderates,
    "Those who may edit a course moderate its threads, in the organisations whose learners they reach; auditors read.",
)
DECIDE = permit(
    "discussions:post:decide", _decides, "Moderators decide about the posts of others, never about their own."
)
LIST_REPORTS = permit(
    "discussions:report:list",
    lambda actor, thing: allowed(TEACH, actor),
    "Trainers and administrators list the posts reported to them.",
)
RULE = permit(
    "discussions:course:rule", moderates, "Those who may edit a course open, close or switch off its discussions."
)
STOP = permit(
    "discussions:person:stop",
    _decides,
    "Moderators stop the author of a post from writing in a course, never themselves.",
)
END_STOP = permit(
    "discussions:person:end_stop",
    ends_stop,
    "Moderators let the people of the organisations that they reach write again, but not themselves.",
)
