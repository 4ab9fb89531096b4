"""Who sees what a person can do, and who keeps the frameworks."""

from typing import Protocol

from sqlalchemy import select

from academy.accounts.models import Person
from academy.accounts.policies import holds_everywhere, manages, people_overseen, sees
from academy.base.access import (
    ADMINISTRATOR,
    Actor,
    academy_administrator,
    any_administrator,
    anyone_signed_in,
    permit,
)
from academy.base.db import db
from academy.competencies.models import (
    Claim,
    DevelopmentPlan,
    FrameworkImport,
    Observation,
    PlanReview,
    PlanTemplate,
    Rating,
    RatingRound,
    RatingVoice,
)
from academy.competencies.models.observations import DRAFT
from academy.competencies.models.ratings import INVITED
from academy.competencies.models.reviews import ASKED

SEE_OWN = permit(
    "competencies:standing:own", anyone_signed_in, "Everyone sees their own competencies and the evidence."
)
SEE_FRAMEWORK = permit("competencies:framework:see", anyone_signed_in, "Everyone signed in reads the frameworks.")


def _may_see(actor: Actor, person: Person) -> bool:
    return sees(actor, person)


SEE_PERSON = permit(
    "competencies:standing:see", _may_see, "Managers see their team's competencies; administrators their people's."
)
KEEP_FRAMEWORKS = permit(
    "competencies:framework:edit",
    academy_administrator,
    "Academy administrators write and publish frameworks, the common language of all organisations.",
)


def _owns_file(actor: Actor, read: FrameworkImport) -> bool:
    return read.owner_id == actor.person_id and actor.holds_everywhere(ADMINISTRATOR)


TAKE_OVER = permit(
    "competencies:framework:import", _owns_file, "Academy administrators take over the files they chose themselves."
)
KEEP_PROFILES = permit(
    "competencies:profile:edit",
    academy_administrator,
    "Academy administrators write and publish role profiles, which all organisations share.",
)
ATTACH_JOBS = permit(
    "competencies:job:attach",
    any_administrator,
    "Administrators give role profiles to the jobs of their organisations.",
)


def _gives(actor: Actor, person: Person) -> bool:
    # As with a person's record: an organisation's administrator changes nothing about those who hold academy-wide roles.
    if actor.holds_everywhere(ADMINISTRATOR):
        return True
    return actor.has(ADMINISTRATOR, person.organisation_id) and not holds_everywhere(person.id)


GIVE_PROFILES = permit(
    "competencies:person:give",
    _gives,
    "Administrators give role profiles and levels of their own to the people of their organisations.",
)
RULE_MODEL = permit(
    "competencies:model:apply",
    academy_administrator,
    "Academy administrators see how scores are computed, preview who moves and have all computed anew.",
)


def watches(actor: Actor, person: Person) -> bool:
    """Whether the actor may write down what they saw this person do: their manager, or an administrator as assessor."""
    if person.id == actor.person_id or person.state != "active":
        return False
    return actor.has(ADMINISTRATOR, person.organisation_id) or manages(actor, person)


def _person_of(row: Observation | Claim) -> Person:
    return db.session.get_one(Person, row.person_id)


def _writes(actor: Actor, row: Observation) -> bool:
    if row.state != DRAFT or row.observer_id != actor.person_id:
        return False
    return watches(actor, _person_of(row)) or _named_for(actor, row)


def _named_for(actor: Actor, row: Observation) -> bool:
    """Whether a manager has named the actor for the review that this observation answers."""
    mine = PlanReview.observation_id == row.id, PlanReview.reviewer_id == actor.person_id, PlanReview.state == ASKED
    person = _person_of(row)
    if person.id == actor.person_id or person.organisation_id != actor.organisation_id or person.state != "active":
        return False
    return db.session.scalar(select(PlanReview.id).where(*mine)) is not None


def _reads(actor: Actor, row: Observation) -> bool:
    if row.observer_id == actor.person_id:
        return True
    return row.state != DRAFT and sees(actor, _person_of(row))


def _answers(actor: Actor, row: Observation) -> bool:
    return row.state != DRAFT and row.person_id == actor.person_id


