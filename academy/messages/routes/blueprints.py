"""The blueprint of messages."""

from flask import Blueprint
from markupsafe import Markup

from academy.messages import rules

bp = Blueprint("messages", __name__, template_folder="../templates")


@bp.app_template_filter("message_text")
def message_text(text: str) -> Markup:
    """Show a message as paragraphs, with its addresses as safe links."""
    return rules.paragraphs(text)


@bp.app_template_filter("message_opening")
def message_opening(text: str) -> str:
    """Show how a message begins."""
    return rules.opening(text)
