"""What can be done to an enterprise, its facts and the people who act for it."""

from enterprises.actions.claim import accept_claim, refuse_claim, withdraw_claim
from enterprises.actions.fact import Statement, record_fact, record_facts, refresh_facets
from enterprises.actions.imports import Imported, Prospect, import_enterprises, prospects
from enterprises.actions.invitation import accept_invitation, invite, revoke_invitation
from enterprises.actions.joining import accept_join, ask_to_join, refuse_join, withdraw_join
from enterprises.actions.licence import TooManyLicences, send_licence
from enterprises.actions.membership import (
    MANDATE_DAYS,
    Mandate,
    MembershipRefused,
    add_member,
    change_mandate,
    change_role,
    end_mandates,
    leave,
    remove_member,
    transfer_ownership,
)
from enterprises.actions.merging import UNDO_DAYS as MERGE_UNDO_DAYS
from enterprises.actions.merging import merge_enterprises, merge_to_undo, unmerge_enterprises
from enterprises.actions.profile import update_contact, update_profile
from enterprises.actions.proof import set_proof_level
from enterprises.actions.reference import load_reference
from enterprises.actions.registration import DAYS_TO_CHECK, Registration, register
from enterprises.actions.zone import apply_due_zones, apply_zone

__all__ = [
    "DAYS_TO_CHECK",
    "MANDATE_DAYS",
    "MERGE_UNDO_DAYS",
    "Imported",
    "Mandate",
    "MembershipRefused",
    "Prospect",
    "Registration",
    "Statement",
    "TooManyLicences",
    "accept_claim",
    "accept_invitation",
    "accept_join",
    "add_member",
    "apply_due_zones",
    "apply_zone",
    "ask_to_join",
    "change_mandate",
    "change_role",
    "end_mandates",
    "import_enterprises",
    "invite",
    "leave",
    "load_reference",
    "merge_enterprises",
    "merge_to_undo",
    "prospects",
    "record_fact",
    "record_facts",
    "refresh_facets",
    "refuse_claim",
    "refuse_join",
    "register",
    "remove_member",
    "revoke_invitation",
    "send_licence",
    "set_proof_level",
    "transfer_ownership",
    "unmerge_enterprises",
    "update_contact",
    "update_profile",
    "withdraw_claim",
    "withdraw_join",
]
