"""frameworks in versions with drafts; several role profiles a person, by job too, and what is asked of each

Revision ID: 0011
Revises: 0010
"""

import hashlib

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
MOMENT = sa.DateTime(timezone=True)


def _person(column, table, ondelete):
    return sa.ForeignKeyConstraint([column], ['person.id'], name=op.f(f'fk_{table}_{column}_person'), ondelete=ondelete)


def upgrade():
    _frameworks()
    _profiles()
    _keep_the_versions()
    _keep_the_requirements()


def _frameworks():
    with op.batch_alter_table('framework', schema=None) as batch_op:
        batch_op.add_column(sa.Column('number', sa.Integer(), server_default='0', nullable=False))
        batch_op.create_check_constraint(op.f('ck_framework_number_not_negative'), 'number >= 0')
    for table in ('competency_domain', 'competency'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('retired_at', MOMENT, nullable=True))
            batch_op.drop_constraint(f'uq_{table}_key', type_='unique')
            batch_op.create_unique_constraint(f'uq_{table}_key', ['key'])
    with op.batch_alter_table('competency', schema=None) as batch_op:
        batch_op.drop_index(op.f('ix_competency_key'))

    op.create_table('framework_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('framework_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=20), nullable=False),
    sa.Column('content', JSON, nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('published_at', MOMENT, nullable=False),
    sa.Column('published_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('number > 0', name=op.f('ck_framework_version_number_positive')),
    sa.ForeignKeyConstraint(['framework_id'], ['framework.id'], name=op.f('fk_framework_version_framework_id_framework')),
    _person('published_by_id', 'framework_version', 'SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_framework_version')),
    sa.UniqueConstraint('framework_id', 'number', name='uq_framework_version_number'),
    sa.UniqueConstraint('framework_id', 'label', name='uq_framework_version_label')
    )

    op.create_table('framework_draft',
    sa.Column('framework_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('content', JSON, nullable=False),
    sa.Column('changed_at', MOMENT, nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['framework_id'], ['framework.id'], name=op.f('fk_framework_draft_framework_id_framework'), ondelete='CASCADE'),
    _person('changed_by_id', 'framework_draft', 'SET NULL'),
    sa.PrimaryKeyConstraint('framework_id', name=op.f('pk_framework_draft'))
    )

    op.create_table('framework_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('framework_id', sa.Integer(), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=255), nullable=False),
    sa.Column('content', JSON, nullable=False),
    sa.Column('profiles', JSON, nullable=False),
    sa.Column('notes', JSON, nullable=False),
    sa.Column('read_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['framework_id'], ['framework.id'], name=op.f('fk_framework_import_framework_id_framework'), ondelete='CASCADE'),
    _person('owner_id', 'framework_import', 'CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_framework_import'))
    )
    op.create_index(op.f('ix_framework_import_owner_id'), 'framework_import', ['owner_id'], unique=False)


def _profiles():
    with op.batch_alter_table('role_profile', schema=None) as batch_op:
        batch_op.add_column(sa.Column('number', sa.Integer(), server_default='1', nullable=False))
        batch_op.add_column(sa.Column('retired_at', MOMENT, nullable=True))
        batch_op.alter_column('framework_id', existing_type=sa.Integer(), nullable=True)
        batch_op.drop_constraint('uq_role_profile_key', type_='unique')
        batch_op.create_unique_constraint(op.f('uq_role_profile_key'), ['key'])
        batch_op.create_check_constraint(op.f('ck_role_profile_number_not_negative'), 'number >= 0')
    with op.batch_alter_table('person_profile', schema=None) as batch_op:
        batch_op.add_column(sa.Column('source', sa.String(length=6), server_default='person', nullable=False))
        batch_op.drop_constraint(op.f('pk_person_profile'), type_='primary')
        batch_op.create_primary_key(op.f('pk_person_profile'), ['person_id', 'profile_id', 'source'])
        batch_op.create_check_constraint(op.f('ck_person_profile_known_source'), "source IN ('person', 'job')")

    op.create_table('role_profile_draft',
    sa.Column('profile_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('name', JSON, nullable=False),
    sa.Column('targets', JSON, nullable=False),
    sa.Column('changed_at', MOMENT, nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['profile_id'], ['role_profile.id'], name=op.f('fk_role_profile_draft_profile_id_role_profile'), ondelete='CASCADE'),
    _person('changed_by_id', 'role_profile_draft', 'SET NULL'),
    sa.PrimaryKeyConstraint('profile_id', name=op.f('pk_role_profile_draft'))
    )

    op.create_table('job_profile',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('job', sa.String(length=255), nullable=False),
    sa.Column('title', JSON, nullable=False),
    sa.Column('profile_id', sa.Integer(), nullable=False),
    sa.Column('set_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_job_profile_organisation_id_organisation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['profile_id'], ['role_profile.id'], name=op.f('fk_job_profile_profile_id_role_profile')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_profile')),
    sa.UniqueConstraint('organisation_id', 'job', 'profile_id', name='uq_job_profile_once')
    )
    op.create_index(op.f('ix_job_profile_profile_id'), 'job_profile', ['profile_id'], unique=False)

    op.create_table('person_target',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('competency_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('set_at', MOMENT, nullable=False),
    sa.Column('set_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('level BETWEEN 0 AND 4', name=op.f('ck_person_target_known_level')),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_person_target_has_reason')),
    _person('person_id', 'person_target', 'CASCADE'),
    _person('set_by_id', 'person_target', 'SET NULL'),
    sa.ForeignKeyConstraint(['competency_id'], ['competency.id'], name=op.f('fk_person_target_competency_id_competency')),
    sa.PrimaryKeyConstraint('person_id', 'competency_id', name=op.f('pk_person_target'))
    )
    op.create_index(op.f('ix_person_target_competency_id'), 'person_target', ['competency_id'], unique=False)

    op.create_table('requirement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('profiles', JSON, nullable=False),
    sa.Column('own', JSON, nullable=False),
    sa.Column('name', JSON, nullable=False),
    sa.Column('targets', JSON, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_requirement')),
    sa.UniqueConstraint('digest', name=op.f('uq_requirement_digest'))
    )

    op.create_table('person_requirement',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('requirement_id', sa.Integer(), nullable=False),
    _person('person_id', 'person_requirement', 'CASCADE'),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirement.id'], name=op.f('fk_person_requirement_requirement_id_requirement')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_person_requirement'))
    )
    op.create_index(op.f('ix_person_requirement_requirement_id'), 'person_requirement', ['requirement_id'], unique=False)


