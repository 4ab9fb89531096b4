"""letters by choice, in digests, held in quiet hours; the ladder of due days

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
WAITING = sa.text('waits_for IS NOT NULL')


def upgrade():
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.add_column(sa.Column('about_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('waits_for', sa.String(length=10), nullable=True))
        batch_op.create_check_constraint(op.f('ck_notice_known_digest'), "waits_for IS NULL OR waits_for IN ('daily', 'weekly')")
        batch_op.create_index('ix_notice_waiting', ['waits_for', 'person_id'], unique=False, sqlite_where=WAITING, postgresql_where=WAITING)

    op.create_table('letter_choice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('rhythm', sa.String(length=10), nullable=False),
    sa.Column('changed_at', MOMENT, nullable=False),
    sa.CheckConstraint("rhythm IN ('now', 'daily', 'weekly', 'never')", name=op.f('ck_letter_choice_known_rhythm')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_letter_choice_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_choice')),
    sa.UniqueConstraint('person_id', 'kind', name=op.f('uq_letter_choice_person_id_kind'))
    )

    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.add_column(sa.Column('about_id', sa.Integer(), nullable=True))
        batch_op.drop_constraint(op.f('ck_letter_known_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_letter_known_state'), "state IN ('queued', 'sent', 'kept', 'failed', 'dropped')")

    op.create_table('letter_rules',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('quiet_from', sa.Time(), nullable=True),
    sa.Column('quiet_until', sa.Time(), nullable=True),
    sa.Column('quiet_weekend', sa.Boolean(), nullable=False),
    sa.Column('remind_before', JSON, nullable=False),
    sa.Column('manager_after', sa.Integer(), nullable=False),
    sa.Column('administrator_after', sa.Integer(), nullable=False),
    sa.Column('changed_at', MOMENT, nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_letter_rules_only_one')),
    sa.CheckConstraint('(quiet_from IS NULL) = (quiet_until IS NULL)', name=op.f('ck_letter_rules_both_ends_or_none')),
    sa.CheckConstraint('quiet_from <> quiet_until', name=op.f('ck_letter_rules_ends_differ')),
    sa.CheckConstraint('manager_after > 0 AND administrator_after > manager_after', name=op.f('ck_letter_rules_ladder_climbs')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_rules'))
    )

    op.create_table('due_reminder',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('rung', sa.String(length=14), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('told_on', sa.Date(), nullable=False),
    sa.CheckConstraint("rung IN ('before', 'overdue', 'manager', 'administrator')", name=op.f('ck_due_reminder_known_rung')),
    sa.CheckConstraint("(rung = 'before') = (days > 0)", name=op.f('ck_due_reminder_days_before')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_due_reminder_enrolment_id_enrolment'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_due_reminder')),
    sa.UniqueConstraint('enrolment_id', 'due_on', 'rung', 'days', name='uq_due_reminder_once')
    )

    op.create_table('calendar_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_calendar_link_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_link')),
    sa.UniqueConstraint('person_id', name=op.f('uq_calendar_link_person_id')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_calendar_link_token_digest'))
    )


def downgrade():
    op.drop_table('calendar_link')
    op.drop_table('due_reminder')
    op.drop_table('letter_rules')
    op.execute("UPDATE letter SET state = 'kept' WHERE state = 'dropped'")
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_letter_known_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_letter_known_state'), "state IN ('queued', 'sent', 'kept', 'failed')")
        batch_op.drop_column('about_id')
    op.drop_table('letter_choice')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index('ix_notice_waiting')
        batch_op.drop_constraint(op.f('ck_notice_known_digest'), type_='check')
        batch_op.drop_column('waits_for')
        batch_op.drop_column('about_id')
