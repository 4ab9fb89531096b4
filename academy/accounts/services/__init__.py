"""The verbs of accounts."""

from academy.accounts.rules import INVITATION_LIVES, RESET_LIVES, SHORTEST, Limit
from academy.accounts.rules_of_people import parse_email, parse_mobile, pseudonym, show_mobile
from academy.accounts.services.academy import (
    AcademyDetails,
    change_academy,
    checked_colour,
    checked_logo,
    create_academy,
    set_logo,
)
from academy.accounts.services.addresses import (
    CONFIRM_LIVES,
    STOP_LIVES,
    ask_address_change,
    confirm_address,
    forget_changes,
    stop_address,
    withdraw_address,
)
from academy.accounts.services.anonymising import (
    FORGET,
    close_anonymising,
    confirm_anonymising,
    decline_anonymising,
    lift_hold,
    place_hold,
    propose_anonymising,
    unfinished_anonymising,
)
from academy.accounts.services.importing import apply_plan, keep_plan, preview, read_people
from academy.accounts.services.invitations import accept_invitation, invite
from academy.accounts.services.leading import (
    add_matrix_manager,
    end_deputyship,
    name_deputy,
    remove_matrix_manager,
)
from academy.accounts.services.locking import lock_settings
from academy.accounts.services.memberships import decline_invitation, join, switch
from academy.accounts.services.moving import move_person
from academy.accounts.services.one_time_links import LinkDead
from academy.accounts.services.organisations import (
    create_org_unit,
    create_organisation,
    deactivate_org_unit,
    deactivate_organisation,
    move_org_unit,
    reactivate_org_unit,
    reactivate_organisation,
    rename_org_unit,
    rename_organisation,
)
from academy.accounts.services.passwords import (
    HasAccount,
    WeakPassword,
    ask_reset,
    change_password,
    hash_password,
    matches,
    reset_password,
    set_password,
)
from academy.accounts.services.people import (
    PersonDetails,
    change_person,
    create_administrator,
    create_person,
    end_sessions_of,
    manager_id_of,
    revive,
    suspend,
)
from academy.accounts.services.places import note_places
from academy.accounts.services.preferences import set_language, set_preferences
from academy.accounts.services.roles import grant_role, revoke_role
from academy.accounts.services.seats import NoSeatLeft, seats_taken, set_seats
from academy.accounts.services.sessions import (
    end_all_sessions,
    end_own_session,
    end_session,
    end_sessions_everywhere,
    start_session,
    touch_session,
)
from academy.accounts.services.signing_in import Claim, count_try, enter, forget_try, prove
from academy.accounts.services.throttling import Throttled, address_key
from academy.accounts.services.throttling import count as count_tries

__all__ = [
    "CONFIRM_LIVES",
    "FORGET",
    "INVITATION_LIVES",
    "RESET_LIVES",
    "SHORTEST",
    "STOP_LIVES",
    "AcademyDetails",
    "Claim",
    "HasAccount",
    "Limit",
    "LinkDead",
    "NoSeatLeft",
    "PersonDetails",
    "Throttled",
    "WeakPassword",
    "accept_invitation",
    "add_matrix_manager",
    "address_key",
    "apply_plan",
    "ask_address_change",
    "ask_reset",
    "change_academy",
    "change_password",
    "change_person",
    "checked_colour",
    "checked_logo",
    "close_anonymising",
    "confirm_address",
    "confirm_anonymising",
    "count_tries",
    "count_try",
    "create_academy",
    "create_administrator",
    "create_org_unit",
    "create_organisation",
    "create_person",
    "deactivate_org_unit",
    "deactivate_organisation",
    "decline_anonymising",
    "decline_invitation",
    "end_all_sessions",
    "end_deputyship",
    "end_own_session",
    "end_session",
    "end_sessions_everywhere",
    "end_sessions_of",
    "enter",
    "forget_changes",
    "forget_try",
    "grant_role",
    "hash_password",
    "invite",
    "join",
    "keep_plan",
    "lift_hold",
    "lock_settings",
    "manager_id_of",
    "matches",
    "move_org_unit",
    "move_person",
    "name_deputy",
    "note_places",
    "parse_email",
    "parse_mobile",
    "place_hold",
    "preview",
    "propose_anonymising",
    "prove",
    "pseudonym",
    "reactivate_org_unit",
    "reactivate_organisation",
    "read_people",
    "remove_matrix_manager",
    "rename_org_unit",
    "rename_organisation",
    "reset_password",
    "revive",
    "revoke_role",
    "seats_taken",
    "set_language",
    "set_logo",
    "set_password",
    "set_preferences",
    "set_seats",
    "show_mobile",
    "start_session",
    "stop_address",
    "suspend",
    "switch",
    "touch_session",
    "unfinished_anonymising",
    "withdraw_address",
]
