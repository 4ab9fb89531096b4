"""anonymising people, legal holds, the retention of the register

Revision ID: 0044
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0044'
down_revision = '0043'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
PERSON_CHECKS = {
    'known_calendar': "calendar IN ('hijri', 'gregorian', 'both')",
    'known_digits': "digits IN ('latn', 'arab')",
    'known_language': "language IN ('ar', 'en')",
    'known_state': "state IN ('invited', 'active', 'suspended')",
    'email_in_lower_case': 'email = lower(email)',
    'not_their_own_manager': 'manager_id <> id',
}
NOBODY = (
    "anonymised_at IS NULL OR (state = 'suspended' AND account_id IS NULL AND mobile IS NULL"
    ' AND employee_number IS NULL AND NOT held)'
)
ACADEMY_CHECKS = {'only_one': 'id = 1'}
CHECKS = {
    'known_outcome': "outcome IN ('confirmed', 'declined', 'withdrawn')",
    'decided_when_dated': '(outcome IS NULL) = (decided_at IS NULL)',
    'decided_by_somebody': '(outcome IS NULL) = (decided_by_id IS NULL)',
    'decided_by_another': "outcome IS NULL OR outcome = 'withdrawn' OR alone OR decided_by_id <> proposed_by_id",
    'declined_with_reason': "outcome <> 'declined' OR length(answer) > 0",
    'proposed_with_reason': 'length(reason) > 0',
    'finished_when_confirmed': "finished_at IS NULL OR outcome = 'confirmed'",
    'names_forgotten': 'finished_at IS NULL OR names IS NULL',
}


def rebuild(table, checks, change):
    """Change a table. SQLite rebuilds it, and forgets the checks that are not named again."""
    with op.batch_alter_table(table) as batch_op:
        if op.get_bind().dialect.name == 'sqlite':
            for name, rule in checks.items():
                batch_op.drop_constraint(op.f(f'ck_{table}_{name}'), type_='check')
                batch_op.create_check_constraint(op.f(f'ck_{table}_{name}'), rule)
        change(batch_op)


def upgrade():
    op.add_column('person', sa.Column('held', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('person', sa.Column('anonymised_at', MOMENT, nullable=True))
    rebuild('person', PERSON_CHECKS, lambda batch_op: batch_op.create_check_constraint(op.f('ck_person_anonymised_is_nobody'), NOBODY))
    op.add_column('academy', sa.Column('retention_years', sa.Integer(), server_default=sa.text('10'), nullable=False))
    rebuild('academy', ACADEMY_CHECKS, lambda batch_op: batch_op.create_check_constraint(op.f('ck_academy_retention_in_range'), 'retention_years BETWEEN 1 AND 50'))
    op.add_column('certificate', sa.Column('closed_on', sa.Date(), nullable=True))
    op.create_table('anonymisation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('proposed_at', MOMENT, nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=False),
    sa.Column('alone', sa.Boolean(), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.String(length=500), nullable=True),
    sa.Column('names', JSON, nullable=True),
    sa.Column('finished_at', MOMENT, nullable=True),
    *(sa.CheckConstraint(rule, name=op.f(f'ck_anonymisation_{name}')) for name, rule in CHECKS.items()),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_anonymisation_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_anonymisation'))
    )
    op.create_index('ix_anonymisation_person_id', 'anonymisation', ['person_id'])
    op.create_index('uq_anonymisation_waiting', 'anonymisation', ['person_id'], unique=True,
        sqlite_where=sa.text('outcome IS NULL'), postgresql_where=sa.text('outcome IS NULL'))
    op.create_table('legal_hold',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('placed_at', MOMENT, nullable=False),
    sa.Column('placed_by_id', sa.Integer(), nullable=False),
    sa.Column('lifted_at', MOMENT, nullable=True),
    sa.Column('lifted_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_legal_hold_placed_with_reason')),
    sa.CheckConstraint('(lifted_at IS NULL) = (lifted_by_id IS NULL)', name=op.f('ck_legal_hold_lifted_by_somebody')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_legal_hold_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_hold'))
    )
    op.create_index('uq_legal_hold_open', 'legal_hold', ['person_id'], unique=True,
        sqlite_where=sa.text('lifted_at IS NULL'), postgresql_where=sa.text('lifted_at IS NULL'))


def downgrade():
    op.drop_table('legal_hold')
    op.drop_table('anonymisation')
    op.drop_column('certificate', 'closed_on')
    rebuild('academy', ACADEMY_CHECKS, unbind_academy)
    rebuild('person', PERSON_CHECKS, unbind_person)


def unbind_academy(batch_op):
    batch_op.drop_constraint(op.f('ck_academy_retention_in_range'), type_='check')
    batch_op.drop_column('retention_years')


def unbind_person(batch_op):
    batch_op.drop_constraint(op.f('ck_person_anonymised_is_nobody'), type_='check')
    batch_op.drop_column('anonymised_at')
    batch_op.drop_column('held')
