"""The ids of everything in the database, by the names that addresses give them, each with the house it belongs to."""

from sqlalchemy import select

from academy.accounts.models import (
    Deputyship,
    ImportPlan,
    MatrixLine,
    OneTimeLink,
    Organisation,
    OrgUnit,
    Person,
    PersonSession,
    RoleGrant,
)
from academy.accounts.models_of_addresses import AddressChange
from academy.accounts.models_of_anonymising import Anonymisation
from academy.assessment.models import (
    AccommodationDate,
    AccommodationGroup,
    Attempt,
    AttemptItem,
    Question,
    QuestionCategory,
    QuestionComment,
    QuestionImport,
    Quiz,
    QuizItem,
    QuizSection,
    QuizVersion,
    Regrade,
)
from academy.base.db import db
from academy.base.jobs import Job
from academy.base.storage import StoredFile
from academy.catalogue.models import Activity, Course, CourseVersion, GlossaryTerm
from academy.catalogue.models_of_review import CourseComment, CourseReview
from academy.competencies.models import (
    Appraisal,
    AppraisalCycle,
    Claim,
    Competency,
    DevelopmentPlan,
    Framework,
    FrameworkImport,
    Goal,
    Observation,
    PlanReview,
    PlanTemplate,
    Rating,
    RatingRound,
    RatingVoice,
    Recomputation,
    RoleProfile,
)  # fmt: skip
from academy.credentials.models import (
    Certificate,
    CertificateDoubt,
    CertificateImport,
    CertificateTemplate,
    CorrectionProposal,
    CorrectionRequest,
    RevocationProposal,
    SigningKey,
    Transcript,
)
from academy.credentials.models_of_keys import KeyProposal
from academy.discussions.models import DiscussionPost, DiscussionThread, WritingStop
from academy.insights.mailings.models import Mailing
from academy.insights.reports.models import Report, ReportFile
from academy.learning.models import (
    Assignment,
    CalendarEntry,
    CalendarLink,
    DutyRule,
    Enrolment,
    Exemption,
    PlaceRequest,
    Programme,
    RuleRun,
)
from academy.messages.models import Conversation, DirectMessage, MessageReport, MessageStop
from academy.notices.models import Announcement, Letter, Notice
from academy.partners.accreditation.models import Accreditation, AccreditationApplication, ApplicationDocument
from academy.partners.models import Agreement, AgreementDocument, JoinRequest, PartnerToken, ServingRoster
from tests.security.scene import Scene


