"""The pages of notices: everyone's own list, choices and announcements; letters and announcing for administrators."""

from academy.notices.routes import announcements, announcing, choosing, letters, own, pausing, rewording, ruling
from academy.notices.routes.blueprints import bp

__all__ = ["announcements", "announcing", "bp", "choosing", "letters", "own", "pausing", "rewording", "ruling"]
