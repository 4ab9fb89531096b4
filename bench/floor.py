"""The floor: the least a Flask page over the same rows can cost. Cookie, person by key, 43 activities, a plain page.

No permissions, no CSRF, no languages, no log of its own, no layout. Its tables are mapped with the few columns shown.
"""

import os
from datetime import UTC, datetime
from typing import Any

from flask import Flask, abort, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import DateTime, and_, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

PAGE = """<!doctype html>
<html lang="ar" dir="rtl">
<head><meta charset="utf-8"><title>{{ title }}</title><link rel="stylesheet" href="/static/page.css"></head>
<body>
<header><a href="/">CX Academy</a> <span>{{ person.name.ar }}</span> <a href="mailto:{{ person.email }}">{{ person.email }}</a></header>
<main><h1>{{ title }}</h1><p>{{ done }} / {{ rows|length }}</p>
<ol>
{% for activity, state in rows %}
<li id="activity-{{ activity.id }}" class="activity {{ activity.kind }}{% if state %} {{ state.state }}{% endif %}"><a class="title"
 href="{{ url_for('activity', version=activity.version_id, key=activity.key) }}">{{ loop.index }}. {{ activity.title.ar }}</a>
<span class="kind">{{ activity.kind }}</span> <span class="minutes">{{ activity.minutes }} min</span>
<span class="state">{{ state.state if state else "not started" }}</span>{% if activity.required %} <b>required</b>{% endif %}</li>
{% endfor %}
</ol></main>
<footer><p>CX Academy</p></footer></body></html>
"""


class Base(DeclarativeBase):
    """The floor's own mapping of the academy's tables."""


class Person(Base):
    """Who is signed in."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[dict[str, Any]] = mapped_column(JSONB)


class CourseUnit(Base):
    """The order of units."""

    __tablename__ = "course_unit"
    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]


class Activity(Base):
    """What there is to do."""

    __tablename__ = "activity"
    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int]
    unit_id: Mapped[int]
    key: Mapped[str]
    kind: Mapped[str]
    title: Mapped[dict[str, Any]] = mapped_column(JSONB)
    minutes: Mapped[int]
    required: Mapped[bool]
    position: Mapped[int]


class ActivityState(Base):
    """What is done."""

    __tablename__ = "activity_state"
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int]
    activity_id: Mapped[int]
    state: Mapped[str]


class AttemptItem(Base):
    """An answer, for the floor of saving."""

    __tablename__ = "attempt_item"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int]
    position: Mapped[int]
    response: Mapped[dict[str, Any]] = mapped_column(JSONB)
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


db = SQLAlchemy(model_class=Base)


def create() -> Flask:
    """Build the floor over the bench's database."""
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"page.html": PAGE})
    app.config.update(SECRET_KEY=os.environ["FLOOR_SECRET"], SQLALCHEMY_DATABASE_URI=os.environ["FLOOR_DATABASE"])
    db.init_app(app)
    app.add_url_rule("/ready", "ready", lambda: "ready")
    app.add_url_rule("/course/<int:version>/<int:enrolment>", "course", course)
    app.add_url_rule("/activity/<int:version>/<key>", "activity", lambda version, key: "")
    app.add_url_rule("/save/<int:attempt>", "save", save, methods=["POST"])
    return app


def _person() -> Person:
    return db.session.get(Person, session.get("person", 0)) or abort(403)


def course(version: int, enrolment: int) -> ResponseReturnValue:
    """Show the activities of a course with what is done."""
    person = _person()
    mine = and_(ActivityState.activity_id == Activity.id, ActivityState.enrolment_id == enrolment)
    query = (
        select(Activity, ActivityState)
        .join(CourseUnit, CourseUnit.id == Activity.unit_id)
        .outerjoin(ActivityState, mine)
        .where(Activity.version_id == version)
        .order_by(CourseUnit.position, Activity.position)
    )
    rows = db.session.execute(query).all()
    done = sum(1 for _, state in rows if state and state.state == "completed")
    return render_template("page.html", title="The floor", person=person, rows=rows, done=done)


def save(attempt: int) -> ResponseReturnValue:
    """Keep one answer: the person, one UPDATE, commit."""
    _person()
    body = request.get_json()
    change = update(AttemptItem).where(AttemptItem.attempt_id == attempt, AttemptItem.position == body["position"])
    db.session.execute(change.values(response=body["response"], saved_at=datetime.now(UTC)))
    db.session.commit()
    return {"saved": True}
