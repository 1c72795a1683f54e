"""As whom PostgreSQL runs, and how it reaches its files without opening directories to others.

It refuses root, and a user number without a name, which containers like to give.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
from pathlib import Path
from typing import Any

from portal.servers.files import ServerError
from portal.servers.process import ON_LINUX, die_with_parent

NOBODY = 65534
CLONE_NEWUSER = 0x10000000


class Identity:
    """Whoever started us."""

    @property
    def uid(self) -> int:
        """The owner that the files must have."""
        return os.geteuid()

    def path(self, directory: Path) -> str:
        """Return the name under which a process started by `popen_options` reaches `directory`."""
        return str(directory)

    def own(self, home: Path) -> None:
        """Make the files below `home` belong to the server; only root can change what is not so already."""
        if os.geteuid() != 0 and home.stat().st_uid != os.geteuid():
            owner = home.stat().st_uid
            raise ServerError(
                f"{home} belongs to user {owner}: start as that user, or set STATE_DIR to a new place."
            )
        for directory, _, files in os.walk(home):
            for path in (Path(directory), *(Path(directory, name) for name in files)):
                if path.lstat().st_uid != self.uid:
                    os.chown(path, self.uid, self.uid, follow_symlinks=False)

    def popen_options(self, directory: Path, stop_signal: int) -> dict[str, Any]:
        """Return the subprocess options of a process at work in `directory` that ends with ours."""
        return {"preexec_fn": die_with_parent(stop_signal), "cwd": directory}

    def can_run(self, binary: Path) -> bool:
        """Try it: rights, namespaces and security modules all have a say, and only a trial asks them all."""
        options = self.popen_options(Path("/"), signal.SIGKILL)
        try:
            trial = subprocess.run(  # noqa: S603 - our own binary
                [str(binary), "--version"], check=False, capture_output=True, **options
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return trial.returncode == 0


class Nobody(Identity):
    """Root steps down to nobody.

    The directories above the data stay closed: the child enters its own before it steps down, and reaches it
    as its working directory ever after.
    """

    uid = NOBODY

    def path(self, directory: Path) -> str:
        return "/proc/self/cwd"

    def popen_options(self, directory: Path, stop_signal: int) -> dict[str, Any]:
        stepping_down = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        return super().popen_options(directory, stop_signal) | stepping_down


class Namespaced(Identity):
    """We look like nobody from inside a user namespace of its own, and are ourselves outside it."""

    def popen_options(self, directory: Path, stop_signal: int) -> dict[str, Any]:
        libc = ctypes.CDLL(None, use_errno=True)
        at_our_death = die_with_parent(stop_signal)
        user, group = os.geteuid(), os.getegid()

        def enter() -> None:
            if libc.unshare(CLONE_NEWUSER):
                raise OSError(ctypes.get_errno(), "unshare")
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{NOBODY} {user} 1")
            Path("/proc/self/gid_map").write_text(f"{NOBODY} {group} 1")
            if at_our_death:
                at_our_death()

        return {"preexec_fn": enter, "cwd": directory}


def identity_for(binaries: Path) -> Identity:
    """Choose for this user and this place of the binaries; raises ServerError when there is no way."""
    if os.geteuid() != 0 and has_a_name(os.geteuid()):
        return Identity()
    ways: list[Identity] = [Namespaced()] if os.geteuid() else [Nobody(), Namespaced()]
    for way in ways if ON_LINUX else []:
        if way.can_run(binaries / "postgres"):
            return way
    raise ServerError(
        "PostgreSQL does not run as this user here: start as an ordinary user, or set DATABASE_URL."
    )


def has_a_name(uid: int) -> bool:
    """Say whether the system knows this user number."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
