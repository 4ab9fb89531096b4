"""How the sign-in page of a partner looks. It is a look, not a wall: whoever may sign in at all may sign in there."""

from academy.accounts.kinds import Door, add_door
from academy.base import clock
from academy.partners import queries
from academy.partners.rules_of_joining import is_open


def _door(organisation_key: str) -> Door | None:
    found = queries.look_of(organisation_key)
    if found is None:
        return None
    logo_url = f"/files/{found.logo_key}" if found.logo_key else None
    asks = is_open(bool(found.open), found.ends_on, clock.today())
    return Door(found.key, found.name, found.colour, logo_url, f"/sign-in/{found.key}/join" if asks else "")


add_door(_door)