def _keep_the_versions():
    """What was loaded before there were versions is the first one."""
    text, number = JSON, sa.Integer()
    framework = sa.table('framework', sa.column('id', number), sa.column('number', number), sa.column('version', sa.String()), sa.column('title', text), sa.column('evidence_rule', text), sa.column('scale', text), sa.column('loaded_at', MOMENT))
    domain = sa.table('competency_domain', sa.column('id', number), sa.column('framework_id', number), sa.column('key', sa.String()), sa.column('position', number), sa.column('name', text), sa.column('purpose', text))
    competency = sa.table('competency', sa.column('domain_id', number), sa.column('key', sa.String()), sa.column('position', number), sa.column('name', text), sa.column('definition', text), sa.column('levels', text))
    version = sa.table('framework_version', sa.column('framework_id', number), sa.column('number', number), sa.column('label', sa.String()), sa.column('content', text), sa.column('note', sa.String()), sa.column('published_at', MOMENT))
    run = op.get_bind().execute
    for row in run(sa.select(framework)).all():
        domains = []
        for each in run(sa.select(domain).where(domain.c.framework_id == row.id).order_by(domain.c.position)).all():
            inside = run(sa.select(competency).where(competency.c.domain_id == each.id).order_by(competency.c.position)).all()
            domains.append({
                'key': each.key, 'name': each.name, 'purpose': each.purpose,
                'competencies': [{'key': c.key, 'name': c.name, 'definition': c.definition, 'levels': c.levels, 'retired': False} for c in inside],
            })
        content = {'label': row.version, 'title': row.title, 'rule': row.evidence_rule, 'scale': row.scale, 'domains': domains}
        run(sa.insert(version).values(framework_id=row.id, number=1, label=row.version, content=content, note='', published_at=row.loaded_at))
        run(sa.update(framework).where(framework.c.id == row.id).values(number=1))


