"""How the sign-in page of a partner looks. It is a look, not a wall: whoever may sign in at all may sign in there."""

from academy.accounts.kinds import Door, add_door
from academy.partners import queries


def _door(organisation_key: str) -> Door | None:
    found = queries.look_of(organisation_key)
    if found is None:
        return None
    return Door(found.key, found.name, found.colour, f"/files/{found.logo_key}" if found.logo_key else None)


add_door(_door)
