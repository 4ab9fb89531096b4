"""What happens in the academy: the story, told in facts that carry ids only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonSuspended:
    """An administrator has suspended a person; their sessions have ended."""

    person_id: int


@dataclass(frozen=True, slots=True)
class PersonRevived:
    """The suspension of a person was lifted."""

    person_id: int


@dataclass(frozen=True, slots=True)
class PersonMoved:
    """A person is now one of another organisation's people."""

    person_id: int


@dataclass(frozen=True, slots=True)
class AnonymisingProposed:
    """An administrator wants a person anonymised; another has to confirm it."""

    anonymisation_id: int


@dataclass(frozen=True, slots=True)
class PersonAnonymised:
    """A person is nobody any more: each slice forgets what they wrote, sent and kept."""

    person_id: int


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """What is written down about a person was changed: their unit, job title, manager or entry date among it."""

    person_id: int


@dataclass(frozen=True, slots=True)
class PeopleImported:
    """People of an organisation were added or changed by a file, all at once."""

    organisation_id: int


@dataclass(frozen=True, slots=True)
class PersonInvited:
    """Somebody was invited. `token` opens the page where they choose a password, or enter the one they have."""

    person_id: int
    token: str


@dataclass(frozen=True, slots=True)
class PasswordResetAsked:
    """A person asked for a new password. `token` works once."""

    person_id: int
    token: str


@dataclass(frozen=True, slots=True)
class AddressChangeAsked:
    """Somebody asked to sign in with another address. `token` confirms it, `stop` stops it; each works once."""

    change_id: int
    token: str
    stop: str


@dataclass(frozen=True, slots=True)
class AddressChanged:
    """Somebody is about to sign in with another address, which they confirmed; told before, so that the former one hears it."""

    change_id: int


@dataclass(frozen=True, slots=True)
class DeputyNamed:
    """Somebody is to stand in for a manager from a day to another."""

    deputyship_id: int


@dataclass(frozen=True, slots=True)
class DeputyEnded:
    """That somebody stands in for a manager has ended, by a word before its last day or with that day."""

    deputyship_id: int


@dataclass(frozen=True, slots=True)
class CoursePublished:
    """A trainer has published a version of a course."""

    course_id: int
    version_id: int


@dataclass(frozen=True, slots=True)
class AttemptGraded:
    """An attempt at a quiz was submitted (by the learner or by the clock) and graded, once every answer had its mark."""

    attempt_id: int


@dataclass(frozen=True, slots=True)
class AttemptRegraded:
    """A decision about a question has changed the score of a graded attempt; the effect holds before and after."""

    attempt_id: int
    effect_id: int


@dataclass(frozen=True, slots=True)
class QuizCalibrated:
    """The difficulties of the questions of a quiz version were estimated, for the first time or anew."""

    quiz_version_id: int


@dataclass(frozen=True, slots=True)
class LearnerEnrolled:
    """A learner has a place on a course."""

    enrolment_id: int


@dataclass(frozen=True, slots=True)
class CourseAssigned:
    """A manager has made a course somebody's duty."""

    enrolment_id: int


@dataclass(frozen=True, slots=True)
class DueDayExtended:
    """A manager has given somebody more time for a course."""

    extension_id: int


@dataclass(frozen=True, slots=True)
class ReminderAsked:
    """A manager reminds somebody of a course."""

    enrolment_id: int
    by_id: int


@dataclass(frozen=True, slots=True)
class ActivityCompleted:
    """A learner has met the completion rule of one activity."""

    enrolment_id: int
    activity_id: int


@dataclass(frozen=True, slots=True)
class CourseCompleted:
    """A learner has met every completion rule of a course."""

    enrolment_id: int


@dataclass(frozen=True, slots=True)
class ExemptionGranted:
    """Somebody need not take a course, or a step of a programme: it counts as completed, and nothing was learned by it."""

    exemption_id: int


@dataclass(frozen=True, slots=True)
class ExemptionEnded:
    """An exemption has reached its last day or was revoked: the duty is there again."""

    exemption_id: int


@dataclass(frozen=True, slots=True)
class ProgrammeCompleted:
    """A learner has done everything that a programme needs, with every prerequisite met. `enrolment_id` is of the programme."""

    enrolment_id: int


@dataclass(frozen=True, slots=True)
class ProgrammeReopened:
    """A completed programme is open again, for somebody has taken back the exemption that a step of it rested on."""

    enrolment_id: int
    exemption_id: int


@dataclass(frozen=True, slots=True)
class ProgrammeRenewalBegan:
    """Somebody, or a rule for them, has begun to renew the certificate of a programme."""

    renewal_id: int


@dataclass(frozen=True, slots=True)
class ProgrammeRenewalEnded:
    """What renewing the certificate of a programme asks for was done, or its shorter way counts no longer."""

    renewal_id: int


@dataclass(frozen=True, slots=True)
class RenewalBegan:
    """Somebody, or a rule for them, has begun to renew a certificate: a new cycle, in a place of its own."""

    renewal_id: int


@dataclass(frozen=True, slots=True)
class RenewalEnded:
    """The place of a renewal was completed, or its shorter way counts no longer; the renewal says which."""

    renewal_id: int


@dataclass(frozen=True, slots=True)
class CertificateIssued:
    """A certificate was issued to its holder."""

    certificate_id: int


@dataclass(frozen=True, slots=True)
class RevocationConfirmed:
    """A certificate was taken back as another person had proposed."""

    proposal_id: int


@dataclass(frozen=True, slots=True)
class AssignmentMade:
    """A manager has made a course the duty of people; every one of their enrolments has been told as CourseAssigned."""

    assignment_id: int


@dataclass(frozen=True, slots=True)
class AssignmentUndone:
    """Whoever made a course the duty of people has taken that back from those who had not begun."""

    assignment_id: int


@dataclass(frozen=True, slots=True)
class PasswordChanged:
    """A person has a new password, chosen by themself or through a reset link."""

    person_id: int


@dataclass(frozen=True, slots=True)
class LearnerWithdrew:
    """A learner has given up their place on a course."""

    enrolment_id: int


@dataclass(frozen=True, slots=True)
class SeatGiven:
    """Whoever waited longest for a seat of a course has it now. `waiting_id` is their place in the waiting list."""

    waiting_id: int


@dataclass(frozen=True, slots=True)
class RequestTurnBegan:
    """A request for a place waits for somebody: it was just made, or went on after silence."""

    request_id: int
    number: int


@dataclass(frozen=True, slots=True)
class RequestAnswered:
    """A request for a place was approved or refused."""

    request_id: int