def _keep_the_requirements():
    """Whoever has a role profile is asked for what it says."""
    text, number = JSON, sa.Integer()
    profile = sa.table('role_profile', sa.column('id', number), sa.column('name', text), sa.column('targets', text))
    holder = sa.table('person_profile', sa.column('person_id', number), sa.column('profile_id', number))
    requirement = sa.table('requirement', sa.column('id', number), sa.column('digest', sa.String()), sa.column('profiles', text), sa.column('own', text), sa.column('name', text), sa.column('targets', text))
    asked = sa.table('person_requirement', sa.column('person_id', number), sa.column('requirement_id', number))
    run = op.get_bind().execute
    for row in run(sa.select(profile).where(profile.c.id.in_(sa.select(holder.c.profile_id)))).all():
        digest = hashlib.sha256(f'[[{row.id}],{{}}]'.encode()).hexdigest()
        run(sa.insert(requirement).values(digest=digest, profiles=[row.id], own={}, name=row.name, targets=row.targets))
        mine = sa.select(requirement.c.id).where(requirement.c.digest == digest).scalar_subquery()
        people = sa.select(holder.c.person_id, mine).where(holder.c.profile_id == row.id)
        run(sa.insert(asked).from_select(['person_id', 'requirement_id'], people))


def downgrade():
    for table in ('person_requirement', 'requirement', 'person_target', 'job_profile', 'role_profile_draft', 'framework_import', 'framework_draft', 'framework_version'):
        op.drop_table(table)
    # Before, a person had one profile: the one given to them, else one of their job.
    op.execute("DELETE FROM person_profile WHERE source = 'job' AND EXISTS (SELECT 1 FROM person_profile AS own WHERE own.person_id = person_profile.person_id AND own.source = 'person')")
    op.execute('DELETE FROM person_profile WHERE EXISTS (SELECT 1 FROM person_profile AS other WHERE other.person_id = person_profile.person_id AND other.profile_id < person_profile.profile_id)')
    op.execute('DELETE FROM person_profile WHERE profile_id IN (SELECT id FROM role_profile WHERE framework_id IS NULL)')
    op.execute('DELETE FROM role_profile WHERE framework_id IS NULL')
    with op.batch_alter_table('person_profile', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_person_profile_known_source'), type_='check')
        batch_op.drop_constraint(op.f('pk_person_profile'), type_='primary')
        batch_op.create_primary_key(op.f('pk_person_profile'), ['person_id'])
        batch_op.drop_column('source')
    with op.batch_alter_table('role_profile', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_role_profile_number_not_negative'), type_='check')
        batch_op.drop_constraint(op.f('uq_role_profile_key'), type_='unique')
        batch_op.create_unique_constraint('uq_role_profile_key', ['framework_id', 'key'])
        batch_op.alter_column('framework_id', existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column('retired_at')
        batch_op.drop_column('number')
    for table in ('competency', 'competency_domain'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(f'uq_{table}_key', type_='unique')
            batch_op.create_unique_constraint(f'uq_{table}_key', ['framework_id', 'key'])
            batch_op.drop_column('retired_at')
    with op.batch_alter_table('competency', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_competency_key'), ['key'], unique=False)
    with op.batch_alter_table('framework', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_framework_number_not_negative'), type_='check')
        batch_op.drop_column('number')
