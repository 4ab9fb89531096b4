"""letters in working hours

Revision ID: 0037
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = '0037'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('letter_rules') as batch_op:
        batch_op.add_column(sa.Column('working_hours', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('letter_rules') as batch_op:
        batch_op.alter_column('working_hours', server_default=None)


def downgrade():
    with op.batch_alter_table('letter_rules') as batch_op:
        batch_op.drop_column('working_hours')