OBSERVE = permit(
    "competencies:person:observe", watches, "Managers observe their team at work; administrators assess their people."
)
LIST_OBSERVATIONS = permit(
    "competencies:observation:list",
    anyone_signed_in,
    "Everyone lists the observations of themselves and by themselves.",
)
WRITE_OBSERVATION = permit(
    "competencies:observation:write",
    _writes,
    "Observers change their own drafts, while the person is theirs to observe.",
)
SEE_OBSERVATION = permit(
    "competencies:observation:see",
    _reads,
    "A sent observation is read by its observer, the observed person, their managers and administrators.",
)
ANSWER_OBSERVATION = permit(
    "competencies:observation:answer", _answers, "The observed person confirms an observation or objects to it."
)


def _reads_claim(actor: Actor, row: Claim) -> bool:
    return row.person_id == actor.person_id or sees(actor, _person_of(row))


def _decides(actor: Actor, row: Claim) -> bool:
    return watches(actor, _person_of(row))


CLAIM = permit("competencies:claim:make", anyone_signed_in, "Everyone claims what they have learnt elsewhere.")
SEE_CLAIM = permit(
    "competencies:claim:see", _reads_claim, "A claim is read by its person, their managers and administrators."
)
DECIDE_CLAIM = permit(
    "competencies:claim:decide",
    _decides,
    "Managers decide claims of their team; administrators of their people; nobody their own.",
)


class PlanOfPerson(Protocol):
    """A development plan with its person."""

    @property
    def plan(self) -> DevelopmentPlan: ...

    @property
    def person(self) -> Person: ...

    @property
    def person_id(self) -> int: ...


def _own_plan(actor: Actor, found: PlanOfPerson) -> bool:
    return found.person_id == actor.person_id


def _reads_plan(actor: Actor, found: PlanOfPerson) -> bool:
    if found.person_id == actor.person_id:
        return True
    return found.plan.sent_at is not None and sees(actor, found.person)


def _decides_plan(actor: Actor, found: PlanOfPerson) -> bool:
    return found.plan.sent_at is not None and watches(actor, found.person)


DEVELOP = permit("competencies:plan:own", anyone_signed_in, "Everyone makes a development plan of their own.")
CHANGE_PLAN = permit(
    "competencies:plan:change", _own_plan, "Everyone changes, sends and ends their own development plan."
)
SEE_PLAN = permit(
    "competencies:plan:see",
    _reads_plan,
    "A plan that was sent is read by its person, their managers, deputies and administrators.",
)
DECIDE_PLAN = permit(
    "competencies:plan:decide",
    _decides_plan,
    "Managers, and who stands in for them, decide the plans of their team; administrators of their people; nobody their own.",
)


def _decides_some(actor: Actor, thing: object) -> bool:
    return actor.leads or actor.has(ADMINISTRATOR)


LIST_PLANS = permit(
    "competencies:plan:list", _decides_some, "Managers and administrators list the plans that wait for their decision."
)


class Template(Protocol):
    """A template of development plans."""

    @property
    def row(self) -> PlanTemplate: ...


class ReviewOfPerson(Protocol):
    """A review with its person."""

    @property
    def row(self) -> PlanReview: ...

    @property
    def person(self) -> Person: ...


def _reads_template(actor: Actor, found: Template) -> bool:
    return found.row.organisation_id == actor.organisation_id


def _keeps_template(actor: Actor, found: Template) -> bool:
    if found.row.organisation_id != actor.organisation_id or found.row.retired_at is not None:
        return False
    own = found.row.owner_id == actor.person_id and _decides_some(actor, found)
    return own or actor.has(ADMINISTRATOR, found.row.organisation_id)


def _reviews(actor: Actor, found: ReviewOfPerson) -> bool:
    named = found.row.reviewer_id == actor.person_id and found.person.organisation_id == actor.organisation_id
    return watches(actor, found.person) or (
        named and found.person.state == "active" and found.person.id != actor.person_id
    )


def _reads_review(actor: Actor, found: ReviewOfPerson) -> bool:
    return found.person.id == actor.person_id or _reviews(actor, found) or sees(actor, found.person)


