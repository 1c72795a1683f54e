"""What can be done to question banks and assessments."""

from services.assessments.actions.campaigning import drop, end, extend, launch, run_campaigns, set_list
from services.assessments.actions.evidencing import (
    EVIDENCE,
    EvidenceKept,
    TooMuchEvidence,
    add_file,
    add_link,
    remove_evidence,
    tell_blocked,
)
from services.assessments.actions.filling import (
    AnotherWindow,
    AnswersRefused,
    NotReady,
    Reply,
    discard,
    finish,
    give_section,
    save_section,
    start,
    take_over_check,
)
from services.assessments.actions.frameworks import DryRun, load_shipped, publish, try_out
from services.assessments.actions.reminding import remind
from services.assessments.actions.sharing import revoke, share
from services.assessments.actions.verifying import verify

__all__ = [
    "EVIDENCE",
    "AnotherWindow",
    "AnswersRefused",
    "DryRun",
    "EvidenceKept",
    "NotReady",
    "Reply",
    "TooMuchEvidence",
    "add_file",
    "add_link",
    "discard",
    "drop",
    "end",
    "extend",
    "finish",
    "give_section",
    "launch",
    "load_shipped",
    "publish",
    "remind",
    "remove_evidence",
    "revoke",
    "run_campaigns",
    "save_section",
    "set_list",
    "share",
    "start",
    "take_over_check",
    "tell_blocked",
    "try_out",
    "verify",
]
