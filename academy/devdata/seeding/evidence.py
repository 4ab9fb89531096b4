"""Evidence other than quizzes: what managers saw at the counter, and what people learnt elsewhere."""

from datetime import timedelta

from academy.accounts.models import Person
from academy.base.dates import riyadh_day
from academy.competencies import queries
from academy.competencies import services as competencies
from academy.competencies.models import Observation
from academy.competencies.queries import rounds
from academy.devdata.seeding.cast import Cast
from academy.devdata.seeding.history import History

WATCHED = {"D4.1": 2, "D4.2": 2, "D4.3": 3}
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PLACE = "شباك الخدمة رقم 4"
ROUND_EVERY, ROUND_PEOPLE = 2, 12
ROUND_NOTE = "جولة ملاحظة لمعايير الدور أثناء خدمة خمس حالات."


class Witness:
    """Observes people of the service centres; one observation still waits for its answer."""

    def __init__(self, cast: Cast, history: History) -> None:
        self.cast, self.history = cast, history

    def play(self) -> None:
        """Write what was seen."""
        boss, me = self.cast.demo["manager"], self.cast.demo["employee"]
        team = [person for person in self.cast.staff if person.manager_id == boss.id][:3]
        for place, person in enumerate([me, *team]):
            row = self._observe(
                boss, person, days_ago=20 + 9 * place, note="إنصات حتى النهاية، ثم تلخيص للطلب قبل الإجابة."
            )
            if row.sent_at is not None:
                competencies.confirm_observation(row, at=row.sent_at + timedelta(hours=3))
        self._claims(boss, me)
        self._plans(boss, team)
        self._observe(boss, me, days_ago=2, note="تهدئة مستفيد غاضب، دون ذكر موعد للرد.")
        self._round()

    def _observe(self, boss: Person, person: Person, *, days_ago: float, note: str) -> Observation:
        at = self.history.working_moment(days_ago)
        ids = queries.competency_ids(list(WATCHED))
        levels = {ids[key]: level for key, level in WATCHED.items()}
        row = competencies.start_observation(person.id, boss.id, levels, observed_on=riyadh_day(at), at=at)
        marks = ("always", "always", "sometimes")
        lines = zip(queries.observation_lines(row.id), marks, strict=True)
        seen = {line.id: (line.level, mark) for line, mark in lines}
        competencies.save_observation(row, competencies.Seen(riyadh_day(at), PLACE, 4, note, seen), at=at)
        competencies.send_observation(row, at=at)
        return row

    def _round(self) -> None:
        """Watch some of the front line in all that their role asks for: most show it each time, and are ready; some do not yet."""
        front = [person for person in self.cast.staff if person not in self.cast.specialists and person.manager_id]
        for place, person in enumerate(front[3::ROUND_EVERY][:ROUND_PEOPLE]):
            targets = rounds.targets_of([person.id]).get(person.id, {})
            ids = queries.competency_ids(list(targets))
            asked = [(ids[key], level) for key, level in sorted(targets.items()) if level]
            half = (len(asked) + 1) // 2
            mark = "sometimes" if place % 4 == 3 else "always"
            for number, part in enumerate((asked[:half], asked[half:]) * 2):
                self._visit(person, dict(part), days_ago=30 + 6 * place - 7 * number, mark=mark)

    def _visit(self, person: Person, levels: dict[int, int], *, days_ago: float, mark: str) -> None:
        at = self.history.working_moment(days_ago)
        row = competencies.start_observation(
            person.id, person.manager_id or 0, levels, observed_on=riyadh_day(at), at=at
        )
        seen = {line.id: (line.level, mark) for line in queries.observation_lines(row.id)}
        competencies.save_observation(row, competencies.Seen(riyadh_day(at), PLACE, 5, ROUND_NOTE, seen), at=at)
        competencies.send_observation(row, at=at)
        competencies.confirm_observation(row, at=at + timedelta(hours=2))

    def _claims(self, boss: Person, me: Person) -> None:
        at = self.history.working_moment(40)
        ids = queries.competency_ids(["D5.1", "D3.4"])
        day, over = riyadh_day(at) - timedelta(days=200), riyadh_day(at) + timedelta(days=530)
        taken = competencies.Claimed("certificate", ids["D5.1"], 2, "شهادة معالجة الشكاوى", "", day, over)
        row = competencies.claim(me, taken, PAPER, "certificate.pdf", at=at)
        reason = "شهادة سارية من جهة معتمدة."
        competencies.accept_claim(row, 2, reason, by_id=boss.id, at=at + timedelta(days=1))
        waits = competencies.Claimed(
            "prior", ids["D3.4"], 2, "تبسيط نماذج المركز", "أعدت كتابة أربعة نماذج.", day, None
        )
        competencies.claim(me, waits, PAPER, "forms.pdf", at=self.history.working_moment(3))

    def _plans(self, boss: Person, team: list[Person]) -> None:
        """One plan that is followed, and one that waits for the manager."""
        for person, days_ago in zip(team, (12, 1), strict=False):
            at = self.history.working_moment(days_ago)
            plan = competencies.start_plan(person, at=at)
            competencies.send_plan(plan, at=at)
            if days_ago > 1:
                at += timedelta(days=1)
                competencies.approve_plan(plan, plan.revision, "خطة واضحة، نراجعها معًا بعد شهر.", by_id=boss.id, at=at)
