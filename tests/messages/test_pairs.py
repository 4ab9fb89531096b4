"""NO3: who may write to whom – one rule, asked of a pair and of everybody at once."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from academy.accounts.models import Deputyship, MatrixLine, Person
from academy.base.access import MANAGER
from academy.base.db import db
from academy.catalogue.models import CourseTrainer
from academy.learning import services as learning
from academy.messages import rules
from academy.messages.models import MessageBlock, MessageStop
from academy.messages.queries_of_pairs import correspondents, judged
from academy.messages.queries_of_ties import writer
from tests.conftest import EXAMPLES
from tests.factories import accounts as people
from tests.factories import learning as places
from tests.factories.catalogue import course
from tests.factories.messages import AT, allow

TODAY = AT.date()


def may(one: Person, other: Person, today: date = TODAY) -> bool:
    """Whether one may write to the other, by the predicate, which the filter must repeat."""
    allowed = judged(one.id, other.id, today=today).allowed
    assert (other.id in reached(one, today)) == allowed
    return allowed


def reached(one: Person, today: date = TODAY) -> set[int]:
    """Return the ids of all to whom one may write, by the filter."""
    return set(db.session.scalars(select(Person.id).where(correspondents(writer(one.id, today=today), today=today))))


def deputy(of: Person, who: Person, *, last: date = TODAY) -> Deputyship:
    """Let somebody stand in for a manager until a day."""
    row = Deputyship(manager_id=of.id, deputy_id=who.id, starts_on=TODAY - timedelta(days=3), ends_on=last, made_at=AT)
    db.session.add(row)
    db.session.flush()
    return row


def test_a_learner_writes_to_the_trainer_of_their_course_while_they_have_a_place(app):
    """NO3: learner and trainer, also across organisations; who has left the course writes no more."""
    trainer = people.trainer()
    taught = course(trainer=trainer)
    learner, other = people.person(), people.person()
    place = places.enrolment(learner, taught)
    assert may(learner, trainer) and may(trainer, learner)
    assert not may(other, trainer) and not may(trainer, other) and not may(learner, other)
    assert judged(other.id, trainer.id, today=TODAY).reason == rules.NO_TIE
    learning.withdraw(place.id, at=AT)
    assert not may(learner, trainer) and not may(trainer, learner)


def test_across_organisations_both_must_allow_it(app):
    """NO3: one organisation that switches trainers off closes the pair from both sides."""
    trainer = people.trainer()
    learner = people.person()
    places.enrolment(learner, course(trainer=trainer))
    allow(learner.organisation_id, trainers=False)
    assert not may(learner, trainer) and not may(trainer, learner)
    assert judged(trainer.id, learner.id, today=TODAY).reason == rules.OFF


def test_a_trainer_who_lost_the_role_is_no_trainer_any_more(app):
    """NO3: being listed at the course is not enough."""
    listed = people.person()
    taught = course(trainer=people.trainer(of=listed.organisation))
    db.session.add(CourseTrainer(course_id=taught.id, person_id=listed.id))
    learner = people.person()
    places.enrolment(learner, taught)
    assert not may(learner, listed)


def test_managers_up_the_line_matrix_by_role_and_their_deputies(app):
    """NO3: person and managers: line direct and indirect, matrix, by role in a unit above, deputies while they stand in."""
    house = people.organisation()
    above = people.org_unit(house)
    below = people.org_unit(parent=above)
    top = people.person(of=house)
    middle = people.person(of=house, manager=top)
    clerk = people.person(unit=below, manager=middle)
    by_role = people.grant(people.person(of=house), MANAGER, unit=above)
    matrix, stand_in, stranger = people.person(of=house), people.person(of=house), people.person(of=house)
    label = people.both("مشروع", "Project")
    db.session.add(MatrixLine(person_id=clerk.id, manager_id=matrix.id, label=label, added_at=AT))
    deputy(middle, stand_in)
    for leader in (middle, top, by_role, matrix, stand_in):
        assert may(clerk, leader) and may(leader, clerk), leader.id
    assert not may(clerk, stranger) and not may(stranger, clerk)
    tomorrow = TODAY + timedelta(days=1)
    assert not may(clerk, stand_in, tomorrow) and not may(stand_in, clerk, tomorrow)
    allow(house.id, managers=False)
    assert not may(clerk, middle) and judged(clerk.id, middle.id, today=TODAY).reason == rules.OFF


def test_administrators_of_the_own_organisation_and_a_partners_with_the_academys(app):
    """NO3: administrators for their own people; a partner's administrator and the academy's, its people not."""
    agency, partner = people.organisation(), people.organisation("partner")
    academy = people.administrator(of=agency)
    own = people.administrator(of=partner, everywhere=False)
    clerk, agent = people.person(of=agency), people.person(of=partner)
    assert may(clerk, academy) and may(academy, clerk)
    assert may(agent, own) and may(own, agent)
    assert may(own, academy) and may(academy, own)
    assert not may(agent, academy) and not may(academy, agent) and not may(clerk, own)


def test_colleagues_only_when_the_organisation_lets_them(app):
    """NO3: colleagues of a unit and of the organisation are off at first."""
    house = people.organisation()
    unit = people.org_unit(house)
    one, other, far = people.person(unit=unit), people.person(unit=unit), people.person(of=house)
    assert not may(one, other)
    allow(house.id, unit=True)
    assert may(one, other) and not may(one, far)
    allow(house.id, organisation=True)
    assert may(one, far) and not may(one, people.person())


def test_auditors_the_suspended_and_the_other_membership_of_oneself(app):
    """NO3: auditors write to nobody; whoever is suspended is written to by nobody; nobody writes to themself elsewhere."""
    house = people.organisation()
    allow(house.id, organisation=True)
    one, gone = people.person(of=house), people.person(of=house, state="suspended")
    auditor = people.grant(people.person(of=house), "auditor")
    assert not may(one, auditor) and not may(auditor, one) and reached(auditor) == set()
    assert judged(auditor.id, one.id, today=TODAY).reason == rules.AUDITOR
    assert not may(one, gone) and judged(one.id, gone.id, today=TODAY).reason == rules.GONE
    elsewhere = people.trainer()
    places.enrolment(one, course(trainer=elsewhere))
    assert may(one, elsewhere)
    people.account(one, elsewhere)
    assert not may(one, elsewhere) and judged(one.id, elsewhere.id, today=TODAY).reason == rules.SAME


def test_a_block_holds_among_colleagues_and_never_against_duty(app):
    """NO3: a blocked colleague writes no more; a manager is not stopped by it."""
    house = people.organisation()
    allow(house.id, organisation=True)
    manager = people.person(of=house)
    one, other = people.person(of=house, manager=manager), people.person(of=house)
    for blocked in (other, manager):
        db.session.add(MessageBlock(person_id=one.id, blocked_id=blocked.id, made_at=AT))
    db.session.flush()
    assert not may(other, one) and not may(one, other)
    assert judged(other.id, one.id, today=TODAY).reason == rules.BLOCKED
    assert judged(one.id, other.id, today=TODAY).reason == rules.BLOCKING
    assert may(manager, one) and may(one, manager)


def test_whoever_is_stopped_writes_to_nobody_until_the_day_is_over(app):
    """NO3: a stop closes writing and not being written to."""
    manager = people.person()
    one = people.person(manager=manager)
    db.session.add(MessageStop(person_id=one.id, ends_on=TODAY, made_by_id=manager.id, made_at=AT))
    db.session.flush()
    assert not may(one, manager) and may(manager, one)
    assert judged(one.id, manager.id, today=TODAY).reason == rules.STOPPED
    assert may(one, manager, TODAY + timedelta(days=1))


# --- Any small academy ----------------------------------------------------------------

SIZE = 6
pairs = st.sets(
    st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).filter(lambda two: two[0] != two[1]), max_size=5
)
worlds = st.fixed_dictionaries(
    {
        "house": st.lists(st.integers(0, 1), min_size=SIZE, max_size=SIZE),
        "unit": st.lists(st.booleans(), min_size=SIZE, max_size=SIZE),
        "lines": st.dictionaries(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1), max_size=4),
        "matrix": pairs, "deputies": pairs, "blocks": pairs, "teaches": pairs,
        "administrators": st.dictionaries(st.integers(0, SIZE - 1), st.booleans(), max_size=2),
        "auditors": st.sets(st.integers(0, SIZE - 1), max_size=1),
        "suspended": st.sets(st.integers(0, SIZE - 1), max_size=1),
        "managers": st.sets(st.integers(0, SIZE - 1), max_size=1),
        "stopped": st.sets(st.integers(0, SIZE - 1), max_size=1),
        "policies": st.lists(st.fixed_dictionaries({tie: st.booleans() for tie in rules.TIES}), min_size=2, max_size=2),
    }
)  # fmt: skip


class World:
    """A small academy in memory, and the same in the database; `ties` reckons without asking it."""

    def __init__(self, plan: dict) -> None:
        self.plan = plan
        houses = [people.organisation(), people.organisation("partner")]
        units = [people.org_unit(house) for house in houses]
        self.house = plan["house"]
        self.people = []
        for n in range(SIZE):
            of = self.house[n]
            state = "suspended" if n in plan["suspended"] else "active"
            self.people.append(people.person(of=houses[of], unit=units[of] if plan["unit"][n] else None, state=state))
        for house, policy in zip(houses, plan["policies"], strict=True):
            allow(house.id, **policy)
        self.lines = {n: up for n, up in plan["lines"].items() if n != up}
        for n, up in self.lines.items():
            self.people[n].manager_id = self.people[up].id
        self.plan_rows(units)
        db.session.flush()
        db.session.expire_all()

    def plan_rows(self, units) -> None:
        """Write down what stands beside the people."""
        plan, ids = self.plan, [each.id for each in self.people]
        label = people.both("م", "P")
        for a, b in plan["matrix"]:
            db.session.add(MatrixLine(person_id=ids[a], manager_id=ids[b], label=label, added_at=AT))
        for a, b in plan["deputies"]:
            deputy(self.people[a], self.people[b])
        for a, b in plan["blocks"]:
            db.session.add(MessageBlock(person_id=ids[a], blocked_id=ids[b], made_at=AT))
        for n in plan["stopped"]:
            db.session.add(MessageStop(person_id=ids[n], ends_on=TODAY, made_by_id=ids[n], made_at=AT))
        self.roles = {n: whole for n, whole in plan["administrators"].items() if n not in plan["auditors"]}
        for n, whole in self.roles.items():
            people.grant(self.people[n], "administrator", None if whole else self.people[n].organisation)
        self.leads_unit = {n for n in plan["managers"] if n not in plan["auditors"]}
        for n in self.leads_unit:
            people.grant(self.people[n], MANAGER, unit=units[self.house[n]])
        for n in plan["auditors"]:
            people.grant(self.people[n], "auditor")
        for a, b in plan["teaches"]:
            if a not in plan["auditors"]:
                if not any(grant == "trainer" for grant in self._roles(a)):
                    people.grant(self.people[a], "trainer", self.people[a].organisation)
                places.enrolment(self.people[b], course(trainer=self.people[a], of=self.people[a].organisation))

    def _roles(self, n: int) -> list[str]:
        from academy.accounts.models import RoleGrant

        return list(db.session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == self.people[n].id)))

    def reach(self, m: int) -> set[int]:
        """Whom somebody leads in their own right, themself left out."""
        found, ahead = set(), {n for n, up in self.lines.items() if up == m}
        while ahead:
            found |= ahead
            ahead = {n for n, up in self.lines.items() if up in ahead} - found
        found |= {a for a, b in self.plan["matrix"] if b == m}
        if m in self.leads_unit:
            found |= {n for n in range(SIZE) if self.plan["unit"][n] and self.house[n] == self.house[m]}
        return {n for n in found if n != m}

    def leads(self, m: int, n: int) -> bool:
        """Whether somebody leads another in their own organisation, by themself or as a deputy."""
        if self.house[m] != self.house[n]:
            return False
        absent = [
            a for a, b in self.plan["deputies"]
            if b == m and self.house[a] == self.house[m] and a not in self.plan["suspended"]
        ]  # fmt: skip
        return n in self.reach(m) or any(n in self.reach(a) for a in absent)

    def keeps(self, m: int, n: int) -> bool:
        """Whether somebody administers another's organisation, from within or, of a partner's administrator, from outside."""
        if m not in self.roles or (self.house[m] != self.house[n] and not self.roles[m]):
            return False
        return self.house[m] == self.house[n] or (self.house[n] == 1 and n in self.roles)

    def ties(self, a: int, b: int) -> set[str]:
        """Return what ties two people."""
        same = self.house[a] == self.house[b]
        teaches = {two for two in self.plan["teaches"] if two[0] not in self.plan["auditors"]}
        found = {
            rules.TRAINERS: (a, b) in teaches or (b, a) in teaches,
            rules.MANAGERS: self.leads(a, b) or self.leads(b, a),
            rules.ADMINISTRATORS: self.keeps(a, b) or self.keeps(b, a),
            rules.UNIT: same and self.plan["unit"][a] and self.plan["unit"][b],
            rules.ORGANISATION: same,
        }
        return {tie for tie, held in found.items() if held}

    def allowed(self, a: int, b: int) -> bool:
        """Whether one may write to the other, reckoned from the plan alone."""
        plan, mine, theirs = self.plan, self.plan["policies"][self.house[a]], self.plan["policies"][self.house[b]]
        out = plan["auditors"] | plan["suspended"]
        if a in out or b in out or a in plan["stopped"]:
            return False
        ties = {tie for tie in self.ties(a, b) if mine[tie] and theirs[tie]}
        if ties & {rules.TRAINERS, rules.MANAGERS, rules.ADMINISTRATORS}:
            return True
        return bool(ties) and not {(a, b), (b, a)} & plan["blocks"]


@given(worlds)
@settings(
    max_examples=EXAMPLES * 3 // 10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_predicate_and_filter_agree_in_any_academy(app, plan):
    """NO3: what the predicate says of a pair, what the filter says of everybody, and what the plan says are one."""
    undo = db.session.begin_nested()
    try:
        world = World(plan)
        numbers = {each.id: n for n, each in enumerate(world.people)}
        for a, one in enumerate(world.people):
            expected = {b for b in range(SIZE) if b != a and world.allowed(a, b)}
            assert {numbers[id] for id in reached(one) if id in numbers} == expected, a
            said = {b for b, other in enumerate(world.people) if judged(one.id, other.id, today=TODAY).allowed}
            assert said == expected, a
    finally:
        undo.rollback()
        db.session.expunge_all()


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "javascript:alert(1)", '"><img src=x onerror=1>'])
def test_nothing_typed_becomes_markup(text):
    """NO3: a message is plain text."""
    shown = rules.paragraphs(text)
    assert "<script" not in shown and "<img" not in shown and "href" not in shown


def test_addresses_become_links_that_tell_nobody():
    """NO3: links lead out without telling from where; the sentence around them stays."""
    shown = rules.paragraphs("انظر https://example.test/a?b=1&c=2.\n\nثم عد")
    assert '<a href="https://example.test/a?b=1&amp;c=2" rel="nofollow noopener noreferrer"' in shown
    assert shown.count('<p dir="auto">') == 2 and "</a>." in shown
