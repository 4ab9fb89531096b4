"""development plans

Revision ID: 0021
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("state <> 'closed'")


def upgrade():
    op.create_table('development_plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('basis', JSON, nullable=False),
    sa.Column('changes', JSON, nullable=False),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.Column('sent_at', MOMENT, nullable=True),
    sa.Column('told_at', MOMENT, nullable=True),
    sa.Column('reminders', sa.Integer(), nullable=False),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=2000), nullable=False),
    sa.Column('closed_at', MOMENT, nullable=True),
    sa.Column('closed_as', sa.String(length=10), nullable=True),
    sa.CheckConstraint("state IN ('draft', 'sent', 'returned', 'approved', 'closed')", name=op.f('ck_development_plan_known_state')),
    sa.CheckConstraint("(state = 'closed') = (closed_as IS NOT NULL)", name=op.f('ck_development_plan_closed_has_an_end')),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_development_plan_closed_when_dated')),
    sa.CheckConstraint("closed_as IN ('reached', 'ended', 'replaced')", name=op.f('ck_development_plan_known_end')),
    sa.CheckConstraint("state <> 'returned' OR reason <> ''", name=op.f('ck_development_plan_return_has_reason')),
    sa.CheckConstraint("state NOT IN ('returned', 'approved') OR decided_at IS NOT NULL", name=op.f('ck_development_plan_decided_when_dated')),
    sa.CheckConstraint('person_id <> decided_by_id', name=op.f('ck_development_plan_decided_by_another')),
    sa.CheckConstraint('reminders >= 0', name=op.f('ck_development_plan_reminders_counted')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_development_plan_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_development_plan_decided_by_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_development_plan'))
    )
    with op.batch_alter_table('development_plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_development_plan_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_development_plan_state_told_at', ['state', 'told_at'], unique=False)
        batch_op.create_index('uq_development_plan_open', ['person_id'], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)

    op.create_table('development_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('hours', sa.Numeric(precision=6, scale=2), nullable=False),
    sa.Column('competency_id', sa.Integer(), nullable=True),
    sa.Column('level', sa.Integer(), nullable=True),
    sa.Column('serves', JSON, nullable=False),
    sa.Column('chosen', sa.Boolean(), nullable=False),
    sa.Column('asked_at', MOMENT, nullable=True),
    sa.CheckConstraint("kind IN ('course', 'observation', 'claim')", name=op.f('ck_development_item_known_kind')),
    sa.CheckConstraint("(kind = 'course') = (course_id IS NOT NULL)", name=op.f('ck_development_item_course_of_a_course')),
    sa.CheckConstraint("(kind = 'course') = (competency_id IS NULL)", name=op.f('ck_development_item_evidence_of_a_competency')),
    sa.CheckConstraint("(kind = 'course') = (level IS NULL)", name=op.f('ck_development_item_evidence_of_a_level')),
    sa.CheckConstraint('level BETWEEN 1 AND 4', name=op.f('ck_development_item_known_level')),
    sa.CheckConstraint("asked_at IS NULL OR kind = 'observation'", name=op.f('ck_development_item_only_observations_are_asked_for')),
    sa.CheckConstraint('hours >= 0', name=op.f('ck_development_item_hours_not_negative')),
    sa.ForeignKeyConstraint(['plan_id'], ['development_plan.id'], name=op.f('fk_development_item_plan_id_development_plan'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_development_item_course_id_course')),
    sa.ForeignKeyConstraint(['competency_id'], ['competency.id'], name=op.f('fk_development_item_competency_id_competency')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_development_item')),
    sa.UniqueConstraint('plan_id', 'course_id', name='uq_development_item_course'),
    sa.UniqueConstraint('plan_id', 'competency_id', 'kind', name='uq_development_item_evidence')
    )
    with op.batch_alter_table('development_item', schema=None) as batch_op:
        for column in ('plan_id', 'course_id', 'competency_id'):
            batch_op.create_index(batch_op.f(f'ix_development_item_{column}'), [column], unique=False)


def downgrade():
    op.drop_table('development_item')
    op.drop_table('development_plan')
