"""the precision of evidence

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.add_column(sa.Column('low', sa.Numeric(precision=9, scale=8), nullable=True))
        batch_op.add_column(sa.Column('high', sa.Numeric(precision=9, scale=8), nullable=True))
        batch_op.add_column(sa.Column('method', sa.String(length=10), nullable=True))
        batch_op.create_check_constraint(batch_op.f('ck_evidence_interval_in_range'), 'low >= 0 AND low <= high AND high <= 1')
        batch_op.create_check_constraint(batch_op.f('ck_evidence_known_method'), "method IN ('rasch', 'binomial')")
        batch_op.create_check_constraint(batch_op.f('ck_evidence_interval_has_method'), '(low IS NULL) = (method IS NULL) AND (high IS NULL) = (method IS NULL)')


def downgrade():
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        for name in ('interval_has_method', 'known_method', 'interval_in_range'):
            batch_op.drop_constraint(batch_op.f(f'ck_evidence_{name}'), type_='check')
        for name in ('method', 'high', 'low'):
            batch_op.drop_column(name)
