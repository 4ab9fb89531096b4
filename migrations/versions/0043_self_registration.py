"""self-registration with partners, and requests to join

Revision ID: 0043
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0043'
down_revision = '0042'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
CHECKS = {
    'known_state': "state IN ('unconfirmed', 'waiting', 'approved', 'refused')",
    'email_in_lower_case': 'email = lower(email)',
    'known_language': "language IN ('ar', 'en')",
    'confirmed_first': "(state = 'unconfirmed') = (confirmed_at IS NULL)",
    'link_until_confirmed': "(state = 'unconfirmed') = (token_digest IS NOT NULL)",
    'decided_when_dated': "(state IN ('approved', 'refused')) = (decided_at IS NOT NULL)",
    'decided_by_somebody': '(decided_at IS NULL) = (decided_by_id IS NULL)',
    'refused_with_reason': "(state = 'refused') = (reason IS NOT NULL)",
    'approved_is_a_person': "(state = 'approved') = (person_id IS NOT NULL)",
}


def upgrade():
    op.create_table('partner_self_registration',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('open', sa.Boolean(), nullable=False),
    sa.Column('domains', JSON, nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('changed_at', MOMENT, nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_partner_self_registration_organisation_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organisation_id', name=op.f('pk_partner_self_registration'))
    )
    op.create_table('partner_join_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', JSON, nullable=False),
    sa.Column('org_unit_id', sa.Integer(), nullable=True),
    sa.Column('statement', sa.String(length=600), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('token_digest', sa.String(length=64), nullable=True),
    sa.Column('asked_at', MOMENT, nullable=False),
    sa.Column('confirmed_at', MOMENT, nullable=True),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    *(sa.CheckConstraint(rule, name=op.f(f'ck_partner_join_request_{name}')) for name, rule in CHECKS.items()),
    sa.ForeignKeyConstraint(['org_unit_id'], ['org_unit.id'], name=op.f('fk_partner_join_request_org_unit_id_org_unit'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_partner_join_request_organisation_id_organisation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_partner_join_request_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_join_request')),
    sa.UniqueConstraint('person_id', name=op.f('uq_partner_join_request_person_id')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_partner_join_request_token_digest'))
    )
    op.create_index(op.f('ix_partner_join_request_organisation_id'), 'partner_join_request', ['organisation_id'])
    op.create_index('ix_partner_join_request_state_asked_at', 'partner_join_request', ['state', 'asked_at'])
    op.create_index('uq_partner_join_request_waiting', 'partner_join_request', ['organisation_id', 'email'], unique=True,
        sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))


def downgrade():
    op.drop_table('partner_join_request')
    op.drop_table('partner_self_registration')
