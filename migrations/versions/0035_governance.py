"""roles of auditors, credential officers and reviewers, keys replaced by two, the audit trail as a chain

Revision ID: 0035
Revises: 0033
"""

import hashlib
import json
from datetime import UTC

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None

SCOPE = ['person_id', 'role', sa.text('coalesce(organisation_id, 0)'), sa.text('coalesce(org_unit_id, 0)')]
BEFORE = "role IN ('administrator', 'trainer', 'manager', 'committee')"
AFTER = "role IN ('administrator', 'trainer', 'manager', 'committee', 'auditor', 'officer', 'reviewer')"


MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), 'postgresql')
ENTRY = {
    'id': sa.Integer, 'at': MOMENT, 'act': sa.String, 'actor_id': sa.Integer, 'organisation_id': sa.Integer,
    'subject_type': sa.String, 'subject_id': sa.Integer, 'subject_label': sa.String, 'before': JSON, 'after': JSON, 'address': sa.String,
}


def upgrade():
    roles(AFTER)
    keys()
    chain()


def chain():
    op.create_table('audit_link',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_audit_link_number_positive')),
    sa.ForeignKeyConstraint(['entry_id'], ['audit_entry.id'], name=op.f('fk_audit_link_entry_id_audit_entry')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_audit_link')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_audit_link_entry_id'))
    )
    op.create_table('trail_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('through', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('broken_at', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trail_check'))
    )
    link_what_is_there()


def link_what_is_there():
    """Entries from before the chain are linked in their order; what was changed earlier cannot be known."""
    entry = sa.table('audit_entry', *(sa.column(name, kind) for name, kind in ENTRY.items()))
    link = sa.table('audit_link', sa.column('number', sa.Integer), sa.column('entry_id', sa.Integer), sa.column('digest', sa.String))
    bind, number, last, digest = op.get_bind(), 0, 0, '0' * 64
    while rows := bind.execute(sa.select(entry).where(entry.c.id > last).order_by(entry.c.id).limit(1000)).all():
        made = []
        for row in rows:
            values = dict(row._mapping)
            at = values['at']
            values['at'] = (at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)).isoformat(timespec='microseconds')
            said = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(',', ':'))
            number, last, digest = number + 1, row.id, hashlib.sha256(f'{digest}\n{said}'.encode()).hexdigest()
            made.append({'number': number, 'entry_id': row.id, 'digest': digest})
        bind.execute(link.insert(), made)


def keys():
    op.create_table('key_proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seen', sa.String(length=60), nullable=False),
    sa.Column('brings', sa.String(length=60), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('proposed_at', MOMENT, nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=False),
    sa.Column('waits', sa.Boolean(), nullable=True),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.String(length=300), nullable=True),
    sa.CheckConstraint('waits IS NULL OR waits', name=op.f('ck_key_proposal_waits_or_null')),
    sa.CheckConstraint("outcome IN ('confirmed', 'declined', 'withdrawn')", name=op.f('ck_key_proposal_known_outcome')),
    sa.CheckConstraint('(waits IS NULL) = (outcome IS NOT NULL)', name=op.f('ck_key_proposal_waits_until_decided')),
    sa.CheckConstraint('(outcome IS NULL) = (decided_at IS NULL)', name=op.f('ck_key_proposal_decided_when_dated')),
    sa.CheckConstraint('(outcome IS NULL) = (decided_by_id IS NULL)', name=op.f('ck_key_proposal_decided_by_somebody')),
    sa.CheckConstraint("outcome = 'withdrawn' OR decided_by_id <> proposed_by_id", name=op.f('ck_key_proposal_decided_by_another')),
    sa.CheckConstraint("outcome = 'confirmed' OR outcome IS NULL OR length(answer) > 0", name=op.f('ck_key_proposal_declined_with_reason')),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_key_proposal_proposed_with_reason')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_key_proposal')),
    sa.UniqueConstraint('waits', name=op.f('uq_key_proposal_waits'))
    )
    with op.batch_alter_table('signing_key') as batch_op:
        batch_op.add_column(sa.Column('proposal_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_signing_key_proposal_id_key_proposal', 'key_proposal', ['proposal_id'], ['id'])
        batch_op.create_unique_constraint('uq_signing_key_proposal_id', ['proposal_id'])


def roles(known):
    # The index over expressions is not seen when SQLite builds the table anew.
    op.drop_index('uq_role_grant_scope', 'role_grant')
    with op.batch_alter_table('role_grant') as batch_op:
        batch_op.drop_constraint(op.f('ck_role_grant_known_role'), type_='check')
        batch_op.create_check_constraint(op.f('ck_role_grant_known_role'), known)
    op.create_index('uq_role_grant_scope', 'role_grant', SCOPE, unique=True)


def downgrade():
    op.drop_table('trail_check')
    op.drop_table('audit_link')
    with op.batch_alter_table('signing_key') as batch_op:
        batch_op.drop_constraint('uq_signing_key_proposal_id', type_='unique')
        batch_op.drop_constraint('fk_signing_key_proposal_id_key_proposal', type_='foreignkey')
        batch_op.drop_column('proposal_id')
    op.drop_table('key_proposal')
    op.execute("DELETE FROM role_grant WHERE role IN ('auditor', 'officer', 'reviewer')")
    roles(BEFORE)
