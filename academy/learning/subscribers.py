"""What learning hears from other slices, and from itself for the notices."""

from academy import facts
from academy.accounts.queries import person
from academy.base import bus, clock
from academy.base.jobs import enqueue
from academy.learning import jobs, queries, running_rules, services
from academy.learning.queries import entry, exemptions
from academy.learning.queries.programmes import programme_place
from academy.learning.services import forgetting, history, programmes


@bus.on(facts.AttemptGraded)
def attempt_graded(fact: facts.AttemptGraded) -> None:
    """Complete the quiz activity of an attempt that was passed."""
    services.hear_attempt(fact.attempt_id)


@bus.on(facts.AttemptRegraded)
def attempt_regraded(fact: facts.AttemptRegraded) -> None:
    """Complete the quiz activity of an attempt that passes after a regrade; what was completed stays completed."""
    services.hear_attempt(fact.attempt_id, at=clock.now())


@bus.on(facts.AssignmentMade)
def assignment_made(fact: facts.AssignmentMade) -> None:
    """Queue telling everyone of the assignment: one job, however many they are."""
    jobs.queue_assigned(fact.assignment_id)


@bus.on(facts.AssignmentMade)
def assignment_remembered(fact: facts.AssignmentMade) -> None:
    """Add to the history of duties what an assignment has made due."""
    history.note_assignment(fact.assignment_id)


@bus.on(facts.AssignmentUndone)
def assignment_undone(fact: facts.AssignmentUndone) -> None:
    """Queue telling those of whom nothing is asked any more."""
    jobs.queue_undone(fact.assignment_id)


@bus.on(facts.CourseCompleted)
def completion_remembered(fact: facts.CourseCompleted) -> None:
    """Add to the history of duties that a course is completed."""
    history.note_completion(fact.enrolment_id)


@bus.on(facts.CourseCompleted)
def completion_renews(fact: facts.CourseCompleted) -> None:
    """End the renewals for which the place was taken."""
    services.close_renewals(fact.enrolment_id)


@bus.on(facts.ReminderAsked)
def reminder_asked(fact: facts.ReminderAsked) -> None:
    """Queue the reminder of the day."""
    day = clock.today().isoformat()
    key = f"reminder:{fact.enrolment_id}:{day}"
    enqueue("learning.tell_reminder", unique_key=key, enrolment_id=fact.enrolment_id, by_id=fact.by_id, day=day)


@bus.on(facts.DueDayExtended)
def due_day_extended(fact: facts.DueDayExtended) -> None:
    """Queue telling the learner."""
    enqueue("learning.tell_extended", unique_key=f"extended:{fact.extension_id}", extension_id=fact.extension_id)


@bus.on(facts.CourseCompleted)
def course_completed(fact: facts.CourseCompleted) -> None:
    """Queue the congratulation."""
    enqueue("learning.tell_completed", unique_key=f"completed:{fact.enrolment_id}", enrolment_id=fact.enrolment_id)


@bus.on(facts.CourseCompleted)
def course_moves_programmes(fact: facts.CourseCompleted) -> None:
    """Note the step in the learner's programmes that hold the course."""
    programmes.hear_course(fact.enrolment_id)


@bus.on(facts.RenewalEnded)
def renewal_moves_programmes(fact: facts.RenewalEnded) -> None:
    """Note the step in the learner's programmes that hold the course whose certificate was renewed."""
    programmes.hear_renewal(fact.renewal_id)


@bus.on(facts.CourseCompleted)
def course_settles_renewals(fact: facts.CourseCompleted) -> None:
    """End the renewals of programmes' certificates for which the course, or its hours, was the last thing to do."""
    place = queries.enrolment(fact.enrolment_id)
    if place is not None and place.completed_at is not None:
        programmes.settle_programme_renewals(place.learner_id, at=place.completed_at)


@bus.on(facts.ProgrammeCompleted)
def programme_settles_renewals(fact: facts.ProgrammeCompleted) -> None:
    """End the renewal for which the place in the programme was taken."""
    place = programme_place(fact.enrolment_id)
    if place is not None and place.completed_at is not None:
        programmes.settle_programme_renewals(place.learner_id, at=place.completed_at)


@bus.on(facts.AttemptGraded)
def quiz_moves_programmes(fact: facts.AttemptGraded) -> None:
    """Note the step in the learner's programmes that hold a quiz which was passed."""
    programmes.hear_quiz(fact.attempt_id)


