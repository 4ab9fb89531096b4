"""marks and regrades

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
MARKING = "marking IS NULL OR marking IN ('first', 'second', 'third', 'marked')"


def recheck(table, name, rule):
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(op.f(f'ck_{table}_{name}'), type_='check')
        batch_op.create_check_constraint(op.f(f'ck_{table}_{name}'), rule)


def upgrade():
    for column in (sa.Column('marking', sa.String(length=6), nullable=True), sa.Column('answered_version_id', sa.Integer(), nullable=True)):
        op.add_column('attempt_item', column)
    with op.batch_alter_table('attempt_item') as batch_op:
        batch_op.create_check_constraint(op.f('ck_attempt_item_known_marking'), MARKING)
        batch_op.create_foreign_key(op.f('fk_attempt_item_answered_version_id_question_version'), 'question_version', ['answered_version_id'], ['id'])
    op.create_index('ix_attempt_item_marking', 'attempt_item', ['marking'], unique=False,
                    sqlite_where=sa.text('marking IS NOT NULL'), postgresql_where=sa.text('marking IS NOT NULL'))
    recheck('stored_file', 'known_audience', "audience IN ('public', 'signed_in', 'nobody')")
    recheck('evidence', 'known_kind', "kind IN ('attempt', 'course', 'regrade')")

    op.create_table('answer_mark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('marker_id', sa.Integer(), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('picks', JSON, nullable=False),
    sa.Column('share', sa.Numeric(precision=12, scale=10), nullable=True),
    sa.Column('comment', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('claimed_at', MOMENT, nullable=False),
    sa.Column('held_until', MOMENT, nullable=False),
    sa.Column('saved_at', MOMENT, nullable=True),
    sa.CheckConstraint('turn BETWEEN 1 AND 3', name=op.f('ck_answer_mark_known_turn')),
    sa.CheckConstraint("state IN ('claimed', 'draft', 'final')", name=op.f('ck_answer_mark_known_state')),
    sa.CheckConstraint('share IS NULL OR (share >= 0 AND share <= 1)', name=op.f('ck_answer_mark_share_in_range')),
    sa.CheckConstraint("state <> 'final' OR share IS NOT NULL", name=op.f('ck_answer_mark_final_with_share')),
    sa.ForeignKeyConstraint(['item_id'], ['attempt_item.id'], name=op.f('fk_answer_mark_item_id_attempt_item'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['marker_id'], ['person.id'], name=op.f('fk_answer_mark_marker_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_mark')),
    sa.UniqueConstraint('item_id', 'marker_id', name='uq_answer_mark_marker'),
    sa.UniqueConstraint('item_id', 'turn', name='uq_answer_mark_turn')
    )
    op.create_index(op.f('ix_answer_mark_marker_id'), 'answer_mark', ['marker_id'], unique=False)

    op.create_table('quiz_marker',
    sa.Column('quiz_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('named_by_id', sa.Integer(), nullable=True),
    sa.Column('named_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['named_by_id'], ['person.id'], name=op.f('fk_quiz_marker_named_by_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_quiz_marker_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['quiz_id'], ['quiz.id'], name=op.f('fk_quiz_marker_quiz_id_quiz'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('quiz_id', 'person_id', name=op.f('pk_quiz_marker'))
    )
    op.create_index(op.f('ix_quiz_marker_person_id'), 'quiz_marker', ['person_id'], unique=False)

    op.create_table('mark_release',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('quiz_id', sa.Integer(), nullable=False),
    sa.Column('released_by_id', sa.Integer(), nullable=False),
    sa.Column('released_at', MOMENT, nullable=False),
    sa.Column('attempt_ids', JSON, nullable=False),
    sa.ForeignKeyConstraint(['quiz_id'], ['quiz.id'], name=op.f('fk_mark_release_quiz_id_quiz')),
    sa.ForeignKeyConstraint(['released_by_id'], ['person.id'], name=op.f('fk_mark_release_released_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mark_release'))
    )
    op.create_index(op.f('ix_mark_release_quiz_id'), 'mark_release', ['quiz_id'], unique=False)

    op.create_table('regrade',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('quiz_id', sa.Integer(), nullable=False),
    sa.Column('question_version_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.String(length=8), nullable=False),
    sa.Column('new_version_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('touched', sa.Integer(), nullable=False),
    sa.Column('effect', JSON, nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=False),
    sa.Column('proposed_at', MOMENT, nullable=False),
    sa.Column('applied_by_id', sa.Integer(), nullable=True),
    sa.Column('applied_at', MOMENT, nullable=True),
    sa.CheckConstraint("act IN ('key', 'void', 'full', 'restore')", name=op.f('ck_regrade_known_act')),
    sa.CheckConstraint("state IN ('proposed', 'applied', 'discarded')", name=op.f('ck_regrade_known_state')),
    sa.CheckConstraint("(act = 'key') = (new_version_id IS NOT NULL)", name=op.f('ck_regrade_key_with_version')),
    sa.CheckConstraint("(state = 'applied') = (applied_at IS NOT NULL)", name=op.f('ck_regrade_applied_when_dated')),
    sa.ForeignKeyConstraint(['applied_by_id'], ['person.id'], name=op.f('fk_regrade_applied_by_id_person')),
    sa.ForeignKeyConstraint(['new_version_id'], ['question_version.id'], name=op.f('fk_regrade_new_version_id_question_version')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['person.id'], name=op.f('fk_regrade_proposed_by_id_person')),
    sa.ForeignKeyConstraint(['question_version_id'], ['question_version.id'], name=op.f('fk_regrade_question_version_id_question_version')),
    sa.ForeignKeyConstraint(['quiz_id'], ['quiz.id'], name=op.f('fk_regrade_quiz_id_quiz')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_regrade'))
    )
    op.create_index(op.f('ix_regrade_question_version_id'), 'regrade', ['question_version_id'], unique=False)
    op.create_index(op.f('ix_regrade_quiz_id'), 'regrade', ['quiz_id'], unique=False)

    op.create_table('regrade_effect',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('regrade_id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('score_before', sa.Numeric(precision=12, scale=6), nullable=False),
    sa.Column('max_before', sa.Numeric(precision=12, scale=6), nullable=False),
    sa.Column('passed_before', sa.Boolean(), nullable=False),
    sa.Column('score_after', sa.Numeric(precision=12, scale=6), nullable=False),
    sa.Column('max_after', sa.Numeric(precision=12, scale=6), nullable=False),
    sa.Column('passed_after', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_regrade_effect_attempt_id_attempt'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['regrade_id'], ['regrade.id'], name=op.f('fk_regrade_effect_regrade_id_regrade'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_regrade_effect')),
    sa.UniqueConstraint('regrade_id', 'attempt_id', name='uq_regrade_effect')
    )
    op.create_index(op.f('ix_regrade_effect_attempt_id'), 'regrade_effect', ['attempt_id'], unique=False)

    op.create_table('certificate_doubt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('regrade_id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('raised_at', MOMENT, nullable=False),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.CheckConstraint('(decided_at IS NULL) = (reason IS NULL)', name=op.f('ck_certificate_doubt_decided_with_reason')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_certificate_doubt_attempt_id_attempt'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_certificate_doubt_certificate_id_certificate'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_certificate_doubt_decided_by_id_person')),
    sa.ForeignKeyConstraint(['regrade_id'], ['regrade.id'], name=op.f('fk_certificate_doubt_regrade_id_regrade'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_doubt')),
    sa.UniqueConstraint('certificate_id', 'regrade_id', name='uq_certificate_doubt')
    )
    for column in ('attempt_id', 'decided_at', 'regrade_id'):
        op.create_index(op.f(f'ix_certificate_doubt_{column}'), 'certificate_doubt', [column], unique=False)


def downgrade():
    for table in ('certificate_doubt', 'regrade_effect', 'regrade', 'mark_release', 'quiz_marker', 'answer_mark'):
        op.drop_table(table)
    op.execute("DELETE FROM evidence WHERE kind = 'regrade'")
    recheck('evidence', 'known_kind', "kind IN ('attempt', 'course')")
    # A course that is none keeps the older academy from serving these files to everyone signed in.
    op.execute("UPDATE stored_file SET audience = 'signed_in', course_id = -1 WHERE audience = 'nobody'")
    recheck('stored_file', 'known_audience', "audience IN ('public', 'signed_in')")
    op.drop_index('ix_attempt_item_marking', table_name='attempt_item')
    with op.batch_alter_table('attempt_item') as batch_op:
        batch_op.drop_constraint(op.f('fk_attempt_item_answered_version_id_question_version'), type_='foreignkey')
        batch_op.drop_constraint(op.f('ck_attempt_item_known_marking'), type_='check')
        batch_op.drop_column('answered_version_id')
        batch_op.drop_column('marking')
