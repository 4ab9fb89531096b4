"""the glossary, and programmes with their steps, places and signatures

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('glossary_term',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('term', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('plural', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('abbreviation', sa.String(length=20), nullable=False),
    sa.Column('definition', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('domain', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('synonyms', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('avoid', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('note', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('search_text', sa.String(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_glossary_term')),
    sa.UniqueConstraint('key', name=op.f('uq_glossary_term_key'))
    )
    op.create_table('identity_confirmation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('method', sa.String(length=200), nullable=False),
    sa.Column('confirmed_by_id', sa.Integer(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_by_id', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('confirmed_by_id <> person_id', name=op.f('ck_identity_confirmation_confirmed_by_another')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['person.id'], name=op.f('fk_identity_confirmation_confirmed_by_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_identity_confirmation_person_id_person')),
    sa.ForeignKeyConstraint(['withdrawn_by_id'], ['person.id'], name=op.f('fk_identity_confirmation_withdrawn_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_identity_confirmation'))
    )
    with op.batch_alter_table('identity_confirmation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_identity_confirmation_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_identity_confirmation_person', ['person_id'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.create_table('programme',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('audience', sa.String(length=10), nullable=False),
    sa.Column('target_role', sa.String(length=60), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("audience IN ('employee', 'partner', 'any')", name=op.f('ck_programme_known_audience')),
    sa.ForeignKeyConstraint(['created_by_id'], ['person.id'], name=op.f('fk_programme_created_by_id_person')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_programme_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme')),
    sa.UniqueConstraint('key', name=op.f('uq_programme_key'))
    )
    with op.batch_alter_table('programme', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('programme_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('summary', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('hours', sa.Numeric(precision=6, scale=2), nullable=False),
    sa.Column('in_order', sa.Boolean(), nullable=False),
    sa.Column('validity_months', sa.Integer(), nullable=True),
    sa.Column('renewal', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('suspension', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("state IN ('draft', 'published', 'superseded')", name=op.f('ck_programme_version_known_state')),
    sa.CheckConstraint('hours >= 0', name=op.f('ck_programme_version_hours_not_negative')),
    sa.CheckConstraint('validity_months IS NULL OR validity_months > 0', name=op.f('ck_programme_version_validity_positive')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_programme_version_programme_id_programme'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['published_by_id'], ['person.id'], name=op.f('fk_programme_version_published_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_version')),
    sa.UniqueConstraint('programme_id', 'number', name='uq_programme_version_number')
    )
    with op.batch_alter_table('programme_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_version_programme_id'), ['programme_id'], unique=False)
        batch_op.create_index('uq_programme_version_draft', ['programme_id'], unique=True, sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))
        batch_op.create_index('uq_programme_version_published', ['programme_id'], unique=True, sqlite_where=sa.text("state = 'published'"), postgresql_where=sa.text("state = 'published'"))

    op.create_table('programme_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('needed', sa.Integer(), nullable=True),
    sa.CheckConstraint('needed IS NULL OR needed > 0', name=op.f('ck_programme_group_needed_positive')),
    sa.ForeignKeyConstraint(['version_id'], ['programme_version.id'], name=op.f('fk_programme_group_version_id_programme_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_group')),
    sa.UniqueConstraint('version_id', 'key', name='uq_programme_group_key')
    )
    with op.batch_alter_table('programme_group', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_group_version_id'), ['version_id'], unique=False)

    op.create_table('programme_prerequisite',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('title', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('text', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('renew_months', sa.Integer(), nullable=True),
    sa.CheckConstraint("kind IN ('undertaking', 'identity_verified', 'sponsor')", name=op.f('ck_programme_prerequisite_known_kind')),
    sa.CheckConstraint("renew_months IS NULL OR (renew_months > 0 AND kind = 'undertaking')", name=op.f('ck_programme_prerequisite_undertakings_are_renewed')),
    sa.ForeignKeyConstraint(['version_id'], ['programme_version.id'], name=op.f('fk_programme_prerequisite_version_id_programme_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_prerequisite')),
    sa.UniqueConstraint('version_id', 'key', name='uq_programme_prerequisite_key')
    )
    with op.batch_alter_table('programme_prerequisite', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_prerequisite_version_id'), ['version_id'], unique=False)

    op.create_table('undertaking_signature',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('prerequisite_key', sa.String(length=60), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('signer', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('title', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('text', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.CheckConstraint("language IN ('ar', 'en')", name=op.f('ck_undertaking_signature_known_language')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_undertaking_signature_person_id_person')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_undertaking_signature_programme_id_programme')),
    sa.ForeignKeyConstraint(['version_id'], ['programme_version.id'], name=op.f('fk_undertaking_signature_version_id_programme_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_undertaking_signature')),
    sa.UniqueConstraint('person_id', 'programme_id', 'prerequisite_key', 'number', name='uq_undertaking_signature_number')
    )
    with op.batch_alter_table('undertaking_signature', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_undertaking_signature_programme_id'), ['programme_id'], unique=False)

    op.create_table('programme_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('title', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('note', sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('required', sa.Boolean(), nullable=False),
    sa.Column('min_percent', sa.Integer(), nullable=True),
    sa.Column('hours', sa.Numeric(precision=6, scale=2), nullable=True),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('quiz_id', sa.Integer(), nullable=True),
    sa.Column('ref', sa.String(length=120), nullable=False),
    sa.CheckConstraint("(kind = 'course' AND course_id IS NOT NULL AND quiz_id IS NULL) OR (kind = 'quiz' AND course_id IS NOT NULL AND quiz_id IS NOT NULL) OR (kind = 'exam' AND (course_id IS NULL) = (quiz_id IS NULL)) OR (kind NOT IN ('course', 'quiz', 'exam') AND course_id IS NULL AND quiz_id IS NULL)", name=op.f('ck_programme_step_target_of_kind')),
    sa.CheckConstraint("kind IN ('course', 'quiz', 'exam', 'practice', 'scenario', 'observation', 'project')", name=op.f('ck_programme_step_known_kind')),
    sa.CheckConstraint('hours IS NULL OR hours >= 0', name=op.f('ck_programme_step_hours_not_negative')),
    sa.CheckConstraint('min_percent IS NULL OR min_percent BETWEEN 1 AND 100', name=op.f('ck_programme_step_min_percent_in_range')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_programme_step_course_id_course')),
    sa.ForeignKeyConstraint(['group_id'], ['programme_group.id'], name=op.f('fk_programme_step_group_id_programme_group'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['quiz_id'], ['quiz.id'], name=op.f('fk_programme_step_quiz_id_quiz')),
    sa.ForeignKeyConstraint(['version_id'], ['programme_version.id'], name=op.f('fk_programme_step_version_id_programme_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_step')),
    sa.UniqueConstraint('version_id', 'key', name='uq_programme_step_key')
    )
    with op.batch_alter_table('programme_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_step_course_id'), ['course_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_programme_step_group_id'), ['group_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_programme_step_quiz_id'), ['quiz_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_programme_step_version_id'), ['version_id'], unique=False)

    op.create_table('programme_enrolment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('learner_id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('completed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('needed', sa.Integer(), nullable=False),
    sa.Column('next_step_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(state = 'completed') = (completed_at IS NOT NULL)", name=op.f('ck_programme_enrolment_completed_when_dated')),
    sa.CheckConstraint("state <> 'completed' OR (needed > 0 AND done = needed)", name=op.f('ck_programme_enrolment_completed_when_all_is_done')),
    sa.CheckConstraint("state IN ('pending', 'active', 'completed', 'withdrawn')", name=op.f('ck_programme_enrolment_known_state')),
    sa.CheckConstraint('done >= 0 AND done <= needed', name=op.f('ck_programme_enrolment_done_within_needed')),
    sa.ForeignKeyConstraint(['learner_id'], ['person.id'], name=op.f('fk_programme_enrolment_learner_id_person')),
    sa.ForeignKeyConstraint(['next_step_id'], ['programme_step.id'], name=op.f('fk_programme_enrolment_next_step_id_programme_step')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_programme_enrolment_programme_id_programme')),
    sa.ForeignKeyConstraint(['version_id'], ['programme_version.id'], name=op.f('fk_programme_enrolment_version_id_programme_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_enrolment')),
    sa.UniqueConstraint('learner_id', 'programme_id', 'cycle', name='uq_programme_enrolment_cycle')
    )
    with op.batch_alter_table('programme_enrolment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_enrolment_learner_id'), ['learner_id'], unique=False)
        batch_op.create_index('ix_programme_enrolment_programme_state', ['programme_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_programme_enrolment_version_id'), ['version_id'], unique=False)

    op.create_table('programme_step_done',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('step_id', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('course_enrolment_id', sa.Integer(), nullable=True),
    sa.Column('attempt_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(course_enrolment_id IS NULL) <> (attempt_id IS NULL)', name=op.f('ck_programme_step_done_done_by_one_thing')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_programme_step_done_attempt_id_attempt')),
    sa.ForeignKeyConstraint(['course_enrolment_id'], ['enrolment.id'], name=op.f('fk_programme_step_done_course_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['programme_enrolment.id'], name=op.f('fk_programme_step_done_enrolment_id_programme_enrolment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['step_id'], ['programme_step.id'], name=op.f('fk_programme_step_done_step_id_programme_step')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_step_done')),
    sa.UniqueConstraint('enrolment_id', 'step_id', name='uq_programme_step_done')
    )
    with op.batch_alter_table('programme_step_done', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_step_done_step_id'), ['step_id'], unique=False)


def downgrade():
    with op.batch_alter_table('programme_step_done', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programme_step_done_step_id'))

    op.drop_table('programme_step_done')
    with op.batch_alter_table('programme_enrolment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programme_enrolment_version_id'))
        batch_op.drop_index('ix_programme_enrolment_programme_state')
        batch_op.drop_index(batch_op.f('ix_programme_enrolment_learner_id'))

    op.drop_table('programme_enrolment')
    with op.batch_alter_table('programme_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programme_step_version_id'))
        batch_op.drop_index(batch_op.f('ix_programme_step_quiz_id'))
        batch_op.drop_index(batch_op.f('ix_programme_step_group_id'))
        batch_op.drop_index(batch_op.f('ix_programme_step_course_id'))

    op.drop_table('programme_step')
    with op.batch_alter_table('undertaking_signature', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_undertaking_signature_programme_id'))

    op.drop_table('undertaking_signature')
    with op.batch_alter_table('programme_prerequisite', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programme_prerequisite_version_id'))

    op.drop_table('programme_prerequisite')
    with op.batch_alter_table('programme_group', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programme_group_version_id'))

    op.drop_table('programme_group')
    with op.batch_alter_table('programme_version', schema=None) as batch_op:
        batch_op.drop_index('uq_programme_version_published', sqlite_where=sa.text("state = 'published'"), postgresql_where=sa.text("state = 'published'"))
        batch_op.drop_index('uq_programme_version_draft', sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))
        batch_op.drop_index(batch_op.f('ix_programme_version_programme_id'))

    op.drop_table('programme_version')
    with op.batch_alter_table('programme', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programme_organisation_id'))

    op.drop_table('programme')
    with op.batch_alter_table('identity_confirmation', schema=None) as batch_op:
        batch_op.drop_index('uq_identity_confirmation_person', sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_identity_confirmation_person_id'))

    op.drop_table('identity_confirmation')
    op.drop_table('glossary_term')