class Ids:
    """The ids in the database by the names that addresses give them, each with its owner."""

    def __init__(self, scene: Scene) -> None:
        self.houses = {house.organisation.id: letter for letter, house in scene.houses.items()}
        self.people = dict(db.session.execute(select(Person.id, Person.organisation_id)).all())
        self.courses = self._courses()

    def _courses(self) -> dict[int, tuple[str, str]]:
        found = db.session.execute(select(Course.id, Course.key, Course.organisation_id, Course.audience))
        return {
            row.id: (row.key, "" if row.audience == "everyone" else self.house(row.organisation_id)) for row in found
        }

    def as_desks(self) -> None:
        """From now on a course belongs to the house that writes it, whoever may take it."""
        owners = dict(db.session.execute(select(Course.key, Course.organisation_id)).all())
        self.courses = {number: (key, self.house(owners[key])) for number, (key, _owner) in self.courses.items()}

    def house(self, organisation_id: int | None) -> str:
        """The letter of an organisation's house."""
        return self.houses.get(organisation_id or 0, "")

    def of(self, person_id: int | None) -> str:
        """The letter of a person's house."""
        return self.house(self.people.get(person_id or 0))

    def organisation_key(self):
        return [(key, "") for key in db.session.scalars(select(Organisation.key))]

    def organisation_id(self):
        return [(row, self.house(row)) for row in db.session.scalars(select(Organisation.id))]

    def token_id(self):
        return self._of_houses(PartnerToken)

    def anonymisation_id(self):
        return self._owned(Anonymisation.id, Anonymisation.person_id)

    def join_request_id(self):
        return self._of_houses(JoinRequest)

    def agreement_id(self):
        return self._of_houses(Agreement)

    def document_id(self):
        rows = select(AgreementDocument.id, Agreement.organisation_id)
        found = db.session.execute(rows.join(Agreement, Agreement.id == AgreementDocument.agreement_id))
        return [(key, self.house(owner)) for key, owner in found]

    def application_id(self):
        return self._of_houses(AccreditationApplication)

    def accreditation_id(self):
        return self._of_houses(Accreditation)

    def accreditation_number(self):
        rows = db.session.execute(select(Accreditation.number, Accreditation.organisation_id))
        return [(key, self.house(owner)) for key, owner in rows]

    def accreditation_document_id(self):
        rows = select(ApplicationDocument.id, AccreditationApplication.organisation_id)
        joined = rows.join(AccreditationApplication, AccreditationApplication.id == ApplicationDocument.application_id)
        return [(key, self.house(owner)) for key, owner in db.session.execute(joined)]

    def roster_number(self):
        rows = db.session.execute(select(ServingRoster.number, ServingRoster.organisation_id))
        return [(key, self.house(owner)) for key, owner in rows]

    def unit_id(self):
        return [(row.id, self.house(row.organisation_id)) for row in db.session.scalars(select(OrgUnit))]

    def person_id(self):
        return [(row, self.of(row)) for row in self.people]

    def _owned(self, column, person):
        return [(key, self.of(owner)) for key, owner in db.session.execute(select(column, person))]

    def grant_id(self):
        return self._owned(RoleGrant.id, RoleGrant.person_id)

    def deputyship_id(self):
        return self._owned(Deputyship.id, Deputyship.manager_id)

    def line_id(self):
        return self._owned(MatrixLine.id, MatrixLine.person_id)

    def session_id(self):
        return self._owned(PersonSession.id, PersonSession.person_id)

    def notice_id(self):
        return self._owned(Notice.id, Notice.person_id)

    def conversation_id(self):
        return self._owned(Conversation.id, Conversation.first_id)

    def message_id(self):
        return self._owned(DirectMessage.id, DirectMessage.author_id)

    def message_report_id(self):
        return self._of_houses(MessageReport)

    def message_stop_id(self):
        return self._owned(MessageStop.id, MessageStop.person_id)

    def letter_id(self):
        return self._owned(Letter.id, Letter.person_id)

    def announcement_id(self):
        rows = db.session.execute(select(Announcement.id, Announcement.organisation_id))
        return [(key, self.house(owner) if owner else "") for key, owner in rows]

    def thread_id(self):
        return self._of_houses(DiscussionThread)

    def post_id(self):
        return self._owned(DiscussionPost.id, DiscussionPost.author_id)

    def stop_id(self):
        return self._owned(WritingStop.id, WritingStop.person_id)

    def request_id(self):
        return self._owned(PlaceRequest.id, PlaceRequest.learner_id)

    def exemption_id(self):
        return self._owned(Exemption.id, Exemption.learner_id)

    def assignment_id(self):
        found = select(Assignment.id, Assignment.assigned_by_id).where(Assignment.assigned_by_id.is_not(None))
        return [(key, self.of(owner)) for key, owner in db.session.execute(found)]

    def mailing_id(self):
        return self._owned(Mailing.id, Mailing.by_id)

    def feed_token(self):
        return self._owned(CalendarLink.token_digest, CalendarLink.person_id)

    def entry_id(self):
        return self._of_houses(CalendarEntry)

    def enrolment_id(self):
        return self._owned(Enrolment.id, Enrolment.learner_id)

    def rule_id(self):
        return self._of_houses(DutyRule)

    def run_id(self):
        found = select(RuleRun.id, DutyRule.organisation_id).join(DutyRule, DutyRule.id == RuleRun.rule_id)
        return [(key, self.house(owner)) for key, owner in db.session.execute(found)]

    def _of_houses(self, model):
        return [(key, self.house(owner)) for key, owner in db.session.execute(select(model.id, model.organisation_id))]

    def plan_id(self):
        return self._owned(ImportPlan.id, ImportPlan.owner_id)

    def question_id(self):
        banked = select(Question.id, Question.organisation_id).where(Question.course_id.is_(None))
        return [(key, self.house(owner)) for key, owner in db.session.execute(banked)]

    def category_id(self):
        found = db.session.execute(select(QuestionCategory.id, QuestionCategory.organisation_id))
        return [(key, self.house(owner)) for key, owner in found]

    def comment_id(self):
        return self._owned(QuestionComment.id, QuestionComment.author_id)

    def remark_id(self):
        return self._owned(CourseComment.id, CourseComment.author_id)

    def review_id(self):
        return self._owned(CourseReview.id, CourseReview.asked_by_id)

    def bank_plan_id(self):
        plans = select(QuestionImport.id, QuestionImport.organisation_id)
        found = db.session.execute(plans.where(QuestionImport.organisation_id.is_not(None)))
        return [(key, self.house(owner)) for key, owner in found]

    def attempt_id(self):
        return self._owned(Attempt.id, Attempt.learner_id)

    def date_id(self):
        return self._owned(AccommodationDate.id, AccommodationDate.person_id)

    def group_id(self):
        return self._of_houses(AccommodationGroup)

    def answers(self):
        """(item id, question version id, quiz id, owner of the course, owner of the attempt) of answers that people mark."""
        columns = (AttemptItem.id, AttemptItem.question_version_id, Attempt.quiz_id, Quiz.course_id, Attempt.learner_id)
        rows = db.session.execute(
            select(*columns)
            .join(Attempt, Attempt.id == AttemptItem.attempt_id)
            .join(Quiz, Quiz.id == Attempt.quiz_id)
            .where(AttemptItem.marking.is_not(None))
        )
        return [
            (item, version, quiz, self.courses[course][1], self.of(who)) for item, version, quiz, course, who in rows
        ]

    def item_id(self):
        return [(item, owner) for item, _version, _quiz, owner, _whose in self.answers()]

    def quiz_id(self):
        return [(quiz, self.courses[course][1]) for quiz, course in db.session.execute(select(Quiz.id, Quiz.course_id))]

    def regrade_id(self):
        rows = db.session.execute(select(Regrade.id, Quiz.course_id).join(Quiz, Quiz.id == Regrade.quiz_id))
        return [(number, self.courses[course][1]) for number, course in rows]

    def doubt_id(self):
        found = select(CertificateDoubt.id, Certificate.holder_id)
        rows = db.session.execute(found.join(Certificate, Certificate.id == CertificateDoubt.certificate_id))
        return [(number, self.of(holder)) for number, holder in rows]

    def proposal_id(self):
        found = select(RevocationProposal.id, Certificate.holder_id)
        rows = db.session.execute(found.join(Certificate, Certificate.id == RevocationProposal.certificate_id))
        return [(number, self.of(holder)) for number, holder in rows]

    def correction_id(self):
        found = select(CorrectionProposal.id, Certificate.holder_id)
        rows = db.session.execute(found.join(Certificate, Certificate.id == CorrectionProposal.certificate_id))
        return [(number, self.of(holder)) for number, holder in rows]

    def name_request_id(self):
        found = select(CorrectionRequest.id, Certificate.holder_id)
        rows = db.session.execute(found.join(Certificate, Certificate.id == CorrectionRequest.certificate_id))
        return [(number, self.of(holder)) for number, holder in rows]

    def key_proposal_id(self):
        return [(row, "") for row in db.session.scalars(select(KeyProposal.id))]

    def transcript_number(self):
        return self._owned(Transcript.number, Transcript.holder_id)

    def number(self):
        return self._owned(Certificate.number, Certificate.holder_id)

    def template_key(self):
        rows = db.session.execute(select(CertificateTemplate.key, CertificateTemplate.organisation_id))
        return [(key, self.house(owner)) for key, owner in rows]

    def credential(self):
        return [(row, "") for row in sorted(set(db.session.scalars(select(Certificate.credential))))]

    def import_id(self):
        return self._owned(CertificateImport.id, CertificateImport.owner_id)

    def list_number(self):
        return [(0, "")]

    def file_kind(self):
        return [("png", ""), ("svg", "")]

    def multikey(self):
        return [(row, "") for row in db.session.scalars(select(SigningKey.multikey))]

    def address_token(self):
        return self._owned(AddressChange.token_digest, AddressChange.person_id)

    def stop_token(self):
        return self._owned(AddressChange.stop_digest, AddressChange.person_id)

    def token(self):
        return self._owned(OneTimeLink.token_digest, OneTimeLink.person_id)

    def report_id(self):
        return self._owned(Report.id, Report.owner_id)

    def file_id(self):
        return self._owned(ReportFile.id, ReportFile.owner_id)

    def job_id(self):
        return [(row, "") for row in list(db.session.scalars(select(Job.id)))[:3]]

    def course_key(self):
        return list(self.courses.values())

    def file_key(self):
        found = db.session.execute(select(StoredFile.key, StoredFile.course_id, StoredFile.organisation_id))
        return [(key, self.courses[course][1] if course else self.house(bank)) for key, course, bank in found]

    def competency_key(self):
        return [(row, "") for row in list(db.session.scalars(select(Competency.key)))[:2]]

    def read_id(self):
        return [(row, "") for row in db.session.scalars(select(FrameworkImport.id))]

    def profile_key(self):
        return [(row, "") for row in db.session.scalars(select(RoleProfile.key))]

    def framework_key(self):
        return [(row, "") for row in db.session.scalars(select(Framework.key))]

    def claim_id(self):
        return self._owned(Claim.id, Claim.person_id)

    def development_id(self):
        return self._owned(DevelopmentPlan.id, DevelopmentPlan.person_id)

    def template_id(self):
        rows = db.session.execute(select(PlanTemplate.id, PlanTemplate.organisation_id))
        return [(key, self.house(owner)) for key, owner in rows]

    def plan_review_id(self):
        query = select(PlanReview.id, DevelopmentPlan.person_id)
        rows = db.session.execute(query.join(DevelopmentPlan, DevelopmentPlan.id == PlanReview.plan_id))
        return [(key, self.of(owner)) for key, owner in rows]

    def observation_id(self):
        return self._owned(Observation.id, Observation.person_id)

    def round_id(self):
        rows = db.session.execute(select(RatingRound.id, RatingRound.organisation_id))
        return [(key, self.house(owner)) for key, owner in rows]

    def rating_id(self):
        return self._owned(Rating.id, Rating.person_id)

    def voice_id(self):
        return self._owned(RatingVoice.id, RatingVoice.rater_id)

    def appraisal_id(self):
        return self._owned(Appraisal.id, Appraisal.person_id)

    def goal_id(self):
        query = select(Goal.id, Person.organisation_id).join(Appraisal, Appraisal.id == Goal.appraisal_id)
        rows = db.session.execute(query.join(Person, Person.id == Appraisal.person_id))
        return [(key, self.house(owner)) for key, owner in rows]

    def cycle_id(self):
        rows = db.session.execute(select(AppraisalCycle.id, AppraisalCycle.organisation_id))
        return [(key, self.house(owner)) for key, owner in rows]

    def recomputation_id(self):
        return [(row, "") for row in db.session.scalars(select(Recomputation.id))]

    def programme_key(self):
        rows = db.session.execute(select(Programme.key, Programme.organisation_id))
        return [(key, self.house(owner)) for key, owner in rows]

    def term_key(self):
        return [(row, "") for row in db.session.scalars(select(GlossaryTerm.key))]

    def parts(self, model):
        """(course key, part's key or id, owner) of units or activities of drafts and published versions."""
        columns = select(CourseVersion.course_id, model.key, model.id).join(
            CourseVersion, CourseVersion.id == model.version_id
        )
        seen = db.session.execute(columns.where(CourseVersion.state == "draft"))
        return [(*self.courses[course], key, number) for course, key, number in seen]

    def quizzes(self):
        """(course key, owner, quiz version id) of published quizzes."""
        columns = select(Quiz.course_id, QuizVersion.id).join(QuizVersion, QuizVersion.quiz_id == Quiz.id)
        rows = db.session.execute(columns.where(QuizVersion.frozen_at.is_not(None)))
        return [(*self.courses[course], number) for course, number in rows]

    def items(self):
        """(activity id, item id, owner) of the quizzes of drafts."""
        rows = db.session.execute(
            select(Activity.id, Activity.content, CourseVersion.course_id)
            .join(CourseVersion, CourseVersion.id == Activity.version_id)
            .where(Activity.kind == "quiz", CourseVersion.state == "draft")
        )
        return [
            (number, item, self.courses[course][1])
            for number, content, course in rows
            for item in db.session.scalars(
                select(QuizItem.id).where(QuizItem.quiz_version_id == content["quiz_version_id"])
            )
        ]

    def sections(self):
        """(activity id, section id, owner) of the quizzes of drafts."""
        columns = select(Activity.id, Activity.content, CourseVersion.course_id)
        drafts = columns.join(CourseVersion, CourseVersion.id == Activity.version_id)
        rows = db.session.execute(drafts.where(Activity.kind == "quiz", CourseVersion.state == "draft"))
        found = [(number, content["quiz_version_id"], self.courses[course][1]) for number, content, course in rows]
        return [
            (number, section, owner)
            for number, quiz, owner in found
            for section in db.session.scalars(select(QuizSection.id).where(QuizSection.quiz_version_id == quiz))
        ]

    def steps(self):
        """(enrolment id, activity key, owner)."""
        rows = db.session.execute(select(Enrolment.id, Enrolment.learner_id, Enrolment.version_id))
        return [
            (number, key, self.of(learner))
            for number, learner, version in rows
            for key in db.session.scalars(select(Activity.key).where(Activity.version_id == version))
        ]
