"""recertification

Revision ID: 0020
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)


def once(name, columns, state):
    where = sa.text(f"state = '{state}'")
    op.create_index(name, 'renewal', columns, unique=True, sqlite_where=where, postgresql_where=where)


def upgrade():
    op.create_table('renewal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('learner_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('continues_from', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('begun_at', MOMENT, nullable=False),
    sa.Column('begun_by_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.CheckConstraint("state IN ('open', 'completed', 'lapsed')", name=op.f('ck_renewal_known_state')),
    sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f('ck_renewal_ended_when_dated')),
    sa.CheckConstraint('cycle > 1', name=op.f('ck_renewal_after_the_first')),
    sa.CheckConstraint('until IS NULL OR until >= continues_from', name=op.f('ck_renewal_until_after_expiry')),
    sa.ForeignKeyConstraint(['begun_by_id'], ['person.id'], name=op.f('fk_renewal_begun_by_id_person')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_renewal_course_id_course')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_renewal_enrolment_id_enrolment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['learner_id'], ['person.id'], name=op.f('fk_renewal_learner_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_renewal'))
    )
    for column in ('course_id', 'enrolment_id', 'learner_id'):
        op.create_index(op.f(f'ix_renewal_{column}'), 'renewal', [column], unique=False)
    once('uq_renewal_open', ['learner_id', 'course_id'], 'open')
    once('uq_renewal_completed', ['learner_id', 'course_id', 'cycle'], 'completed')
    op.create_table('recertification_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('window_days', sa.Integer(), nullable=False),
    sa.Column('grace_days', sa.Integer(), nullable=False),
    sa.Column('path_course_id', sa.Integer(), nullable=True),
    sa.Column('automatic', sa.Boolean(), nullable=False),
    sa.Column('reminders', JSON, nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint('window_days BETWEEN 1 AND 730', name=op.f('ck_recertification_rule_window_in_range')),
    sa.CheckConstraint('grace_days BETWEEN 0 AND 730', name=op.f('ck_recertification_rule_grace_in_range')),
    sa.CheckConstraint('path_course_id IS NULL OR path_course_id <> course_id', name=op.f('ck_recertification_rule_path_is_another')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_recertification_rule_course_id_course'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['path_course_id'], ['course.id'], name=op.f('fk_recertification_rule_path_course_id_course')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recertification_rule')),
    sa.UniqueConstraint('course_id', name=op.f('uq_recertification_rule_course_id'))
    )
    op.create_table('expiry_reminder',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('whom', sa.String(length=10), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('told_on', sa.Date(), nullable=False),
    sa.CheckConstraint("whom IN ('holder', 'manager')", name=op.f('ck_expiry_reminder_known_whom')),
    sa.CheckConstraint('days > 0', name=op.f('ck_expiry_reminder_days_before')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_expiry_reminder_certificate_id_certificate'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expiry_reminder')),
    sa.UniqueConstraint('certificate_id', 'whom', 'days', name='uq_expiry_reminder_once')
    )


def downgrade():
    op.drop_table('expiry_reminder')
    op.drop_table('recertification_rule')
    op.drop_table('renewal')
