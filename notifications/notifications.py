"""What this room itself tells."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import NOBODY, Kind, declare

# Many messages in one mail; its members stand in the inbox, each for itself. Nobody chooses it as such.
DIGEST = declare(
    Kind(
        "notifications.digest",
        _("Several messages in one mail"),
        audience=NOBODY,
        in_inbox=False,
        can_be_stopped=False,
    )
)

# Whether the robot of a group can be reached; the desk asks for it.
ROBOT_TRIAL = declare(
    Kind(
        "notifications.robot_trial",
        _("A trial of a group's robot"),
        audience=NOBODY,
        channels=("webhook",),
        in_inbox=False,
        can_be_stopped=False,
    )
)
