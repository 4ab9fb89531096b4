"""the question bank

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table('question_tag',
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('folded', sa.String(length=60), nullable=False),
    sa.Column('tag', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_question_tag_question_id_question'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('question_id', 'folded', name=op.f('pk_question_tag'))
    )
    with op.batch_alter_table('question_tag', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_tag_folded'), ['folded'], unique=False)

    op.create_table('question_comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('version_number', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('resolved_at', MOMENT, nullable=True),
    sa.Column('resolved_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(resolved_at IS NULL) = (resolved_by_id IS NULL)', name=op.f('ck_question_comment_resolved_by_somebody')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_question_comment_author_id_person')),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_question_comment_question_id_question'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['resolved_by_id'], ['person.id'], name=op.f('fk_question_comment_resolved_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_comment'))
    )
    with op.batch_alter_table('question_comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_comment_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_comment_question_id'), ['question_id'], unique=False)

    op.create_table('question_state_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('version_number', sa.Integer(), nullable=False),
    sa.Column('before', sa.String(length=10), nullable=False),
    sa.Column('after', sa.String(length=10), nullable=False),
    sa.Column('changed_at', MOMENT, nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('before <> after', name=op.f('ck_question_state_change_changes_something')),
    sa.ForeignKeyConstraint(['changed_by_id'], ['person.id'], name=op.f('fk_question_state_change_changed_by_id_person')),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_question_state_change_question_id_question'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_state_change'))
    )
    with op.batch_alter_table('question_state_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_state_change_question_id'), ['question_id'], unique=False)

    # Both stay empty here: the job assessment.index_questions fills what no migration can fold.
    op.add_column('question', sa.Column('lacking', sa.String(length=5), nullable=True))

    with op.batch_alter_table('question_import', schema=None) as batch_op:
        batch_op.add_column(sa.Column('organisation_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('category_id', sa.Integer(), nullable=True))
        batch_op.alter_column('activity_id', existing_type=sa.Integer(), nullable=True)
        batch_op.create_index(batch_op.f('ix_question_import_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_question_import_organisation_id_organisation'), 'organisation', ['organisation_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_question_import_category_id_question_category'), 'question_category', ['category_id'], ['id'], ondelete='SET NULL')
        batch_op.create_check_constraint(op.f('ck_question_import_one_place'), '(activity_id IS NULL) <> (organisation_id IS NULL)')


def downgrade():
    op.execute('DELETE FROM question_import WHERE activity_id IS NULL')
    with op.batch_alter_table('question_import', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_question_import_one_place'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_question_import_category_id_question_category'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_question_import_organisation_id_organisation'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_question_import_organisation_id'))
        batch_op.alter_column('activity_id', existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column('category_id')
        batch_op.drop_column('organisation_id')

    op.drop_column('question', 'lacking')
    op.drop_table('question_state_change')
    op.drop_table('question_comment')
    op.drop_table('question_tag')