SEE_TEMPLATE = permit(
    "competencies:template:see",
    _reads_template,
    "Everyone reads the plan templates of their organisation and begins with one.",
)
WRITE_TEMPLATE = permit(
    "competencies:template:write",
    _decides_some,
    "Managers and administrators write plan templates for their organisation.",
)
KEEP_TEMPLATE = permit(
    "competencies:template:keep",
    _keeps_template,
    "A plan template is changed and retired by its author and by administrators.",
)
LIST_REVIEWS = permit("competencies:review:list", anyone_signed_in, "Everyone lists the reviews that wait for them.")
SEE_REVIEW = permit(
    "competencies:review:see",
    _reads_review,
    "A review is read by its person, the named assessor, managers and administrators.",
)
WITHDRAW_REVIEW = permit(
    "competencies:review:withdraw",
    lambda actor, found: found.person.id == actor.person_id,
    "Who asked for a review withdraws it.",
)
REVIEW = permit(
    "competencies:review:rate",
    _reviews,
    "Managers, administrators and the assessor whom they named answer a review by observing; nobody their own.",
)
PASS_ON = permit(
    "competencies:review:pass_on",
    lambda actor, found: watches(actor, found.person),
    "Managers and administrators name an assessor for a review.",
)


class RatingOfPerson(Protocol):
    """Somebody's rating with its round and its person."""

    @property
    def rating(self) -> Rating: ...

    @property
    def round(self) -> RatingRound: ...

    @property
    def person(self) -> Person: ...


class VoiceOfRater(Protocol):
    """A rater's part in a rating."""

    @property
    def voice(self) -> RatingVoice: ...


def _own_rating(actor: Actor, found: RatingOfPerson) -> bool:
    return found.person.id == actor.person_id


def _reads_rating(actor: Actor, found: RatingOfPerson) -> bool:
    return sees(actor, found.person)


def _leads_rating(actor: Actor, found: RatingOfPerson) -> bool:
    return watches(actor, found.person)


def _proposes(actor: Actor, found: RatingOfPerson) -> bool:
    return found.round.proposes and _own_rating(actor, found)


def _rates(actor: Actor, found: VoiceOfRater) -> bool:
    return found.voice.rater_id == actor.person_id and found.voice.state == INVITED


LIST_RATINGS = permit(
    "competencies:rating:list",
    anyone_signed_in,
    "Everyone lists the ratings of themselves and those they are asked for.",
)
OPEN_ROUND = permit(
    "competencies:rating:open",
    _decides_some,
    "Managers open rating rounds for their team; administrators for their organisations and units.",
)


def _leads_some_of(actor: Actor, row: RatingRound) -> bool:
    inside = select(Rating.id).join(Person, Person.id == Rating.person_id).where(Rating.round_id == row.id)
    return bool(db.session.scalar(select(inside.where(people_overseen(actor)).exists())))


SEE_ROUND = permit(
    "competencies:round:see",
    _leads_some_of,
    "Whoever leads people of a rating round sees of these who has rated, who is missing and what was agreed; of colleagues only "
    "how many of how many.",
)
REMIND_RATERS = permit(
    "competencies:round:remind",
    _leads_some_of,
    "Whoever leads people of a rating round reminds those who still owe a form about them.",
)
RATE = permit(
    "competencies:rating:rate", _rates, "Whoever is invited to rate somebody fills in their own form, unseen."
)
SEE_RATING = permit(
    "competencies:rating:see",
    _reads_rating,
    "Ratings are compared by the rated person, their managers and administrators; of peers only figures of three or more.",
)
PROPOSE_PEERS = permit(
    "competencies:rating:propose", _proposes, "The rated person proposes colleagues where the round says so."
)
LEAD_RATING = permit(
    "competencies:rating:lead",
    _leads_rating,
    "Managers choose the peers of their team, close their ratings and record what was agreed; administrators of their people; "
    "nobody their own.",
)
ANSWER_RATING = permit(
    "competencies:rating:answer", _own_rating, "The rated person confirms the levels agreed on or objects to them."
)
