"""What is asked about coming in: the rule of a course or programme, a request, its answer."""

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired

from academy.base.i18n import _l
from academy.learning.models.entry import ADMINISTRATORS, BY_ASSIGNMENT, BY_REQUEST, MANAGERS, OPEN
from academy.learning.queries.entry import EntryView
from academy.learning.services import Entry
from academy.learning.services.requesting import MOST_BYTES
from academy.web.forms import AcademyForm, BlockField, DayField, NumberField, UploadField

LONGEST = 500
WAYS = {
    OPEN: _l("Open: whoever sees it takes a place"),
    BY_REQUEST: _l("On request: a manager approves each place"),
    BY_ASSIGNMENT: _l("By assignment only"),
}
DECIDERS = {
    ADMINISTRATORS: _l("Administrators"),
    MANAGERS: _l("The manager of the learner; left unanswered, administrators"),
}
WAY = _l("How people come in")
ANSWER = _l("Days to answer a request")
ANSWER_HINT = _l("After so many days of silence a request goes on to the next manager, at last to the administrators.")


class EntryForm(AcademyForm):
    """How people come into a course."""

    revision = HiddenField()
    way = RadioField(WAY, choices=list(WAYS.items()), validators=[InputRequired(_l("Choose how people come in."))])
    answer_days = NumberField(ANSWER, least=1, most=90, description=ANSWER_HINT)
    opens_on = DayField(_l("Enrolment opens on"))
    closes_on = DayField(_l("Enrolment closes on"))
    seats = NumberField(
        _l("Seats"),
        least=1,
        most=100_000,
        description=_l("Left empty, the course takes everyone. Completing or leaving frees a seat."),
    )
    waits = BooleanField(_l("Keep a waiting list when every seat is taken"))
    exempted_by = RadioField(_l("Who decides about exemptions"), choices=list(DECIDERS.items()))

    def entry(self) -> Entry:
        """Return what was decided."""
        return Entry(
            way=self.way.data,
            seats=int(self.seats.data) if self.seats.data else None,
            waits=self.waits.data,
            opens_on=self.opens_on.data,
            closes_on=self.closes_on.data,
            answer_days=int(self.answer_days.data or Entry().answer_days),
            exempted_by=self.exempted_by.data,
        )


class ProgrammeEntryForm(AcademyForm):
    """How people come into a programme."""

    entry_revision = HiddenField()
    way = RadioField(
        WAY,
        choices=[(OPEN, WAYS[OPEN]), (BY_REQUEST, WAYS[BY_REQUEST])],
        validators=[InputRequired(_l("Choose how people come in."))],
    )
    answer_days = NumberField(ANSWER, least=1, most=90, description=ANSWER_HINT)

    def entry(self) -> Entry:
        """Return what was decided."""
        return Entry(way=self.way.data, answer_days=int(self.answer_days.data or Entry().answer_days))


class AskForm(AcademyForm):
    """A request for a place."""

    note = BlockField(
        _l("Why you want to take part"),
        limit=LONGEST,
        description=_l("Whoever decides reads it."),
        render_kw={"rows": 4},
    )


class ExemptionForm(AcademyForm):
    """Why somebody need not take a course, with proof if there is any."""

    note = BlockField(
        _l("Reason"),
        [InputRequired(_l("Say why: whoever decides reads it."))],
        limit=LONGEST,
        description=_l("For example what was learned elsewhere, when and where."),
        render_kw={"rows": 4},
    )
    proof = UploadField(_l("Proof"), most=MOST_BYTES)

    def file(self) -> tuple[bytes, str] | None:
        """Return the bytes and the name of the proof, if there is one."""
        upload = self.proof.data
        return (upload.read(), upload.filename or "") if upload else None


class ProposalForm(ExemptionForm):
    """The same, proposed for somebody."""

    course = SelectField(_l("Course or step"), [InputRequired(_l("Choose a course or a step."))])


class EndForm(AcademyForm):
    """Why an exemption is taken back."""

    reason = BlockField(
        _l("Reason"),
        [InputRequired(_l("Say why: the learner reads it."))],
        limit=LONGEST,
        render_kw={"rows": 3},
    )


class AnswerForm(AcademyForm):
    """The answer to a request. Nothing is chosen beforehand, so that nobody answers by accident."""

    answer = RadioField(
        _l("What you decide"),
        choices=[("approve", _l("Approve the request")), ("refuse", _l("Refuse the request"))],
        validators=[InputRequired(_l("Choose an answer."))],
    )
    reason = BlockField(
        _l("A word to the learner"),
        limit=LONGEST,
        description=_l("A refusal needs its reason; the learner reads it."),
        render_kw={"rows": 4},
    )


class ExemptionAnswerForm(AnswerForm):
    """The answer about an exemption: with a reason whatever it is, and a last day if it has one."""

    ends_on = DayField(_l("Last day"), description=_l("Left empty, the exemption has no end."))
    reason = BlockField(
        _l("Reason of your decision"),
        [InputRequired(_l("Give the reason: the learner reads it."))],
        limit=LONGEST,
        description=_l("The learner reads it."),
        render_kw={"rows": 4},
    )


def entry_form(view: EntryView, form: type[AcademyForm]) -> Any:
    """Return a form over the rule as it is."""
    names = ("way", "answer_days", "opens_on", "closes_on", "seats", "waits", "exempted_by", "revision")
    kept = {name: getattr(view, name) for name in names}
    return form(data={**kept, "entry_revision": view.revision})
