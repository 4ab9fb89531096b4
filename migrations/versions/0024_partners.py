"""partners

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0024'
down_revision = "0023"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)


def upgrade():
    with op.batch_alter_table('organisation') as batch_op:
        batch_op.add_column(sa.Column('seats', sa.Integer(), nullable=True))
        batch_op.create_check_constraint(op.f('ck_organisation_seats_positive'), 'seats IS NULL OR seats > 0')
    op.create_table('certificate_hold',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('reason_class', sa.String(length=20), nullable=False),
    sa.Column('held_at', MOMENT, nullable=False),
    sa.Column('held_by_id', sa.Integer(), nullable=True),
    sa.Column('released_at', MOMENT, nullable=True),
    sa.Column('released_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("reason_class IN ('membership')", name=op.f('ck_certificate_hold_known_reason')),
    sa.CheckConstraint('released_at IS NULL OR released_at >= held_at', name=op.f('ck_certificate_hold_released_after_held')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_certificate_hold_certificate_id_certificate'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_hold'))
    )
    op.create_index('ix_certificate_hold_certificate_id', 'certificate_hold', ['certificate_id'])
    op.create_index('uq_certificate_hold_open', 'certificate_hold', ['certificate_id'], unique=True,
        sqlite_where=sa.text('released_at IS NULL'), postgresql_where=sa.text('released_at IS NULL'))
    op.create_table('partner_profile',
    sa.Column('organisation_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('colour', sa.String(length=7), nullable=True),
    sa.Column('logo_key', sa.String(length=60), nullable=True),
    sa.Column('changed_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_partner_profile_organisation_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organisation_id', name=op.f('pk_partner_profile'))
    )
    op.create_table('partner_contact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=10), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('mobile', sa.String(length=16), nullable=True),
    sa.CheckConstraint("purpose IN ('service', 'incidents')", name=op.f('ck_partner_contact_known_purpose')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_partner_contact_organisation_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_contact')),
    sa.UniqueConstraint('organisation_id', 'purpose', name='uq_partner_contact_purpose')
    )
    op.create_table('partner_agreement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('grace_days', sa.Integer(), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('closed_reason', sa.String(length=300), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.Column('closed_at', MOMENT, nullable=True),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_partner_agreement_ends_after_start')),
    sa.CheckConstraint('grace_days BETWEEN 0 AND 60', name=op.f('ck_partner_agreement_grace_in_range')),
    sa.CheckConstraint('(closed_on IS NULL) = (closed_reason IS NULL)', name=op.f('ck_partner_agreement_closed_with_reason')),
    sa.CheckConstraint('closed_on IS NULL OR closed_on < ends_on', name=op.f('ck_partner_agreement_closed_early')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_partner_agreement_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_agreement')),
    sa.UniqueConstraint('organisation_id', 'reference', name='uq_partner_agreement_reference')
    )
    op.create_table('partner_agreement_course',
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['partner_agreement.id'], name=op.f('fk_partner_agreement_course_agreement_id_partner_agreement'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_partner_agreement_course_course_id_course')),
    sa.PrimaryKeyConstraint('agreement_id', 'course_id', name=op.f('pk_partner_agreement_course'))
    )
    op.create_index(op.f('ix_partner_agreement_course_course_id'), 'partner_agreement_course', ['course_id'])
    op.create_table('partner_agreement_document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.Column('added_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['partner_agreement.id'], name=op.f('fk_partner_agreement_document_agreement_id_partner_agreement'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_partner_agreement_document_file_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_agreement_document')),
    sa.UniqueConstraint('file_id', name=op.f('uq_partner_agreement_document_file_id'))
    )
    op.create_index(op.f('ix_partner_agreement_document_agreement_id'), 'partner_agreement_document', ['agreement_id'])
    op.create_table('partner_leaving',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('left_on', sa.Date(), nullable=False),
    sa.Column('left_at', MOMENT, nullable=False),
    sa.Column('left_by_id', sa.Integer(), nullable=True),
    sa.Column('returned_at', MOMENT, nullable=True),
    sa.CheckConstraint("reason IN ('resigned', 'contract', 'conduct', 'other')", name=op.f('ck_partner_leaving_known_reason')),
    sa.CheckConstraint('returned_at IS NULL OR returned_at >= left_at', name=op.f('ck_partner_leaving_returned_after_leaving')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_partner_leaving_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_partner_leaving_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_leaving'))
    )
    op.create_index('ix_partner_leaving_organisation_id_left_at', 'partner_leaving', ['organisation_id', 'left_at'])
    op.create_index('uq_partner_leaving_open', 'partner_leaving', ['person_id'], unique=True,
        sqlite_where=sa.text('returned_at IS NULL'), postgresql_where=sa.text('returned_at IS NULL'))
    op.create_table('serving_roster',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('facts', JSON, nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_serving_roster_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_serving_roster')),
    sa.UniqueConstraint('number', name=op.f('uq_serving_roster_number'))
    )
    op.create_index('ix_serving_roster_organisation_id_made_at', 'serving_roster', ['organisation_id', 'made_at'])


def downgrade():
    for name in (
        'serving_roster', 'partner_leaving', 'partner_agreement_document', 'partner_agreement_course', 'partner_agreement',
        'partner_contact', 'partner_profile', 'certificate_hold',
    ):
        op.drop_table(name)
    with op.batch_alter_table('organisation') as batch_op:
        batch_op.drop_constraint(op.f('ck_organisation_seats_positive'), type_='check')
        batch_op.drop_column('seats')
