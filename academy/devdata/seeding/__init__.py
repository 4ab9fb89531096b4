"""Filling the demonstration academy through the services, and a crowd of people for measuring."""

from datetime import timedelta

from academy.assessment.queries_of_statistics import stale
from academy.assessment.services import ask_to_reckon
from academy.base import clock
from academy.base.db import db, transaction
from academy.devdata.reading import read_library
from academy.devdata.seeding.accreditation import load_accreditation
from academy.devdata.seeding.announcements import announce, reword
from academy.devdata.seeding.bank import load_bank
from academy.devdata.seeding.cast import Cast, gather, govern, lead
from academy.devdata.seeding.deciding import load_decisions, name_second
from academy.devdata.seeding.discussions import load_discussions
from academy.devdata.seeding.duties import load_calendar, load_rule
from academy.devdata.seeding.entering import open_doors
from academy.devdata.seeding.evidence import Witness
from academy.devdata.seeding.goals import load_goals
from academy.devdata.seeding.history import History
from academy.devdata.seeding.library import load_courses, load_framework, load_glossary
from academy.devdata.seeding.memberships import load_memberships
from academy.devdata.seeding.messages import write_messages
from academy.devdata.seeding.partners import load_partners
from academy.devdata.seeding.programmes import Participation, load_programmes
from academy.devdata.seeding.ratings import load_ratings
from academy.devdata.seeding.readiness import READINESS, load_readiness
from academy.devdata.seeding.ready import join_ready, load_ready
from academy.devdata.seeding.renewals import load_renewals
from academy.devdata.seeding.reports import load_reports
from academy.devdata.seeding.reviewing import load_review
from academy.devdata.seeding.templates import load_templates

SEED = 2026
OPENED = timedelta(days=760)
BANKED = timedelta(days=40)
CHECKED = timedelta(days=28)
RULED = timedelta(days=9)
ASKED = timedelta(hours=20)


def demo(*, seed: int = SEED) -> Cast:
    """Fill an empty academy with its courses, its people and half a year of history, in one transaction."""
    now = clock.now()
    at = now - OPENED
    library = read_library()
    with transaction():
        load_framework(library.framework, at=at)
        load_glossary(library.glossary, at=at)
        cast = gather(seed=seed, at=at)
        load_calendar(cast, at=at, now=now)
        courses = load_courses(library, organisation_id=cast.agency.id, trainer=cast.demo["trainer"], at=at)
        by = cast.demo["trainer"]
        load_bank(library, courses, trainer=by, reviewer=cast.demo["admin"], at=now - BANKED)
        courses[READINESS] = load_readiness(trainer=by, at=now - CHECKED)
        programmes = load_programmes(library, courses, organisation_id=cast.agency.id, by=by, at=at)
        ready = load_ready(courses, organisation_id=cast.agency.id, by=by, at=now - CHECKED)
        lead(cast, now)
        history = History(cast, courses, seed=seed, now=now)
        history.play()
        History(cast, courses, seed=seed, now=now).check_readiness()  # papers drawn by lot change nothing else
        Participation(cast, programmes, seed=seed, now=now).play()
        join_ready(cast, ready, now=now)
        Witness(cast, history).play()
        load_ratings(cast, history)
        load_goals(cast, history)
        announce(cast, courses, now=now)
        reword(cast, now=now)
        load_discussions(cast, courses, now=now)
        load_reports(cast, now=now)
        load_rule(cast, courses, at=now - RULED)
        open_doors(cast, courses, programmes, now=now)
        load_renewals(cast, courses, now=now)
        name_second(cast, at=now - RULED * 2)
        load_partners(cast, courses, programmes, since=at, now=now)
        History(cast, courses, seed=seed, now=now).certify(cast.partners[1])
        load_accreditation(cast, library.programmes, since=at, now=now)
        load_decisions(cast, now=now)
        load_templates(cast, courses, now=now)
        load_memberships(cast, courses, now=now)
        write_messages(cast, courses, now=now)
        govern(cast, seed=seed, at=now - RULED)
        load_review(cast, courses["service-design"], at=now - ASKED)
        db.session.flush()
        for quiz_version_id in stale():
            ask_to_reckon(quiz_version_id)
    return cast
