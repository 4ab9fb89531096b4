"""An appraisal cycle of the demonstration: open, with people at different stages."""

from datetime import timedelta

from academy.accounts.models import Person
from academy.base import clock
from academy.base.dates import riyadh_day
from academy.base.text import LocalizedText
from academy.competencies import services as competencies
from academy.competencies.models import Appraisal
from academy.competencies.queries import competency_ids
from academy.competencies.queries import goals as queries
from academy.competencies.queries.goals import FoundAppraisal
from academy.devdata.seeding.cast import Cast
from academy.devdata.seeding.history import History

TITLE = LocalizedText("أهداف النصف الثاني", "Goals of the second half")
GOALS = (
    ("الرد على الشكاوى في يومها", "تسع شكاوى من كل عشر يُرد عليها في اليوم نفسه.", "D4.1"),
    ("نقل ما أعرفه إلى زميلين جديدين", "يخدم الزميلان المستفيدين دون مرافقة قبل نهاية الدورة.", None),
)


def load_goals(cast: Cast, history: History) -> None:
    """Open a cycle over the manager's people: goals agreed with a check-in, sent, returned, handed in, signed by both, not begun."""
    boss, me = cast.demo["manager"], cast.demo["employee"]
    team = [person for person in cast.staff if person.manager_id == boss.id and person.id != me.id]
    at = history.working_moment(40)
    said = competencies.Cycle(TITLE, riyadh_day(at), riyadh_day(clock.now()) + timedelta(days=60))
    cycle = competencies.open_cycle(said, [me, *team[:7]], by_id=cast.demo["admin"].id, at=at)
    competencies.tell_cycles(at)
    ids = competency_ids(["D4.1"])
    people = [_of(cycle.id, person) for person in (me, *team[:5])]
    later = history.working_moment(30)
    for found in people:
        for title, success, key in GOALS:
            wanted = competencies.Wanted(title, success, cycle.closes_on - timedelta(days=20), ids.get(key or ""))
            competencies.set_goal(found, wanted, at=later)
        competencies.send_goals(found, at=later)
    mine, sent, returned, ready, done, _waits = people
    _decide(mine, boss, history, progress=40)
    for found in (ready, done):
        _decide(found, boss, history, progress=90)
        words = "بلغنا الهدفين، وأحتاج إلى وقت أطول للتدريب."
        competencies.save_self_part(found, words, hand_in=True, at=history.working_moment(6))
    first, *_others = queries.goals_of(returned.appraisal.id, drafts=True)
    goal = queries.goal(first[0].id)
    assert goal is not None and sent is not None
    competencies.return_goal(goal, "اذكر كيف سنقيسه معًا.", by_id=boss.id, at=history.working_moment(24))
    talked = history.working_moment(4)
    part = competencies.ManagersPart(
        "أداء ثابت، ومساعدة واضحة للزملاء.", riyadh_day(talked), "اتفقنا على يوم تدريب كل شهر."
    )
    competencies.sign_appraisal(done, part, 0, by_id=boss.id, at=talked)
    competencies.confirm_appraisal(done, 1, at=history.working_moment(3))


def _of(cycle_id: int, person: Person) -> FoundAppraisal:
    found = queries.found(Appraisal.cycle_id == cycle_id, Appraisal.person_id == person.id)
    assert found is not None
    return found


def _decide(found: FoundAppraisal, boss: Person, history: History, *, progress: int) -> None:
    """The manager agrees to all goals, and both write a check-in about the first."""
    rows = [queries.goal(row.id) for row, _name in queries.goals_of(found.appraisal.id, drafts=True)]
    goals = [row for row in rows if row is not None]
    for goal in goals:
        competencies.agree_goal(goal, by_id=boss.id, at=history.working_moment(25))
    competencies.check_in(
        goals[0], progress // 2, "بدأنا بشكاوى الفرع الرئيس.", by_id=found.person.id, at=history.working_moment(15)
    )
    competencies.check_in(goals[0], progress, "أرى الفرق في سجل الشكاوى.", by_id=boss.id, at=history.working_moment(8))
