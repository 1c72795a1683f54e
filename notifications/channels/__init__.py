"""Ways to reach a reader. A channel is a module with a class that has `name`, `send` and `close`.

The in-site inbox needs no delivery: it shows the notification row itself, see `inbox`.
"""


class NotNow(Exception):
    """The message was not taken this time; it is tried again later. `channel_is_down`: for all alike."""

    def __init__(self, reason: str, *, channel_is_down: bool = False) -> None:
        super().__init__(reason)
        self.channel_is_down = channel_is_down


class Never(Exception):
    """The message cannot be delivered however often it is tried; staff see why.

    `by_address`: it is the reader's address that was refused, not this message.
    """

    def __init__(self, reason: str, *, by_address: bool = False) -> None:
        super().__init__(reason)
        self.by_address = by_address


class NotWanted(Exception):
    """The message shall not be sent: stopped, a sample address, nobody there any more."""
