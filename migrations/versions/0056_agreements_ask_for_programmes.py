"""agreements with partners ask for certificates of courses and of programmes

Revision ID: 0056
Revises: 0053
"""

import sqlalchemy as sa
from alembic import op

revision = '0056'
down_revision = '0053'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('partner_agreement_certificate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('programme_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(course_id IS NULL) <> (programme_id IS NULL)', name=op.f('ck_partner_agreement_certificate_of_course_or_programme')),
    sa.ForeignKeyConstraint(['agreement_id'], ['partner_agreement.id'], name=op.f('fk_partner_agreement_certificate_agreement_id_partner_agreement'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_partner_agreement_certificate_course_id_course')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_partner_agreement_certificate_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_agreement_certificate')),
    sa.UniqueConstraint('agreement_id', 'course_id', name='uq_partner_agreement_certificate_course'),
    sa.UniqueConstraint('agreement_id', 'programme_id', name='uq_partner_agreement_certificate_programme')
    )
    op.create_index(op.f('ix_partner_agreement_certificate_course_id'), 'partner_agreement_certificate', ['course_id'])
    op.create_index(op.f('ix_partner_agreement_certificate_programme_id'), 'partner_agreement_certificate', ['programme_id'])
    op.execute(
        'INSERT INTO partner_agreement_certificate (agreement_id, course_id)'
        ' SELECT agreement_id, course_id FROM partner_agreement_course ORDER BY agreement_id, course_id'
    )
    op.drop_table('partner_agreement_course')


def downgrade():
    # What asks for programmes has no place there. An agreement that asks for nothing else is left asking for nothing: under it nobody serves.
    op.create_table('partner_agreement_course',
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['partner_agreement.id'], name=op.f('fk_partner_agreement_course_agreement_id_partner_agreement'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_partner_agreement_course_course_id_course')),
    sa.PrimaryKeyConstraint('agreement_id', 'course_id', name=op.f('pk_partner_agreement_course'))
    )
    op.create_index(op.f('ix_partner_agreement_course_course_id'), 'partner_agreement_course', ['course_id'])
    op.execute(
        'INSERT INTO partner_agreement_course (agreement_id, course_id)'
        ' SELECT agreement_id, course_id FROM partner_agreement_certificate WHERE course_id IS NOT NULL'
    )
    op.drop_table('partner_agreement_certificate')
