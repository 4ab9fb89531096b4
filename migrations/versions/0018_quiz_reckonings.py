"""quiz reckonings

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table('quiz_reckoning',
    sa.Column('quiz_version_id', sa.Integer(), nullable=False),
    sa.Column('as_of', MOMENT, nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('basis', sa.String(length=120), nullable=False),
    sa.Column('layout', sa.Integer(), nullable=False),
    sa.Column('document', JSON, nullable=False),
    sa.CheckConstraint('attempts >= 0', name=op.f('ck_quiz_reckoning_attempts_not_negative')),
    sa.CheckConstraint('layout >= 1', name=op.f('ck_quiz_reckoning_layout_numbered')),
    sa.ForeignKeyConstraint(['quiz_version_id'], ['quiz_version.id'], name=op.f('fk_quiz_reckoning_quiz_version_id_quiz_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('quiz_version_id', name=op.f('pk_quiz_reckoning'))
    )


def downgrade():
    op.drop_table('quiz_reckoning')
