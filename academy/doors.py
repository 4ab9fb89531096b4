"""The doors of every slice, in one list: pages, jobs and listeners."""

from flask import Flask

from academy.accounts import cli as account_commands
from academy.accounts import jobs as account_jobs
from academy.accounts import routes as accounts
from academy.assessment import jobs as assessment_jobs
from academy.assessment import routes as assessment
from academy.assessment import subscribers as assessment_subscribers
from academy.catalogue import jobs as catalogue_jobs
from academy.catalogue import routes as catalogue
from academy.competencies import audiences as competency_audiences
from academy.competencies import jobs as competency_jobs
from academy.competencies import routes as competencies
from academy.competencies import subscribers as competency_subscribers
from academy.config import Settings
from academy.credentials import audiences as credential_audiences
from academy.credentials import jobs as credential_jobs
from academy.credentials import jobs_of_programmes as credential_programme_jobs
from academy.credentials import reminding as credential_reminding
from academy.credentials import routes as credentials
from academy.credentials import subscribers as credential_subscribers
from academy.devdata import cli as devdata_commands
from academy.discussions import jobs as discussion_jobs
from academy.discussions import routes as discussions
from academy.discussions import subscribers as discussion_subscribers
from academy.home import routes as home
from academy.insights import routes as insights
from academy.insights.mailings import jobs as mailing_jobs
from academy.insights.mailings import routes as mailings
from academy.insights.reports import jobs as report_jobs
from academy.insights.reports import routes as reports
from academy.insights.reports import subscribers as report_subscribers
from academy.learning import announcing as learning_announcing
from academy.learning import audiences as learning_audiences
from academy.learning import entering, reminding, running_rules
from academy.learning import jobs as learning_jobs
from academy.learning import routes as learning
from academy.learning import subscribers as learning_subscribers
from academy.messages import jobs as message_jobs
from academy.messages import routes as messages
from academy.messages import subscribers as message_subscribers
from academy.notices import jobs as notice_jobs
from academy.notices import routes as notices
from academy.notices import subscribers as notice_subscribers
from academy.partners import jobs as partner_jobs
from academy.partners import routes as partners
from academy.partners import subscribers as partner_subscribers
from academy.partners.accreditation import jobs as accreditation_jobs
from academy.partners.accreditation import routes as accreditation
from academy.web import commands, files, gallery, health

BLUEPRINTS = (
    health.bp,
    files.bp,
    home.bp,
    accounts.bp,
    accounts.administration,
    notices.bp,
    catalogue.bp,
    assessment.bp,
    learning.bp,
    discussions.bp,
    messages.bp,
    competencies.bp,
    credentials.bp,
    partners.bp,
    accreditation.bp,
    insights.bp,
    reports.bp,
    mailings.bp,
)

# Importing these modules is what registers jobs, commands and listeners. No listener depends on another having heard first.
LISTENERS = (
    assessment_subscribers,
    learning_subscribers,
    discussion_subscribers,
    message_subscribers,
    competency_subscribers,
    credential_subscribers,
    partner_subscribers,
    notice_subscribers,
    report_subscribers,
)
COMMANDS = (account_commands, devdata_commands)
JOBS = (
    account_jobs,
    catalogue_jobs,
    assessment_jobs,
    learning_jobs,
    reminding,
    discussion_jobs,
    message_jobs,
    competency_jobs,
    credential_jobs,
    credential_programme_jobs,
    credential_reminding,
    partner_jobs,
    accreditation_jobs,
    notice_jobs,
    running_rules,
    entering,
    report_jobs,
    mailing_jobs,
)
# Whom a rule of duties can be about, and whom announcements can.
AUDIENCES = (learning_audiences, competency_audiences, credential_audiences, learning_announcing)


def open_all(app: Flask, settings: Settings) -> None:
    """Open every door on the application."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if settings.mode != "production":
        app.register_blueprint(gallery.bp)
    app.cli.add_command(commands.group)
