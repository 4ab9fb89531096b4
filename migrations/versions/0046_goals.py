"""appraisal cycles: goals, check-ins, appraisals and what happened in them

Revision ID: 0046
Revises: 0044
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0046'
down_revision = '0045'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def upgrade():
    op.create_table('appraisal_cycle',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('title', JSON, nullable=False),
        sa.Column('opens_on', sa.Date(), nullable=False),
        sa.Column('closes_on', sa.Date(), nullable=False),
        sa.Column('opened_by_id', sa.Integer(), nullable=True),
        sa.Column('made_at', MOMENT, nullable=False),
        sa.CheckConstraint('closes_on > opens_on', name=op.f('ck_appraisal_cycle_closes_after_opening')),
        sa.ForeignKeyConstraint(['opened_by_id'], ['person.id'], name=op.f('fk_appraisal_cycle_opened_by_id_person'), ondelete='SET NULL'),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_appraisal_cycle_organisation_id_organisation')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisal_cycle'))
    )
    op.create_index(op.f('ix_appraisal_cycle_closes_on'), 'appraisal_cycle', ['closes_on'], unique=False)
    op.create_index(op.f('ix_appraisal_cycle_organisation_id'), 'appraisal_cycle', ['organisation_id'], unique=False)
    op.create_table('appraisal',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('cycle_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(length=10), nullable=False),
        sa.Column('self_part', sa.String(length=4000), nullable=False),
        sa.Column('self_sent_at', MOMENT, nullable=True),
        sa.Column('manager_part', sa.String(length=4000), nullable=False),
        sa.Column('talked_on', sa.Date(), nullable=True),
        sa.Column('talk_note', sa.String(length=2000), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('signed_at', MOMENT, nullable=True),
        sa.Column('signed_by_id', sa.Integer(), nullable=True),
        sa.Column('answer', sa.String(length=2000), nullable=False),
        sa.Column('answered_at', MOMENT, nullable=True),
        sa.Column('told_at', MOMENT, nullable=True),
        sa.Column('reminded_on', sa.Date(), nullable=True),
        sa.CheckConstraint("(state = 'open') = (signed_at IS NULL)", name=op.f('ck_appraisal_signed_unless_open')),
        sa.CheckConstraint("(state IN ('confirmed', 'objected')) = (answered_at IS NOT NULL)", name=op.f('ck_appraisal_answered_when_dated')),
        sa.CheckConstraint("state <> 'objected' OR answer <> ''", name=op.f('ck_appraisal_objection_has_reason')),
        sa.CheckConstraint("state IN ('open', 'signed', 'confirmed', 'objected')", name=op.f('ck_appraisal_known_state')),
        sa.CheckConstraint('(signed_at IS NULL) = (revision = 0)', name=op.f('ck_appraisal_signed_when_counted')),
        sa.CheckConstraint('revision >= 0', name=op.f('ck_appraisal_revisions_counted')),
        sa.CheckConstraint('signed_at IS NULL OR talked_on IS NOT NULL', name=op.f('ck_appraisal_signed_after_the_talk')),
        sa.CheckConstraint('signed_by_id <> person_id', name=op.f('ck_appraisal_by_somebody_else')),
        sa.ForeignKeyConstraint(['cycle_id'], ['appraisal_cycle.id'], name=op.f('fk_appraisal_cycle_id_appraisal_cycle')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_appraisal_person_id_person'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['signed_by_id'], ['person.id'], name=op.f('fk_appraisal_signed_by_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisal')),
        sa.UniqueConstraint('cycle_id', 'person_id', name='uq_appraisal_person')
    )
    op.create_index(op.f('ix_appraisal_person_id'), 'appraisal', ['person_id'], unique=False)
    op.create_table('goal',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('appraisal_id', sa.Integer(), nullable=False),
        sa.Column('title', sa.String(length=200), nullable=False),
        sa.Column('success', sa.String(length=2000), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('competency_id', sa.Integer(), nullable=True),
        sa.Column('state', sa.String(length=10), nullable=False),
        sa.Column('reason', sa.String(length=2000), nullable=False),
        sa.Column('progress', sa.Integer(), nullable=False),
        sa.Column('made_at', MOMENT, nullable=False),
        sa.CheckConstraint("progress = 0 OR state <> 'draft'", name=op.f('ck_goal_no_progress_of_drafts')),
        sa.CheckConstraint("state <> 'returned' OR reason <> ''", name=op.f('ck_goal_returned_with_reason')),
        sa.CheckConstraint("state IN ('draft', 'sent', 'returned', 'agreed')", name=op.f('ck_goal_known_state')),
        sa.CheckConstraint("success <> ''", name=op.f('ck_goal_success_is_said')),
        sa.CheckConstraint("title <> ''", name=op.f('ck_goal_has_title')),
        sa.CheckConstraint('progress BETWEEN 0 AND 100', name=op.f('ck_goal_progress_in_percent')),
        sa.ForeignKeyConstraint(['appraisal_id'], ['appraisal.id'], name=op.f('fk_goal_appraisal_id_appraisal'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['competency_id'], ['competency.id'], name=op.f('fk_goal_competency_id_competency')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_goal'))
    )
    op.create_index('ix_goal_appraisal_id_state', 'goal', ['appraisal_id', 'state'], unique=False)
    op.create_table('goal_check_in',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('goal_id', sa.Integer(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', MOMENT, nullable=False),
        sa.Column('progress', sa.Integer(), nullable=False),
        sa.Column('note', sa.String(length=2000), nullable=False),
        sa.CheckConstraint("note <> ''", name=op.f('ck_goal_check_in_has_note')),
        sa.CheckConstraint('progress BETWEEN 0 AND 100', name=op.f('ck_goal_check_in_progress_in_percent')),
        sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_goal_check_in_by_id_person'), ondelete='SET NULL'),
        sa.ForeignKeyConstraint(['goal_id'], ['goal.id'], name=op.f('fk_goal_check_in_goal_id_goal'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_goal_check_in'))
    )
    op.create_index(op.f('ix_goal_check_in_goal_id'), 'goal_check_in', ['goal_id'], unique=False)
    op.create_table('appraisal_event',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('appraisal_id', sa.Integer(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', MOMENT, nullable=False),
        sa.Column('act', sa.String(length=10), nullable=False),
        sa.Column('said', sa.String(length=40000), nullable=False),
        sa.CheckConstraint("act IN ('sent', 'agreed', 'returned', 'self', 'signed', 'confirmed', 'objected')", name=op.f('ck_appraisal_event_known_act')),
        sa.ForeignKeyConstraint(['appraisal_id'], ['appraisal.id'], name=op.f('fk_appraisal_event_appraisal_id_appraisal'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_appraisal_event_by_id_person'), ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisal_event'))
    )
    op.create_index(op.f('ix_appraisal_event_appraisal_id'), 'appraisal_event', ['appraisal_id'], unique=False)


def downgrade():
    for table in ('appraisal_event', 'goal_check_in', 'goal', 'appraisal', 'appraisal_cycle'):
        op.drop_table(table)
