"""The two blueprints of accounts: everyone's own pages, and the administration."""

from flask import Blueprint

bp = Blueprint("accounts", __name__, template_folder="../templates")
administration = Blueprint("administration", __name__, url_prefix="/admin", template_folder="../templates")
