"""The blueprint that the pages of insights hang on."""

from flask import Blueprint

bp = Blueprint("insights", __name__, template_folder="../templates")
