"""accommodations, refusals of saves, hints

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
COLUMNS = (('saved_by', sa.String(length=40)), ('timed_until', MOMENT), ('network', sa.String(length=16)), ('compared_at', MOMENT))


def upgrade():
    for name, kind in COLUMNS:
        op.add_column('attempt', sa.Column(name, kind, nullable=True))

    op.create_table('accommodation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('extra_percent', sa.Integer(), nullable=False),
    sa.Column('extra_attempts', sa.Integer(), nullable=False),
    sa.Column('larger_text', sa.Boolean(), nullable=False),
    sa.Column('no_clock', sa.Boolean(), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('granted_by_id', sa.Integer(), nullable=True),
    sa.Column('granted_at', MOMENT, nullable=False),
    sa.CheckConstraint('extra_percent BETWEEN 0 AND 300', name=op.f('ck_accommodation_extra_percent_in_range')),
    sa.CheckConstraint('extra_attempts BETWEEN 0 AND 20', name=op.f('ck_accommodation_extra_attempts_in_range')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_accommodation_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accommodation')),
    sa.UniqueConstraint('person_id', name=op.f('uq_accommodation_person_id'))
    )

    op.create_table('accommodation_date',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('quiz_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('opens_at', MOMENT, nullable=True),
    sa.Column('closes_at', MOMENT, nullable=True),
    sa.Column('ends_at', MOMENT, nullable=True),
    sa.Column('granted_by_id', sa.Integer(), nullable=True),
    sa.Column('granted_at', MOMENT, nullable=False),
    sa.CheckConstraint('opens_at IS NOT NULL OR closes_at IS NOT NULL OR ends_at IS NOT NULL', name=op.f('ck_accommodation_date_some_date')),
    sa.CheckConstraint('closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at', name=op.f('ck_accommodation_date_closes_after_opening')),
    sa.ForeignKeyConstraint(['quiz_id'], ['quiz.id'], name=op.f('fk_accommodation_date_quiz_id_quiz'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_accommodation_date_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accommodation_date')),
    sa.UniqueConstraint('quiz_id', 'person_id', name='uq_accommodation_date_person')
    )
    with op.batch_alter_table('accommodation_date', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_accommodation_date_person_id'), ['person_id'], unique=False)

    op.create_table('save_refusal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=12), nullable=False),
    sa.Column('client_key', sa.String(length=40), nullable=False),
    sa.Column('client_sequence', sa.Integer(), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.CheckConstraint("reason IN ('closed', 'newer', 'unreadable')", name=op.f('ck_save_refusal_known_reason')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_save_refusal_attempt_id_attempt'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_save_refusal'))
    )
    with op.batch_alter_table('save_refusal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_save_refusal_attempt_id'), ['attempt_id'], unique=False)

    op.create_table('integrity_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=True),
    sa.Column('detail', JSON, nullable=False),
    sa.CheckConstraint("kind IN ('away', 'address', 'fast_answers', 'fast_attempt', 'same_wrong')", name=op.f('ck_integrity_event_known_kind')),
    sa.CheckConstraint('seconds >= 0', name=op.f('ck_integrity_event_seconds_not_negative')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_integrity_event_attempt_id_attempt'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['other_id'], ['attempt.id'], name=op.f('fk_integrity_event_other_id_attempt'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_integrity_event'))
    )
    with op.batch_alter_table('integrity_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_integrity_event_attempt_id'), ['attempt_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_integrity_event_other_id'), ['other_id'], unique=False)
        batch_op.create_index('uq_integrity_event_pair', ['attempt_id', 'other_id'], unique=True, sqlite_where=sa.text('other_id IS NOT NULL'), postgresql_where=sa.text('other_id IS NOT NULL'))

    op.create_table('integrity_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('note', sa.String(length=1000), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', MOMENT, nullable=False),
    sa.CheckConstraint("outcome IN ('dismissed', 'noted')", name=op.f('ck_integrity_note_known_outcome')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_integrity_note_attempt_id_attempt'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_integrity_note'))
    )
    with op.batch_alter_table('integrity_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_integrity_note_attempt_id'), ['attempt_id'], unique=False)


def downgrade():
    for table, indexes in (('integrity_note', ('attempt_id',)), ('integrity_event', ('other_id', 'attempt_id')),
                           ('save_refusal', ('attempt_id',)), ('accommodation_date', ('person_id',)), ('accommodation', ())):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in indexes:
                batch_op.drop_index(batch_op.f(f'ix_{table}_{column}'))
        op.drop_table(table)

    for name, _kind in reversed(COLUMNS):
        op.drop_column('attempt', name)
