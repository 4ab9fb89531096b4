"""appraisal cycles that are ended before their last day

Revision ID: 0051
Revises: 0049
"""

import sqlalchemy as sa
from alembic import op

revision = '0051'
down_revision = "0050"
branch_labels = None
depends_on = None

RULE = 'ended_by_id IS NULL OR ended_at IS NOT NULL'


def upgrade():
    op.add_column('appraisal_cycle', sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('appraisal_cycle', sa.Column('ended_by_id', sa.Integer(), nullable=True))
    with op.batch_alter_table('appraisal_cycle') as batch_op:
        batch_op.create_foreign_key(
            op.f('fk_appraisal_cycle_ended_by_id_person'), 'person', ['ended_by_id'], ['id'], ondelete='SET NULL'
        )
        batch_op.create_check_constraint(op.f('ck_appraisal_cycle_ended_by_when_ended'), RULE)


def downgrade():
    with op.batch_alter_table('appraisal_cycle') as batch_op:
        batch_op.drop_constraint(op.f('ck_appraisal_cycle_ended_by_when_ended'), type_='check')
        batch_op.drop_constraint(op.f('fk_appraisal_cycle_ended_by_id_person'), type_='foreignkey')
        batch_op.drop_column('ended_by_id')
        batch_op.drop_column('ended_at')
