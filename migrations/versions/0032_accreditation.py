"""accreditation

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
SCOPE = ['person_id', 'role', sa.text('coalesce(organisation_id, 0)'), sa.text('coalesce(org_unit_id, 0)')]
BEFORE = "role IN ('administrator', 'trainer', 'manager')"
AFTER = "role IN ('administrator', 'trainer', 'manager', 'committee')"
EVERYWHERE = "role <> 'committee' OR (organisation_id IS NULL AND org_unit_id IS NULL)"
TABLES = (
    'accreditation_vote', 'accreditation_measure', 'accreditation_document', 'accreditation_suspension', 'accreditation_breach',
    'accreditation_case', 'accreditation', 'accreditation_scheme',
)


def upgrade():
    roles(AFTER, everywhere=True)
    schemes()
    cases()
    evidence()
    standing()


def roles(known, *, everywhere):
    # The index over expressions is not seen when SQLite builds the table anew.
    op.drop_index('uq_role_grant_scope', 'role_grant')
    with op.batch_alter_table('role_grant') as batch_op:
        batch_op.drop_constraint(op.f('ck_role_grant_known_role'), type_='check')
        batch_op.create_check_constraint(op.f('ck_role_grant_known_role'), known)
        if everywhere:
            batch_op.create_check_constraint(op.f('ck_role_grant_committee_everywhere'), EVERYWHERE)
        else:
            batch_op.drop_constraint(op.f('ck_role_grant_committee_everywhere'), type_='check')
    op.create_index('uq_role_grant_scope', 'role_grant', SCOPE, unique=True)


def schemes():
    op.create_table('accreditation_scheme',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('version', sa.String(length=20), nullable=False),
    sa.Column('document', JSON, nullable=False),
    sa.Column('published_at', MOMENT, nullable=False),
    sa.Column('published_by_id', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accreditation_scheme')),
    sa.UniqueConstraint('key', 'version', name='uq_accreditation_scheme_version')
    )
    op.create_table('accreditation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('scheme_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('granted_on', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('facts', JSON, nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.Column('replaced_on', sa.Date(), nullable=True),
    sa.Column('withdrawn_on', sa.Date(), nullable=True),
    sa.Column('withdrawn_reason', sa.String(length=1000), nullable=True),
    sa.Column('findings', JSON, nullable=True),
    sa.Column('found_at', MOMENT, nullable=True),
    sa.CheckConstraint('(withdrawn_on IS NULL) = (withdrawn_reason IS NULL)', name=op.f('ck_accreditation_withdrawn_with_reason')),
    sa.CheckConstraint('valid_until > granted_on', name=op.f('ck_accreditation_ends_after_start')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_accreditation_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['scheme_id'], ['accreditation_scheme.id'], name=op.f('fk_accreditation_scheme_id_accreditation_scheme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accreditation')),
    sa.UniqueConstraint('number', name=op.f('uq_accreditation_number'))
    )
    op.create_index('ix_accreditation_organisation_id', 'accreditation', ['organisation_id'])
    op.create_index('uq_accreditation_in_force', 'accreditation', ['organisation_id'], unique=True, sqlite_where=sa.text('replaced_on IS NULL AND withdrawn_on IS NULL'), postgresql_where=sa.text('replaced_on IS NULL AND withdrawn_on IS NULL'))


def cases():
    op.create_table('accreditation_case',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('scheme_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=10), nullable=False),
    sa.Column('accreditation_id', sa.Integer(), nullable=True),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('note', sa.String(length=1000), nullable=False),
    sa.Column('findings', JSON, nullable=True),
    sa.Column('found_at', MOMENT, nullable=True),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('submitted_at', MOMENT, nullable=True),
    sa.Column('sent_at', MOMENT, nullable=True),
    sa.Column('sent_by_id', sa.Integer(), nullable=True),
    sa.Column('proposed_level', sa.Integer(), nullable=True),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decision_reason', sa.String(length=1000), nullable=True),
    sa.CheckConstraint("(purpose = 'withdraw' OR state = 'granted') = (accreditation_id IS NOT NULL)", name=op.f('ck_accreditation_case_about_an_accreditation')),
    sa.CheckConstraint("(state IN ('granted', 'refused')) = (decided_at IS NOT NULL AND decision_reason IS NOT NULL)", name=op.f('ck_accreditation_case_decided_with_reason')),
    sa.CheckConstraint("purpose IN ('accredit', 'withdraw')", name=op.f('ck_accreditation_case_known_purpose')),
    sa.CheckConstraint("state IN ('draft', 'submitted', 'committee', 'granted', 'refused', 'retracted')", name=op.f('ck_accreditation_case_known_state')),
    sa.CheckConstraint('level BETWEEN 1 AND 9', name=op.f('ck_accreditation_case_known_level')),
    sa.CheckConstraint('proposed_level BETWEEN 0 AND level', name=op.f('ck_accreditation_case_proposed_within_level')),
    sa.ForeignKeyConstraint(['accreditation_id'], ['accreditation.id'], name=op.f('fk_accreditation_case_accreditation_id_accreditation')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_accreditation_case_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['scheme_id'], ['accreditation_scheme.id'], name=op.f('fk_accreditation_case_scheme_id_accreditation_scheme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accreditation_case'))
    )
    op.create_index('ix_accreditation_case_state', 'accreditation_case', ['state'])
    op.create_index('uq_accreditation_case_of', 'accreditation_case', ['accreditation_id'], unique=True, sqlite_where=sa.text("purpose = 'accredit'"), postgresql_where=sa.text("purpose = 'accredit'"))
    op.create_index('uq_accreditation_case_open', 'accreditation_case', ['organisation_id', 'purpose'], unique=True, sqlite_where=sa.text("state IN ('draft', 'submitted', 'committee')"), postgresql_where=sa.text("state IN ('draft', 'submitted', 'committee')"))


def evidence():
    op.create_table('accreditation_document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(length=40), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('added_at', MOMENT, nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reviewed_at', MOMENT, nullable=True),
    sa.Column('reviewed_by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.CheckConstraint("(state IN ('accepted', 'returned')) = (reviewed_at IS NOT NULL)", name=op.f('ck_accreditation_document_reviewed_when_dated')),
    sa.CheckConstraint("state <> 'returned' OR length(reason) > 0", name=op.f('ck_accreditation_document_returned_with_reason')),
    sa.CheckConstraint("state IN ('waiting', 'accepted', 'returned', 'replaced')", name=op.f('ck_accreditation_document_known_state')),
    sa.ForeignKeyConstraint(['application_id'], ['accreditation_case.id'], name=op.f('fk_accreditation_document_application_id_accreditation_case'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_accreditation_document_file_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accreditation_document')),
    sa.UniqueConstraint('file_id', name=op.f('uq_accreditation_document_file_id'))
    )
    op.create_index('ix_accreditation_document_application_id', 'accreditation_document', ['application_id'])
    op.create_index('uq_accreditation_document_standing', 'accreditation_document', ['application_id', 'ref'], unique=True, sqlite_where=sa.text("state IN ('waiting', 'accepted')"), postgresql_where=sa.text("state IN ('waiting', 'accepted')"))
    op.create_table('accreditation_measure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('criterion', sa.String(length=40), nullable=False),
    sa.Column('value', sa.Numeric(precision=9, scale=3), nullable=False),
    sa.Column('reference', sa.Numeric(precision=9, scale=3), nullable=True),
    sa.Column('margin', sa.Numeric(precision=9, scale=3), nullable=True),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('entered_at', MOMENT, nullable=False),
    sa.Column('entered_by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(reference IS NULL) = (margin IS NULL)', name=op.f('ck_accreditation_measure_reference_with_margin')),
    sa.CheckConstraint('length(source) > 0', name=op.f('ck_accreditation_measure_entered_with_source')),
    sa.ForeignKeyConstraint(['application_id'], ['accreditation_case.id'], name=op.f('fk_accreditation_measure_application_id_accreditation_case'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accreditation_measure'))
    )
    op.create_index('ix_accreditation_measure_application_id', 'accreditation_measure', ['application_id'])
    op.create_table('accreditation_vote',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('voter_id', sa.Integer(), nullable=False),
    sa.Column('in_favour', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('voted_at', MOMENT, nullable=False),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_accreditation_vote_voted_with_reason')),
    sa.ForeignKeyConstraint(['application_id'], ['accreditation_case.id'], name=op.f('fk_accreditation_vote_application_id_accreditation_case'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['voter_id'], ['person.id'], name=op.f('fk_accreditation_vote_voter_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accreditation_vote')),
    sa.UniqueConstraint('application_id', 'voter_id', name='uq_accreditation_vote_once')
    )
    op.create_index('ix_accreditation_vote_voter_id', 'accreditation_vote', ['voter_id'])


def standing():
    op.create_table('accreditation_breach',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('accreditation_id', sa.Integer(), nullable=False),
    sa.Column('criterion', sa.String(length=40), nullable=False),
    sa.Column('reading', JSON, nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('healed_on', sa.Date(), nullable=True),
    sa.CheckConstraint('due_on >= opened_on', name=op.f('ck_accreditation_breach_due_after_opened')),
    sa.CheckConstraint('healed_on IS NULL OR healed_on >= opened_on', name=op.f('ck_accreditation_breach_healed_after_opened')),
    sa.ForeignKeyConstraint(['accreditation_id'], ['accreditation.id'], name=op.f('fk_accreditation_breach_accreditation_id_accreditation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accreditation_breach'))
    )
    op.create_index('uq_accreditation_breach_open', 'accreditation_breach', ['accreditation_id', 'criterion'], unique=True, sqlite_where=sa.text('healed_on IS NULL'), postgresql_where=sa.text('healed_on IS NULL'))
    op.create_table('accreditation_suspension',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('accreditation_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.CheckConstraint('ended_on IS NULL OR ended_on >= since', name=op.f('ck_accreditation_suspension_ended_after_since')),
    sa.ForeignKeyConstraint(['accreditation_id'], ['accreditation.id'], name=op.f('fk_accreditation_suspension_accreditation_id_accreditation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accreditation_suspension'))
    )
    op.create_index('uq_accreditation_suspension_open', 'accreditation_suspension', ['accreditation_id'], unique=True, sqlite_where=sa.text('ended_on IS NULL'), postgresql_where=sa.text('ended_on IS NULL'))


def downgrade():
    for name in TABLES:
        op.drop_table(name)
    op.execute("DELETE FROM role_grant WHERE role = 'committee'")
    roles(BEFORE, everywhere=False)
