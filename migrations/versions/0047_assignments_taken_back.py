"""assignments that can be taken back

Revision ID: 0047
Revises: 0044
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0047'
down_revision = '0046'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def upgrade():
    op.create_table('assigned_place',
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('state_before', sa.String(length=10), nullable=True),
    sa.Column('assignment_before_id', sa.Integer(), nullable=True),
    sa.Column('due_before', sa.Date(), nullable=True),
    sa.Column('undone', sa.Boolean(), nullable=False),
    sa.CheckConstraint("state_before IN ('active', 'withdrawn')", name=op.f('ck_assigned_place_known_state')),
    sa.CheckConstraint('state_before IS NOT NULL OR (assignment_before_id IS NULL AND due_before IS NULL)', name=op.f('ck_assigned_place_nothing_before')),
    sa.CheckConstraint('assignment_before_id <> assignment_id', name=op.f('ck_assigned_place_another_before')),
    sa.ForeignKeyConstraint(['assignment_before_id'], ['assignment.id'], name=op.f('fk_assigned_place_assignment_before_id_assignment'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_assigned_place_assignment_id_assignment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_assigned_place_enrolment_id_enrolment'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('assignment_id', 'enrolment_id', name=op.f('pk_assigned_place'))
    )
    op.create_index(op.f('ix_assigned_place_enrolment_id'), 'assigned_place', ['enrolment_id'], unique=False)
    op.create_table('assignment_undoing',
    sa.Column('assignment_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('counts', JSON, nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_assignment_undoing_assignment_id_assignment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_assignment_undoing_by_id_person')),
    sa.PrimaryKeyConstraint('assignment_id', name=op.f('pk_assignment_undoing'))
    )


def downgrade():
    op.drop_table('assignment_undoing')
    op.drop_index(op.f('ix_assigned_place_enrolment_id'), table_name='assigned_place')
    op.drop_table('assigned_place')
