"""revocations by two, suspensions by hand, transcripts

Revision ID: 0030
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0030'
down_revision = "0029"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
OPEN_BEFORE = sa.text('released_at IS NULL')
BY_ITSELF = sa.text("released_at IS NULL AND reason_class = 'membership'")
BY_HAND = sa.text("released_at IS NULL AND reason_class <> 'membership'")
UNDECIDED = sa.text('outcome IS NULL')


def upgrade():
    # An academy that is in use goes on as it was; its administrators decide about the second person.
    op.add_column('academy', sa.Column('two_person_revocation', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('academy') as batch_op:
        batch_op.alter_column('two_person_revocation', existing_type=sa.Boolean(), server_default=None)
    holds_by_hand()
    proposals()
    transcripts()


def holds_by_hand():
    with op.batch_alter_table('certificate_hold') as batch_op:
        batch_op.add_column(sa.Column('reason', sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column('release_reason', sa.String(length=300), nullable=True))
        batch_op.drop_constraint(op.f('ck_certificate_hold_known_reason'), type_='check')
        batch_op.create_check_constraint(
            op.f('ck_certificate_hold_known_reason'), "reason_class IN ('membership', 'inquiry', 'requested', 'decided')"
        )
        batch_op.create_check_constraint(
            op.f('ck_certificate_hold_by_hand_with_reason'), "(reason_class = 'membership') = (reason IS NULL)"
        )
        batch_op.create_check_constraint(
            op.f('ck_certificate_hold_release_reason_when_released'), 'release_reason IS NULL OR released_at IS NOT NULL'
        )
        batch_op.drop_index('uq_certificate_hold_open')
        for name, where in (('open', BY_ITSELF), ('by_hand', BY_HAND)):
            batch_op.create_index(
                f'uq_certificate_hold_{name}', ['certificate_id'], unique=True, sqlite_where=where, postgresql_where=where
            )


def proposals():
    op.create_table('revocation_proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('reason_class', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('proposed_at', MOMENT, nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.String(length=300), nullable=True),
    sa.CheckConstraint("outcome IN ('confirmed', 'declined', 'withdrawn', 'overtaken')", name=op.f('ck_revocation_proposal_known_outcome')),
    sa.CheckConstraint('(outcome IS NULL) = (decided_at IS NULL)', name=op.f('ck_revocation_proposal_decided_when_dated')),
    sa.CheckConstraint("outcome NOT IN ('confirmed', 'declined') OR decided_by_id <> proposed_by_id", name=op.f('ck_revocation_proposal_decided_by_another')),
    sa.CheckConstraint("outcome NOT IN ('declined', 'withdrawn') OR length(answer) > 0", name=op.f('ck_revocation_proposal_declined_with_reason')),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_revocation_proposal_proposed_with_reason')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_revocation_proposal_certificate_id_certificate'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revocation_proposal'))
    )
    op.create_index('ix_revocation_proposal_certificate_id', 'revocation_proposal', ['certificate_id'], unique=False)
    op.create_index('uq_revocation_proposal_open', 'revocation_proposal', ['certificate_id'], unique=True, sqlite_where=UNDECIDED, postgresql_where=UNDECIDED)


def transcripts():
    op.create_table('transcript',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('holder_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('facts', JSON, nullable=False),
    sa.Column('content', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('issued_at', MOMENT, nullable=False),
    sa.Column('issued_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['holder_id'], ['person.id'], name=op.f('fk_transcript_holder_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_transcript_organisation_id_organisation'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transcript')),
    sa.UniqueConstraint('holder_id', 'content', name='uq_transcript_once'),
    sa.UniqueConstraint('number', name=op.f('uq_transcript_number'))
    )
    op.create_index(op.f('ix_transcript_organisation_id'), 'transcript', ['organisation_id'], unique=False)
    with op.batch_alter_table('issued_paper') as batch_op:
        batch_op.add_column(sa.Column('transcript_id', sa.Integer(), nullable=True))
        batch_op.alter_column('certificate_id', existing_type=sa.Integer(), nullable=True)
        batch_op.create_foreign_key(op.f('fk_issued_paper_transcript_id_transcript'), 'transcript', ['transcript_id'], ['id'], ondelete='CASCADE')
        batch_op.create_unique_constraint('uq_issued_paper_transcript', ['transcript_id', 'sha256'])
        batch_op.create_check_constraint(op.f('ck_issued_paper_of_one_thing'), '(certificate_id IS NULL) <> (transcript_id IS NULL)')


def downgrade():
    op.execute('DELETE FROM issued_paper WHERE certificate_id IS NULL')
    with op.batch_alter_table('issued_paper') as batch_op:
        batch_op.drop_constraint(op.f('ck_issued_paper_of_one_thing'), type_='check')
        batch_op.drop_constraint('uq_issued_paper_transcript', type_='unique')
        batch_op.drop_constraint(op.f('fk_issued_paper_transcript_id_transcript'), type_='foreignkey')
        batch_op.alter_column('certificate_id', existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column('transcript_id')
    op.drop_table('transcript')
    op.drop_table('revocation_proposal')
    with op.batch_alter_table('certificate_hold') as batch_op:
        for name in ('open', 'by_hand'):
            batch_op.drop_index(f'uq_certificate_hold_{name}')
    # Before, one suspension could be open: of a membership that has ended. Those by hand become of that kind, one a certificate.
    op.execute(
        "DELETE FROM certificate_hold WHERE released_at IS NULL AND reason_class <> 'membership' AND certificate_id IN "
        "(SELECT certificate_id FROM certificate_hold WHERE released_at IS NULL AND reason_class = 'membership')"
    )
    with op.batch_alter_table('certificate_hold') as batch_op:
        for name in ('known_reason', 'by_hand_with_reason', 'release_reason_when_released'):
            batch_op.drop_constraint(op.f(f'ck_certificate_hold_{name}'), type_='check')
        batch_op.drop_column('reason')
        batch_op.drop_column('release_reason')
    op.execute("UPDATE certificate_hold SET reason_class = 'membership'")
    with op.batch_alter_table('certificate_hold') as batch_op:
        batch_op.create_check_constraint(op.f('ck_certificate_hold_known_reason'), "reason_class IN ('membership')")
        batch_op.create_index(
            'uq_certificate_hold_open', ['certificate_id'], unique=True, sqlite_where=OPEN_BEFORE, postgresql_where=OPEN_BEFORE
        )
    with op.batch_alter_table('academy') as batch_op:
        batch_op.drop_column('two_person_revocation')
