"""the time that people spend

Revision ID: 0028
Revises: 0027
"""

from collections import defaultdict
from datetime import UTC, timedelta, timezone

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0028'
down_revision = "0027"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
RIYADH = timezone(timedelta(hours=3))
MANY = 500

TIME = sa.table(
    'study_time', sa.column('enrolment_id', sa.Integer), sa.column('activity_id', sa.Integer), sa.column('day', sa.Date),
    sa.column('seconds', sa.Integer),
)
QUIZZES = sa.text("SELECT version_id, id, content FROM activity WHERE kind = 'quiz' ORDER BY id").columns(
    version_id=sa.Integer, id=sa.Integer, content=JSON
)
VERSIONS = sa.text("SELECT id, quiz_id FROM quiz_version")
ATTEMPTS = sa.text("""
    SELECT enrolment.id AS enrolment_id, enrolment.version_id, attempt.quiz_id, attempt.started_at, SUM(attempt_item.seconds) AS seconds
    FROM attempt
    JOIN attempt_item ON attempt_item.attempt_id = attempt.id
    JOIN quiz ON quiz.id = attempt.quiz_id
    JOIN enrolment ON enrolment.learner_id = attempt.learner_id AND enrolment.course_id = quiz.course_id
        AND enrolment.cycle = attempt.cycle
    WHERE attempt_item.seconds > 0
    GROUP BY enrolment.id, enrolment.version_id, attempt.id, attempt.quiz_id, attempt.started_at
""").columns(started_at=MOMENT)


def begin_with_attempts(connection):
    """Put in what is known so far: how long the questions of attempts were on the screen, on the day each began in Riyadh."""
    quiz_of = {version: quiz for version, quiz in connection.execute(VERSIONS)}
    held = {}
    for row in connection.execute(QUIZZES):
        quiz = quiz_of.get((row.content or {}).get('quiz_version_id'))
        held.setdefault((row.version_id, quiz), row.id)
    seconds = defaultdict(int)
    for row in connection.execute(ATTEMPTS):
        activity = held.get((row.version_id, row.quiz_id))
        if activity is not None:
            began = row.started_at if row.started_at.tzinfo else row.started_at.replace(tzinfo=UTC)
            seconds[row.enrolment_id, activity, began.astimezone(RIYADH).date()] += int(row.seconds)
    names = 'enrolment_id', 'activity_id', 'day', 'seconds'
    rows = [dict(zip(names, (*key, spent), strict=True)) for key, spent in seconds.items()]
    for start in range(0, len(rows), MANY):
        op.bulk_insert(TIME, rows[start : start + MANY])


def upgrade():
    op.create_table('study_time',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.CheckConstraint('seconds > 0', name=op.f('ck_study_time_seconds_positive')),
    sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_study_time_activity_id_activity')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_study_time_enrolment_id_enrolment'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_study_time')),
    sa.UniqueConstraint('enrolment_id', 'activity_id', 'day', name='uq_study_time')
    )
    op.create_index(op.f('ix_study_time_activity_id'), 'study_time', ['activity_id'], unique=False)
    op.create_table('study_clock',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('counted_until', sa.BigInteger(), nullable=False),
    sa.Column('granted', sa.Integer(), nullable=False),
    sa.CheckConstraint('granted >= 0', name=op.f('ck_study_clock_granted_not_negative')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_study_clock_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_study_clock'))
    )
    begin_with_attempts(op.get_bind())


def downgrade():
    op.drop_table('study_clock')
    op.drop_table('study_time')
