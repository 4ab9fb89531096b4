"""The shipped programmes for individuals, loaded through the services, and who is how far in them."""

import random
from datetime import datetime, timedelta
from typing import Any

from academy.accounts.models import Person
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.devdata.reading import Library, ProgrammeContent, StepContent
from academy.devdata.seeding.cast import Cast
from academy.learning.models import PENDING, Programme, ProgrammeEnrolment
from academy.learning.queries import programmes as queries
from academy.learning.services import programmes

DAY = timedelta(days=1)
NO_TEXT = LocalizedText()
# The file says in words that this undertaking is renewed yearly, and does not hold the words that are signed.
RENEWED_EVERY = {"data_protection": 12}
UNDERTAKINGS = {
    "data_protection": LocalizedText(
        "أتعهد بما يأتي ما دمت أخدم المستفيدين باسم الجهة:\n"
        "1. لا أطّلع على بيانات مستفيد إلا بقدر ما تقتضيه خدمته.\n"
        "2. لا أفصح عنها ولا أنسخها ولا أصورها ولا أحتفظ بها خارج أنظمة الجهة.\n"
        "3. أبلغ مشرفي فورًا إذا علمت بإفصاح أو فقد أو دخول غير مصرح به.\n"
        "4. يبقى هذا التعهد قائمًا بعد انتهاء عملي. وأعلم أن مخالفته توقف شهادتي وقد تعرضني للمساءلة.",
        "As long as I serve customers in the agency's name, I undertake that:\n"
        "1. I look at a customer's data only as far as serving them requires.\n"
        "2. I do not disclose, copy, photograph or keep it outside the agency's systems.\n"
        "3. I tell my supervisor at once if I learn of a disclosure, a loss or an access that was not permitted.\n"
        "4. This undertaking outlives my work. I know that breaking it suspends my certificate and may have consequences.",
    )
}
UNNAMED = {
    "observation": LocalizedText("ملاحظة ميدانية من المشرف", "Workplace observation by the supervisor"),
    "project": LocalizedText("مشروع تحسين", "Improvement project"),
}


def load_programmes(
    library: Library, courses: dict[str, Course], *, organisation_id: int, by: Person, at: datetime
) -> dict[str, Programme]:
    """Write and publish the programmes for individuals; that for organisations waits for accreditation. By key."""
    titles = _titles(library)
    made = {}
    for content in library.programmes.programmes:
        if content.kind == "individual":
            programme = _programme(content, titles, courses, organisation_id=organisation_id, at=at)
            programmes.publish_programme(programme, actor_id=by.id, at=at)
            made[content.id] = programme
    return made


def _titles(library: Library) -> dict[str, LocalizedText]:
    """Return the titles of everything that a step may name, by kind and ref."""
    titles = {f"scenario:{scenario.id}": scenario.title for scenario in library.scenarios}
    titles |= {f"exam:{exam.id}": exam.title for exam in library.programmes.exams}
    for course in library.courses:
        titles |= {f"practice:{course.id}/{task['id']}": LocalizedText.of(task["title"]) for task in course.practice}
    return titles


def _programme(
    content: ProgrammeContent, titles: dict[str, LocalizedText], courses: dict[str, Course], *, organisation_id: int, at: datetime
) -> Programme:  # fmt: skip
    details = programmes.ProgrammeDetails(
        title=content.title,
        summary=content.summary,
        hours=content.hours or 0,  # type: ignore[arg-type]
        validity_months=content.validity_months,
        renewal=content.renewal,
        suspension=content.suspension,
    )
    programme = programmes.create_programme(
        details, organisation_id=organisation_id, at=at, key=content.id, code=content.code, audience=content.audience,
        target_role=content.target_role or "",
    )  # fmt: skip
    draft = programmes.programme_draft(programme, at=at)
    group = programmes.add_group(draft)
    for step in content.steps:
        programmes.add_step(group, _step(step, titles, courses), key=step.id)
    for each in content.prerequisites:
        programmes.add_prerequisite(draft, _prerequisite(each), key=str(each.get("id") or each["kind"]))
    return programme


def _step(step: StepContent, titles: dict[str, LocalizedText], courses: dict[str, Course]) -> programmes.StepDetails:
    if step.kind == "course":
        return programmes.StepDetails(
            kind="course", course_id=courses[step.ref or ""].id, required=step.required, note=step.note or NO_TEXT
        )
    return programmes.StepDetails(
        kind=step.kind,
        title=titles.get(f"{step.kind}:{step.ref}") or UNNAMED[step.kind],
        note=step.note or NO_TEXT,
        required=step.required,
        min_percent=step.min_percent,
        ref=step.ref or "",
    )


def _prerequisite(each: dict[str, Any]) -> programmes.PrerequisiteDetails:
    key = str(each.get("id") or "")
    return programmes.PrerequisiteDetails(
        kind=each["kind"],
        title=LocalizedText.of(each["text"]),
        text=UNDERTAKINGS.get(key, NO_TEXT),
        renew_months=RENEWED_EVERY.get(key),
    )


class Participation:
    """Lets people join programmes at the moments in which they would have, after all their courses were played."""

    def __init__(self, cast: Cast, loaded: dict[str, Programme], *, seed: int, now: datetime) -> None:
        self.cast, self.loaded, self.now = cast, loaded, now
        self.rng = random.Random(seed + 1)

    def play(self) -> None:
        """Play all of it."""
        cast = self.cast
        frontline = [person for person in cast.staff if person not in cast.specialists]
        for place, person in enumerate(frontline):
            if place % 5 < 3:
                joined = self._join("frontline-certificate", person, days_ago=self._between(30, 165))
                if place % 20 == 7:
                    programmes.leave_programme(joined.id, at=self.now - 12 * DAY)
        for place, person in enumerate(cast.specialists):
            if place % 4 != 3:
                self._join("cx-practitioner", person, days_ago=self._between(15, 140))
        for place, person in enumerate(cast.agents):
            self._agent(place, person)
        employee, partner = cast.demo["employee"], cast.demo["partner"]
        self._join("frontline-certificate", employee, days_ago=95)
        self._join("cx-practitioner", employee, days_ago=12)
        self._agent(1, partner)

    def _agent(self, place: int, person: Person) -> None:
        """Let a partner's person join: some signed more than a year ago, some wait for their signature or for an administrator."""
        days_ago = self._between(388, 420) if place % 6 == 4 else self._between(20, 110)
        joined = self._join("partner-certificate", person, days_ago=days_ago)
        at = joined.joined_at
        if place % 6 != 2:
            self._sign(joined, at=at + timedelta(minutes=self._between(4, 90)))
        if place % 6 != 3:
            admin = self.cast.demo["partner-admin"]
            confirmer = admin if admin.organisation_id == person.organisation_id else self.cast.demo["admin"]
            programmes.confirm_identity(
                person.id, method="بطاقة الهوية بحضور صاحبها", actor_id=confirmer.id, at=at + self._between(1, 3) * DAY
            )

    def _join(self, key: str, person: Person, *, days_ago: float) -> ProgrammeEnrolment:
        return programmes.join_programme(person.id, self.loaded[key].id, at=self.now - days_ago * DAY)

    def _sign(self, place: ProgrammeEnrolment, *, at: datetime) -> None:
        for need in queries.needs_of(place.version_id, place.programme_id, place.learner_id, today=at.date()):
            if need.kind == "undertaking" and place.state == PENDING:
                digest = queries.digest_of(need.title, need.text)
                programmes.sign_undertaking(place.id, need.key, digest, language="ar", at=at)

    def _between(self, low: float, high: float) -> float:
        return low + (high - low) * self.rng.random()
