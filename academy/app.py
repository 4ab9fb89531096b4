"""The composition root: builds the application, and is the only file that opens the slices' doors."""

from datetime import timedelta
from pathlib import Path

from flask import Flask, current_app
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

import academy.accounts.models
import academy.assessment.models
import academy.base.audit
import academy.base.jobs
import academy.base.storage
import academy.base.throttle
import academy.catalogue.models
import academy.competencies.models
import academy.credentials.models
import academy.learning.models
import academy.messages.models
import academy.notices.models
import academy.partners.accreditation.models
import academy.partners.models  # noqa: F401
from academy import doors
from academy.accounts import queries as accounts
from academy.accounts import services as account_services
from academy.accounts.queries_of_memberships import memberships
from academy.accounts.services.passwords import configure as configure_passwords
from academy.assessment.kinds import lookups as assessment_lookups
from academy.assessment.policies_of_pictures import opens_picture
from academy.base import clock, place, storage
from academy.base.access import Actor
from academy.base.db import db, writing
from academy.base.storage import StoredFile
from academy.catalogue.kinds import lookups
from academy.competencies import queries as competencies
from academy.config import ROOT, Settings, load, revealed
from academy.credentials import queries_of_doubts
from academy.insights.reports import reach
from academy.learning import policies as learning
from academy.learning import quizzes as learning_quizzes
from academy.notices import queries as notices
from academy.web import (
    addresses,
    assets,
    browser,
    context,
    errors,
    filters,
    headers,
    identity,
    logs,
    migrating,
    sentences,
    templating,
    transaction,
)

SEEN_AGAIN = timedelta(minutes=5)


def create_app(settings: Settings | None = None) -> Flask:
    """Build the academy from its settings (read from the environment when none are given)."""
    settings = settings or load()
    app = Flask(__name__, static_folder=None, template_folder="web/templates")
    _configure(app, settings)
    addresses.install(app)
    db.init_app(app)
    migrating.Migrations(app, ROOT / "migrations")
    Babel(app, locale_selector=identity.chosen_language, default_timezone="Asia/Riyadh")
    CSRFProtect(app)
    storage.open_store(settings.storage_url, str(settings.data / "files"), settings.secret_key.get_secret_value())
    identity.install(app)
    _lend_sources(settings)
    for part in (transaction, errors, filters, sentences):
        part.install(app)
    context.install(app, settings)
    headers.install(app, secure=settings.secure)
    doors.open_all(app, settings)
    assets.install(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, settings: Settings) -> None:
    if settings.database_url is None:
        Path(settings.data).mkdir(parents=True, exist_ok=True)
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SQLALCHEMY_DATABASE_URI=settings.database,
        # Else answers, addresses and digests of passwords would stand in the log beside a failed statement. The connection that was used last
        # is lent first: it and the server's process behind it have our statements prepared, the others have forgotten or never seen them.
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True, "pool_use_lifo": True},
        # Well above the largest file, so that the form itself refuses one that is somewhat too large, and keeps what was typed.
        MAX_CONTENT_LENGTH=(3 * settings.upload_megabytes + 1) * 1_000_000,
        MAX_FORM_MEMORY_SIZE=4_000_000,
        SESSION_COOKIE_NAME="__Host-academy" if settings.secure else "academy",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=settings.session_days),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        BABEL_DEFAULT_LOCALE="ar",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        TESTING=settings.mode == "test",
        DEBUG=settings.debug,
    )
    app.extensions["settings"] = settings
    app.jinja_environment = templating.Environment
    app.jinja_options = {**app.jinja_options, "cache_size": -1}  # there are more than the 400 that Jinja would keep
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    logs.install()


def _here() -> place.Place:
    settings: Settings = current_app.extensions["settings"]
    return place.Place(
        settings.base_url, settings.secret_key.get_secret_value(),
        badge_key=settings.badge_key, badge_password=revealed(settings.badge_password),
        paper_key=settings.paper_key, paper_password=revealed(settings.paper_password),
    )  # fmt: skip


def _opens_file(actor: Actor, file: StoredFile, address: str | None) -> bool:
    return learning.opens_file(actor, file) or opens_picture(
        actor, file, address=address, browser=browser.browser_here(), now=clock.now()
    )


def _lend_sources(settings: Settings) -> None:
    idle, longest = timedelta(minutes=settings.session_idle_minutes), timedelta(days=settings.session_days)

    def actor_of(token: str) -> Actor | None:
        at = clock.now()
        # What only saves something draws no page as a rule, and goes without what pages show.
        found = accounts.arrival(token, at=at, idle=idle, longest=longest, for_page=not writing())
        if found is None:
            return None
        if at - found.seen_at > SEEN_AGAIN:
            account_services.touch_session(found.actor.session_id, at=at)
        identity.arrived(found.academy, found.unread)
        return found.actor

    configure_passwords(time=settings.argon2_time, memory_kib=settings.argon2_memory_kib)
    place.lent.here = _here
    lookups.competency_choices, lookups.all_choices = competencies.competency_choices, competencies.all_choices
    lookups.role_choices = competencies.role_choices
    lookups.domain_choices, lookups.names = competencies.domain_choices, competencies.names
    assessment_lookups.certificates = queries_of_doubts.numbers_of
    assessment_lookups.smallest_group = reach.smallest_group
    assessment_lookups.completed = learning_quizzes.completed_by
    identity.sources.actor_of = actor_of
    identity.sources.academy = accounts.academy
    identity.sources.opens_file = _opens_file
    identity.sources.memberships = memberships
    identity.sources.unread = lambda actor: notices.unread_count(actor.person_id)
    accounts.lent.unread = notices.unread_of
