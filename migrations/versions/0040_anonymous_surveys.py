"""anonymous surveys, and what was said in them without anybody's name

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def upgrade():
    op.create_table(
        'anonymous_survey',
        sa.Column('quiz_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(['quiz_id'], ['quiz.id'], name=op.f('fk_anonymous_survey_quiz_id_quiz'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('quiz_id', name=op.f('pk_anonymous_survey')),
    )
    op.create_table(
        'survey_sheet',
        sa.Column('key', sa.String(length=32), nullable=False),
        sa.Column('quiz_id', sa.Integer(), nullable=False),
        sa.Column('quiz_version_id', sa.Integer(), nullable=False),
        sa.Column('answers', DOCUMENT, nullable=True),
        sa.Column('sealed', sa.Text(), nullable=True),
        sa.CheckConstraint('(answers IS NULL) <> (sealed IS NULL)', name=op.f('ck_survey_sheet_open_or_sealed')),
        sa.ForeignKeyConstraint(
            ['quiz_id'], ['anonymous_survey.quiz_id'], name=op.f('fk_survey_sheet_quiz_id_anonymous_survey')
        ),
        sa.ForeignKeyConstraint(
            ['quiz_version_id'], ['quiz_version.id'], name=op.f('fk_survey_sheet_quiz_version_id_quiz_version')
        ),
        sa.PrimaryKeyConstraint('key', name=op.f('pk_survey_sheet')),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f('ix_survey_sheet_quiz_id'), 'survey_sheet', ['quiz_id'])
    op.create_index(op.f('ix_survey_sheet_quiz_version_id'), 'survey_sheet', ['quiz_version_id'])


def downgrade():
    op.drop_table('survey_sheet')
    op.drop_table('anonymous_survey')
