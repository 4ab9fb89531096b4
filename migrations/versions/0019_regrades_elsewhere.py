"""regrades elsewhere

Revision ID: 0019
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('regrade', schema=None) as batch_op:
        batch_op.add_column(sa.Column('origin_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_regrade_origin_id_regrade'), 'regrade', ['origin_id'], ['id'])
        batch_op.create_unique_constraint('uq_regrade_carried_once', ['origin_id', 'quiz_id', 'question_version_id'])


def downgrade():
    with op.batch_alter_table('regrade', schema=None) as batch_op:
        batch_op.drop_constraint('uq_regrade_carried_once', type_='unique')
        batch_op.drop_constraint(batch_op.f('fk_regrade_origin_id_regrade'), type_='foreignkey')
        batch_op.drop_column('origin_id')
