"""calendars of organisations, and rules that make courses and programmes the duty of people, and extensions of due days

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

def upgrade():

    op.create_table('calendar_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('first_on', sa.Date(), nullable=False),
    sa.Column('last_on', sa.Date(), nullable=False),
    sa.Column('name', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
    sa.Column('opens', sa.Time(), nullable=True),
    sa.Column('closes', sa.Time(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(kind = 'short_hours') = (opens IS NOT NULL) AND (kind = 'short_hours') = (closes IS NOT NULL)", name=op.f('ck_calendar_entry_hours_of_kind')),
    sa.CheckConstraint("kind IN ('holiday', 'short_hours')", name=op.f('ck_calendar_entry_known_kind')),
    sa.CheckConstraint('last_on >= first_on', name=op.f('ck_calendar_entry_ends_after_it_begins')),
    sa.CheckConstraint('opens < closes', name=op.f('ck_calendar_entry_opens_before_it_closes')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_calendar_entry_organisation_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_entry')),
    sa.UniqueConstraint('organisation_id', 'kind', 'first_on', name='uq_calendar_entry_first_day')
    )
    op.create_table('work_week',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('weekend', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('opens', sa.Time(), nullable=False),
    sa.Column('closes', sa.Time(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('opens < closes', name=op.f('ck_work_week_opens_before_it_closes')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_work_week_organisation_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organisation_id', name=op.f('pk_work_week'))
    )
    op.create_table('duty_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('org_unit_id', sa.Integer(), nullable=True),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('programme_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('definition', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('pending', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ran_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state <> 'draft' OR pending IS NOT NULL", name=op.f('ck_duty_rule_draft_is_pending')),
    sa.CheckConstraint("state IN ('draft', 'active', 'stopped')", name=op.f('ck_duty_rule_known_state')),
    sa.CheckConstraint('(course_id IS NULL) <> (programme_id IS NULL)', name=op.f('ck_duty_rule_about_one_thing')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_duty_rule_course_id_course')),
    sa.ForeignKeyConstraint(['created_by_id'], ['person.id'], name=op.f('fk_duty_rule_created_by_id_person')),
    sa.ForeignKeyConstraint(['org_unit_id'], ['org_unit.id'], name=op.f('fk_duty_rule_org_unit_id_org_unit')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_duty_rule_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_duty_rule_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty_rule'))
    )
    with op.batch_alter_table('duty_rule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duty_rule_course_id'), ['course_id'], unique=False)
        batch_op.create_index('ix_duty_rule_organisation_id_state', ['organisation_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_duty_rule_programme_id'), ['programme_id'], unique=False)

    op.create_table('rule_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rule_id', sa.Integer(), nullable=False),
    sa.Column('cause', sa.String(length=10), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed', sa.Boolean(), nullable=False),
    sa.Column('counts', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.CheckConstraint("cause IN ('daily', 'changed', 'asked')", name=op.f('ck_rule_run_known_cause')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_rule_run_by_id_person')),
    sa.ForeignKeyConstraint(['rule_id'], ['duty_rule.id'], name=op.f('fk_rule_run_rule_id_duty_rule'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_run'))
    )
    with op.batch_alter_table('rule_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rule_run_rule_id'), ['rule_id'], unique=False)

    op.create_table('rule_outcome',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=12), nullable=False),
    sa.CheckConstraint("outcome IN ('assigned', 'already_due', 'completed', 'kept', 'suspended', 'withdrawn')", name=op.f('ck_rule_outcome_known_outcome')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_rule_outcome_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['rule_run.id'], name=op.f('fk_rule_outcome_run_id_rule_run'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_outcome')),
    sa.UniqueConstraint('run_id', 'person_id', name='uq_rule_outcome_once')
    )
    with op.batch_alter_table('rule_outcome', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rule_outcome_person_id'), ['person_id'], unique=False)

    op.create_table('duty',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rule_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('enrolment_id', sa.Integer(), nullable=True),
    sa.Column('assignment_id', sa.Integer(), nullable=True),
    sa.Column('programme_enrolment_id', sa.Integer(), nullable=True),
    sa.Column('made_place', sa.Boolean(), nullable=False),
    sa.Column('reasons', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.CheckConstraint("(state = 'active') = (ended_at IS NULL)", name=op.f('ck_duty_ended_when_dated')),
    sa.CheckConstraint("state IN ('active', 'kept', 'suspended', 'withdrawn')", name=op.f('ck_duty_known_state')),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_duty_assignment_id_assignment'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_duty_enrolment_id_enrolment'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_duty_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['programme_enrolment_id'], ['programme_enrolment.id'], name=op.f('fk_duty_programme_enrolment_id_programme_enrolment'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['rule_id'], ['duty_rule.id'], name=op.f('fk_duty_rule_id_duty_rule'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty')),
    sa.UniqueConstraint('rule_id', 'person_id', name='uq_duty_once')
    )
    with op.batch_alter_table('duty', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duty_enrolment_id'), ['enrolment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_duty_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_duty_programme_enrolment_id'), ['programme_enrolment_id'], unique=False)
        batch_op.create_index('ix_duty_rule_id_state', ['rule_id', 'state'], unique=False)

    op.create_table('due_extension',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('from_day', sa.Date(), nullable=False),
    sa.Column('to_day', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('to_day > from_day', name=op.f('ck_due_extension_later_than_before')),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_due_extension_has_a_reason')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_due_extension_by_id_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_due_extension_enrolment_id_enrolment'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_due_extension'))
    )
    with op.batch_alter_table('due_extension', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_due_extension_enrolment_id'), ['enrolment_id'], unique=False)


def downgrade():
    op.drop_table('due_extension')

    with op.batch_alter_table('duty', schema=None) as batch_op:
        batch_op.drop_index('ix_duty_rule_id_state')
        batch_op.drop_index(batch_op.f('ix_duty_programme_enrolment_id'))
        batch_op.drop_index(batch_op.f('ix_duty_person_id'))
        batch_op.drop_index(batch_op.f('ix_duty_enrolment_id'))

    op.drop_table('duty')
    with op.batch_alter_table('rule_outcome', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rule_outcome_person_id'))

    op.drop_table('rule_outcome')
    with op.batch_alter_table('rule_run', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rule_run_rule_id'))

    op.drop_table('rule_run')
    with op.batch_alter_table('duty_rule', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_duty_rule_programme_id'))
        batch_op.drop_index('ix_duty_rule_organisation_id_state')
        batch_op.drop_index(batch_op.f('ix_duty_rule_course_id'))

    op.drop_table('duty_rule')
    op.drop_table('work_week')
    op.drop_table('calendar_entry')