@bus.on(facts.AttemptRegraded)
def regrade_moves_programmes(fact: facts.AttemptRegraded) -> None:
    """Note the step of a quiz that is passed by a regrade; one that was done stays done."""
    programmes.hear_quiz(fact.attempt_id, at=clock.now())


@bus.on(facts.PersonInvited)
def newcomer_changes_duties(fact: facts.PersonInvited) -> None:
    """Have the rules of the newcomer's organisation look at its people again."""
    _look_again(fact.person_id)


@bus.on(facts.PersonChanged)
def change_changes_duties(fact: facts.PersonChanged) -> None:
    """Have the rules of the person's organisation look at its people again."""
    _look_again(fact.person_id)


@bus.on(facts.PeopleImported)
def import_changes_duties(fact: facts.PeopleImported) -> None:
    """Have the rules of the organisation look at its people again."""
    running_rules.people_changed(fact.organisation_id)


@bus.on(facts.PersonRevived)
def return_changes_duties(fact: facts.PersonRevived) -> None:
    """Have the rules of the person's organisation look at its people again."""
    _look_again(fact.person_id)


@bus.on(facts.PersonMoved)
def move_changes_duties(fact: facts.PersonMoved) -> None:
    """Have the rules of the organisation that the person has come to look at its people again."""
    _look_again(fact.person_id)


@bus.on(facts.PersonSuspended)
def suspension_changes_duties(fact: facts.PersonSuspended) -> None:
    """Have the rules of the person's organisation look at its people again."""
    _look_again(fact.person_id)


def _look_again(person_id: int) -> None:
    if (who := person(person_id)) is not None:
        running_rules.people_changed(who.organisation_id)


@bus.on(facts.LearnerWithdrew)
def learner_withdrew(fact: facts.LearnerWithdrew) -> None:
    """Give the seat that became free to whoever waits for it."""
    place = queries.enrolment(fact.enrolment_id)
    if place is not None:
        services.fill_seats(place.course_id, at=clock.now())


@bus.on(facts.CourseCompleted)
def completing_frees_a_seat(fact: facts.CourseCompleted) -> None:
    """Queue filling the seat; the learner's place is held now, and the rule of the course must be held before any place."""
    place = queries.enrolment(fact.enrolment_id)
    if place is not None and entry.counts_seats(place.course_id):
        enqueue("learning.fill_seats", unique_key=f"seats:after:{place.id}", course_id=place.course_id)


@bus.on(facts.ExemptionGranted)
def exemption_granted(fact: facts.ExemptionGranted) -> None:
    """Move the learner's programmes on, queue filling the seat and telling the learner."""
    place = exemptions.place_exempted(fact.exemption_id)
    if place is not None:
        programmes.hear_course(place.id)
    if place is not None and entry.counts_seats(place.course_id):
        enqueue("learning.fill_seats", unique_key=f"seats:exempted:{fact.exemption_id}", course_id=place.course_id)
    _tell_exemption(fact.exemption_id, ended=False)


@bus.on(facts.ExemptionEnded)
def exemption_ended(fact: facts.ExemptionEnded) -> None:
    """Have the rules of duties look at the learner again, and queue telling them."""
    _look_again(exemptions.exempted_person(fact.exemption_id))
    _tell_exemption(fact.exemption_id, ended=True)


def _tell_exemption(exemption_id: int, *, ended: bool) -> None:
    key = f"exemption:{exemption_id}:{'ended' if ended else 'granted'}"
    enqueue("learning.tell_exemption", unique_key=key, exemption_id=exemption_id, ended=ended)


@bus.on(facts.SeatGiven)
def seat_given(fact: facts.SeatGiven) -> None:
    """Queue telling whoever moved up."""
    enqueue("learning.tell_seat", unique_key=f"seat:{fact.waiting_id}", waiting_id=fact.waiting_id)


@bus.on(facts.RequestTurnBegan)
def turn_began(fact: facts.RequestTurnBegan) -> None:
    """Queue telling whoever is to decide about a request."""
    key = f"request:{fact.request_id}:{fact.number}"
    enqueue("learning.tell_turn", unique_key=key, request_id=fact.request_id, number=fact.number)


@bus.on(facts.RequestAnswered)
def request_answered(fact: facts.RequestAnswered) -> None:
    """Queue telling the learner what was decided."""
    enqueue("learning.tell_answer", unique_key=f"answer:{fact.request_id}", request_id=fact.request_id)


@bus.on(facts.PersonAnonymised)
def person_anonymised(fact: facts.PersonAnonymised) -> None:
    """Forget what somebody wrote, and the link of their calendar."""
    forgetting.forget(fact.person_id)
