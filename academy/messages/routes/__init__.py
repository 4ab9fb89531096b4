"""The pages of messages: everyone's own conversations; reports and rules for administrators."""

from flask import url_for

from academy.base.i18n import _l
from academy.messages.policies import LIST
from academy.messages.routes import conversations, own_acts, reports, ruling
from academy.messages.routes.blueprints import bp
from academy.web import links, navigation

__all__ = ["bp", "conversations", "own_acts", "reports", "ruling"]

navigation.enter("user", 15, _l("Messages"), "messages.inbox", "message-square", LIST)
links.register("ask_trainer", lambda key: url_for("messages.ask_trainer", key=key))
