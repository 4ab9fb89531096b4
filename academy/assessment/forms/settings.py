"""The form of a quiz: its title and its rules."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, ValidationError

from academy.assessment.forms.reviewing import TIME_NAMES, ReviewField, cells_of
from academy.assessment.forms.safe_browser import SafeBrowserFields, filled
from academy.assessment.models import QuizVersion
from academy.assessment.queries_of_editing import RULES
from academy.assessment.rules import SEQUENTIAL, kept_as, matrix
from academy.assessment.rules.access import MOST_NETWORKS, NoNetwork, read_networks
from academy.assessment.rules.lines import UnreadableBlueprint, read_blueprint, show_blueprint
from academy.assessment.services import QuizRules
from academy.base.dates import RIYADH, end_of_day
from academy.base.i18n import _, _l
from academy.web.forms import AcademyForm, BlockField, DayField, LineField, LocalizedLineField, NumberField, TimeField

NUMERIC = {"inputmode": "numeric"}
LAYOUTS = [("one", _l("One question on a page")), ("all", _l("All questions on one page"))]
NAVIGATIONS = [
    ("free", _l("Freely: any question, in any order")),
    (SEQUENTIAL, _l("One after the other, never back; always one question on a page")),
]
COUNTINGS = [
    ("best", _l("The best attempt")),
    ("last", _l("The last attempt")),
    ("average", _l("The average of all attempts")),
    ("first", _l("The first attempt")),
]
UNITS = {"minutes": 1, "hours": 60, "days": 1440}
WAITS = [("minutes", _l("minutes")), ("hours", _l("hours")), ("days", _l("days"))]
MOST_WAIT = 366 * 1440


class QuizForm(SafeBrowserFields, AcademyForm):
    """What a trainer decides about a quiz."""

    seen = HiddenField()
    title = LocalizedLineField(_l("Title"), required=_l("Enter a title in Arabic or English."))
    shuffle = BooleanField(
        _l("Show questions and choices in a different order in each attempt"),
        description=_l("Questions stay within their section."),
    )
    minutes = NumberField(
        _l("Time limit in minutes"), least=1, most=600, description=_l("Empty means without limit."), render_kw=NUMERIC
    )
    grace_seconds = NumberField(
        _l("Grace in seconds"), least=0, most=3600, default=10, render_kw=NUMERIC,
        description=_l("How late an answer may still arrive, for slow lines. Learners are not told."),
    )  # fmt: skip
    opens_day = DayField(_l("Opens on"), description=_l("A day of either calendar. Empty means at once."))
    opens_time = TimeField(_l("at (time of Riyadh)"), description=_l("Empty means at midnight."))
    closes_day = DayField(_l("Closes on"), description=_l("A day of either calendar. Empty means never."))
    closes_time = TimeField(_l("at (time of Riyadh)"), description=_l("Empty means at the end of the day."))
    attempts_allowed = NumberField(
        _l("Attempts allowed"), least=1, most=100, description=_l("Empty means without limit."), render_kw=NUMERIC
    )
    cooling = NumberField(
        _l("Wait between attempts"), least=0, render_kw=NUMERIC,
        description=_l("Counted from the last submission. Empty means no wait."),
    )  # fmt: skip
    cooling_unit = SelectField(_l("Unit of the wait"), choices=WAITS, default="hours")
    counting = SelectField(
        _l("Which attempt counts"), choices=COUNTINGS,
        description=_l("It decides whether the quiz is passed. What was completed once stays completed."),
    )  # fmt: skip
    layout = RadioField(_l("Layout"), choices=LAYOUTS)
    navigation = RadioField(_l("How learners move"), choices=NAVIGATIONS)
    confidence = BooleanField(
        _l("Ask how sure learners are of each answer"),
        description=_l("Shown with the results; it changes no points."),
    )
    tries = NumberField(
        _l("Tries for each question"), [InputRequired(_l("Enter how many tries."))], least=1, most=10, render_kw=NUMERIC,
        description=_l("More than one makes it practice: learners check an answer, see the hint and try again."),
    )  # fmt: skip
    try_penalty = NumberField(
        _l("Less for each further try (percent)"), least=0, most=100, render_kw=NUMERIC,
        description=_l("With 25, a second try earns at most 75 percent of the points. Only for practice."),
    )  # fmt: skip
    password = LineField(
        _l("Password"), limit=60,
        description=_l("Asked before each attempt, letter for letter. Empty means none."),
        render_kw={"dir": "auto", "autocomplete": "off"},
    )  # fmt: skip
    addresses = BlockField(
        _l("Networks it may be taken from"), limit=3000,
        description=_l("One a line, such as 10.1.0.0/16 or 10.1.2.3. Empty means from everywhere."),
        render_kw={"rows": 3, "dir": "ltr"},
    )  # fmt: skip
    review = ReviewField(_l("What learners see of their result"))
    key_when_done = BooleanField(
        _l("Right answers and explanations wait until the quiz is passed or no attempt is left")
    )
    pass_percent = NumberField(
        _l("Pass mark (percent)"), [InputRequired(_l("Enter the pass mark."))], least=0, most=100, render_kw=NUMERIC,
        description=_l("Compared with the score before rounding: 69.9 does not pass at 70."),
    )  # fmt: skip
    floors = LineField(
        _l("Least percent in single domains"), limit=400, render_kw={"dir": "ltr"},
        description=_l("Competency domains with their percent, such as D4: 50, D5: 50. All of them must be reached."),
    )  # fmt: skip
    pre_quiz_id = SelectField(
        _l("Quiz that was taken before"), coerce=int, default=0,
        description=_l("For a test before and after a course: the results then tell what was gained."),
    )  # fmt: skip

    anonymous = BooleanField(
        _l("Anonymous survey"),
        description=_l(
            "Answers are kept without any link to who gave them, and each person answers once. It holds only questions that are not scored. Once the quiz is published, this cannot be changed any more."
        ),
    )

    def __init__(
        self,
        formdata: Any,
        *,
        settled: bool,
        quiz: QuizVersion,
        others: Sequence[tuple[int, str]],
        domains: Collection[str],
        given: Mapping[str, Any],
    ) -> None:
        kept = {name: getattr(quiz, name) for name in RULES}
        super().__init__(formdata, data={**kept, **_filled(quiz), **given})
        if settled:
            del self.anonymous
        self.pre_quiz_id.choices = [(0, _("None")), *others]
        self._domains = set(domains)

    def validate_floors(self, field: LineField) -> None:
        """Read the floors: known domains, percentages."""
        try:
            floors = read_blueprint(field.data or "")
        except UnreadableBlueprint as bad:
            raise ValidationError(
                _("Write a domain and its percent, such as D4: 50. This cannot be read: %(part)s", part=str(bad))
            ) from bad
        for key, percent in floors.items():
            if percent > 100:
                raise ValidationError(_("A percentage is at most 100: %(part)s", part=f"{key}: {percent}"))
            if self._domains and key not in self._domains:
                raise ValidationError(_("There is no competency domain %(key)s.", key=key))

    def validate_addresses(self, field: BlockField) -> None:
        """Read the networks."""
        try:
            networks = read_networks(field.data or "")
        except NoNetwork as bad:
            raise ValidationError(
                _("This is no network: %(line)s. Write one such as 10.1.0.0/16, or a single address.", line=str(bad))
            ) from bad
        if len(networks) > MOST_NETWORKS:
            raise ValidationError(_("Name at most %(most)s networks.", most=MOST_NETWORKS))

    def validate_cooling(self, field: NumberField) -> None:
        """Hold the wait to a year, whatever its unit."""
        if field.data and field.data * UNITS.get(self.cooling_unit.data, 1) > MOST_WAIT:
            raise ValidationError(_("The wait can be %(most)s days at most.", most=MOST_WAIT // UNITS["days"]))

    def validate_review(self, field: ReviewField) -> None:
        """Refuse marks and keys of answers that are not shown."""
        times = [str(TIME_NAMES[each][0]) for each in field.contradictions()]
        if times:
            raise ValidationError(
                _("Show their own answers too, as the rest belongs to them: %(times)s", times=_(", ").join(times))
            )

    def validate_opens_time(self, field: TimeField) -> None:
        """A time needs its day."""
        if field.data and not self.opens_day.data:
            raise ValidationError(_("Enter the day too."))

    def validate_closes_time(self, field: TimeField) -> None:
        """A time needs its day."""
        if field.data and not self.closes_day.data:
            raise ValidationError(_("Enter the day too."))

    def rules(self) -> QuizRules:
        """Return what was decided."""
        release, review = kept_as(self.review.table(bool(self.key_when_done.data)))
        wait = int(self.cooling.data or 0) * UNITS.get(self.cooling_unit.data, 1)
        return QuizRules(
            title=self.title.text,
            pass_percent=int(self.pass_percent.data or 0),
            attempts_allowed=_whole(self.attempts_allowed),
            minutes=_whole(self.minutes),
            shuffle=self.shuffle.data,
            layout="one" if self.navigation.data == SEQUENTIAL else self.layout.data,
            release=release,
            review=review,
            opens_at=_moment(self.opens_day.data, self.opens_time.data),
            closes_at=_moment(self.closes_day.data, self.closes_time.data, last=True),
            grace_seconds=int(self.grace_seconds.data or 0),
            cooling_minutes=wait,
            counting=self.counting.data,
            navigation=self.navigation.data,
            confidence=self.confidence.data,
            tries=int(self.tries.data or 1),
            try_penalty=int(self.try_penalty.data or 0) if int(self.tries.data or 1) > 1 else 0,
            password=self.password.data or None,
            addresses=read_networks(self.addresses.data or ""),
            secure_browser=self.secure_browser.data,
            secure=self.secure(),
            floors={key: percent for key, percent in read_blueprint(self.floors.data or "").items() if percent},
            pre_quiz_id=self.pre_quiz_id.data or None,
            anonymous=self.anonymous.data if "anonymous" in self else None,
        )  # fmt: skip


def _filled(quiz: QuizVersion) -> dict[str, Any]:
    """Return what the form shows of a quiz beside the columns of the same name."""
    table = matrix(quiz.release, quiz.review)
    unit = next(
        (name for name in ("days", "hours") if quiz.cooling_minutes and not quiz.cooling_minutes % UNITS[name]),
        "minutes",
    )
    return {
        **_day_and_time("opens", quiz.opens_at),
        **_day_and_time("closes", quiz.closes_at),
        "cooling": quiz.cooling_minutes // UNITS[unit] or None,
        "cooling_unit": unit if quiz.cooling_minutes else "hours",
        "password": quiz.password or "",
        "addresses": "\n".join(quiz.addresses),
        **filled(quiz.secure_browser, quiz.secure),
        "review": cells_of(table),
        "key_when_done": table.key_when_done,
        "floors": show_blueprint(quiz.floors),
        "pre_quiz_id": quiz.pre_quiz_id or 0,
        "anonymous": quiz.anonymous,
    }


def _day_and_time(name: str, moment: datetime | None) -> dict[str, Any]:
    if moment is None:
        return {}
    local = moment.astimezone(RIYADH)
    whole_day = moment == end_of_day(local.date())
    return {f"{name}_day": local.date(), f"{name}_time": None if whole_day else local.time()}


def _moment(day: date | None, at: time | None, *, last: bool = False) -> datetime | None:
    """Return a moment of Riyadh's clock; a day without a time begins, or with `last` ends, it."""
    if day is None:
        return None
    if last and at is None:
        return end_of_day(day)
    return datetime.combine(day, at or time(0, 0), RIYADH)


def _whole(field: NumberField) -> int | None:
    return int(field.data) if field.data else None
