"""changes of the address that somebody signs in with

Revision ID: 0053
Revises: 0052
"""

import sqlalchemy as sa
from alembic import op

revision = '0053'
down_revision = '0052'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WAITING = sa.text('outcome IS NULL')


def upgrade():
    op.create_table('address_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('former', sa.String(length=254), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('stop_digest', sa.String(length=64), nullable=False),
    sa.Column('asked_at', MOMENT, nullable=False),
    sa.Column('expires_at', MOMENT, nullable=False),
    sa.Column('stop_until', MOMENT, nullable=False),
    sa.Column('confirmed_at', MOMENT, nullable=True),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.CheckConstraint("outcome IN ('confirmed', 'stopped', 'overtaken')", name=op.f('ck_address_change_known_outcome')),
    sa.CheckConstraint('(outcome IS NULL) = (decided_at IS NULL)', name=op.f('ck_address_change_decided_when_dated')),
    sa.CheckConstraint("outcome <> 'confirmed' OR confirmed_at IS NOT NULL", name=op.f('ck_address_change_confirmed_when_dated')),
    sa.CheckConstraint('email = lower(email) AND former = lower(former)', name=op.f('ck_address_change_email_in_lower_case')),
    sa.CheckConstraint('email <> former', name=op.f('ck_address_change_another_address')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_address_change_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_address_change_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_address_change')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_address_change_token_digest')),
    sa.UniqueConstraint('stop_digest', name=op.f('uq_address_change_stop_digest'))
    )
    op.create_index(op.f('ix_address_change_account_id'), 'address_change', ['account_id'])
    op.create_index(
        'uq_address_change_waiting', 'address_change', ['account_id'],
        unique=True, sqlite_where=WAITING, postgresql_where=WAITING,
    )


def downgrade():
    op.drop_table('address_change')
