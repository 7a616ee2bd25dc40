"""Where a cluster lives and who runs it: PostgreSQL refuses root, so root hands it to a user of its own."""

import hashlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from trato.kit.errors import Conflict, NotAllowed, Unavailable

SERVICE_USER = "trato-postgres"
_LONGEST_SOCKET_PATH = 107  # sockaddr_un.sun_path on Linux, without its closing zero
_SOCKET_NAME = ".s.PGSQL.5432"
_NOTE = "belongs-to"  # in a cluster that lies elsewhere: the path of its data folder
_ROOT_STATE = Path("/var/lib/trato/clusters")


@dataclass(frozen=True)
class ServerUser:
    """The operating-system user that runs PostgreSQL."""

    name: str
    uid: int
    gid: int

    @property
    def is_us(self) -> bool:
        """Whether no change of user is needed."""
        return self.uid == os.geteuid()


def server_user() -> ServerUser:
    """Return whom PostgreSQL runs as: ourselves, or as root a dedicated user, made when missing.

    Raises `Unavailable` where the user id has no name: PostgreSQL cannot run without one.
    """
    uid = os.geteuid()
    if uid != 0:
        try:
            entry = pwd.getpwuid(uid)
        except KeyError:
            raise Unavailable(
                f"PostgreSQL cannot run as user id {uid}, which has no name on this machine.",
                todo="Add it to /etc/passwd, or set TRATO_DATABASE_URL.",
            ) from None
    else:
        entry = _dedicated_user()
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _dedicated_user() -> pwd.struct_passwd:
    useradd = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent"]
    makers = (
        [*useradd, "--shell", "/usr/sbin/nologin", "--user-group", SERVICE_USER],
        ["adduser", "-S", "-D", "-H", "-s", "/sbin/nologin", SERVICE_USER],  # busybox
    )
    for maker in (None, *makers):
        program = shutil.which(maker[0]) if maker else None
        if maker and program:
            subprocess.run([program, *maker[1:]], check=False, capture_output=True)  # noqa: S603 -- fixed words
        with suppress(KeyError):
            return pwd.getpwnam(SERVICE_USER)
    # An image without tools or with a read-only /etc still has somebody who owns nothing.
    return pwd.getpwnam("nobody")


@dataclass(frozen=True)
class Home:
    """The folder of one cluster: its programs, data, socket and log."""

    path: Path
    user: ServerUser

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.path / "data"

    @property
    def runtime(self) -> Path:
        """The copies of the programs, a folder per version."""
        return self.path / "runtime"

    @property
    def log(self) -> Path:
        """What PostgreSQL writes."""
        return self.path / "postgresql.log"

    @property
    def lock(self) -> Path:
        """Held by the one supervisor of this cluster."""
        return self.path / "lock"


def find_home(data_dir: Path, user: ServerUser) -> Home | None:
    """Return the home of the cluster that belongs to `data_dir`, or None where none was made yet.

    Raises `Unavailable` where it was made elsewhere and is no longer there, and `Conflict` where `data_dir`
    is a copy of the folder that it belongs to: two installations would write into one database.
    """
    link = data_dir / "postgres"
    if link.is_symlink() and not link.exists():
        raise Unavailable(
            f"The database of {data_dir} should be in {link.readlink()}, which is missing.",
            todo=f"Mount or restore that folder, or delete {link} to start with an empty database.",
        )
    if link.is_symlink() and (owner := _owner(link.resolve())) and not owner.samefile(data_dir):
        raise Conflict(
            f"{data_dir} is a copy of {owner}: its database is still the one of {owner}.",
            todo="Start with an empty folder and bring the data there by `trato backup` and `trato restore`.",
        )
    return Home(link.resolve(), user) if link.exists() else None


def _owner(place: Path) -> Path | None:
    """Return the data folder that a cluster in root's state folder belongs to, None when it is gone."""
    with suppress(OSError):
        owner = Path((place / _NOTE).read_text().strip())
        if (owner / "postgres").resolve() == place:
            return owner
    return None


def settle(data_dir: Path, user: ServerUser) -> Home:
    """Return the cluster's home for `data_dir`, made when missing, in a place that `user` can reach.

    That is `data_dir/postgres`, or a link there to a folder under /var/lib/trato when a parent shuts
    the server's user out. No permission of an existing folder is ever changed.
    """
    try:
        if not data_dir.exists():
            data_dir.mkdir(parents=True)
            data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)
        home = find_home(data_dir, user)
        if home is None:
            link = data_dir / "postgres"
            if user.is_us or _can_enter(data_dir, user):
                link.mkdir()
            else:
                link.symlink_to(_make_elsewhere(data_dir))
            home = Home(link.resolve(), user)
            home.path.chmod(0o755)
        elif not user.is_us and not _can_enter(home.path, user):
            home = _move_elsewhere(home, data_dir)
        elif (data_dir / "postgres").is_symlink() and _owner(home.path) is None:  # the data folder was moved
            _note_owner(home.path, data_dir)
    except PermissionError as error:
        raise NotAllowed(
            f"{error.filename or data_dir} may not be written by {pwd.getpwuid(os.geteuid()).pw_name}.",
            todo="Give the folder to that user, or choose another with --data.",
        ) from error
    return home


def _make_elsewhere(data_dir: Path) -> Path:
    # A name that is never used twice: a deleted data folder must not find its old rows again.
    key = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    place = _ROOT_STATE / f"{key}-{secrets.token_hex(4)}"
    place.mkdir(parents=True)
    _note_owner(place, data_dir)
    return place


def _note_owner(place: Path, data_dir: Path) -> None:
    (place / _NOTE).write_text(f"{data_dir.resolve()}\n")


def _move_elsewhere(home: Home, data_dir: Path) -> Home:
    link = data_dir / "postgres"
    if link.is_symlink():
        raise NotAllowed(
            f"{home.user.name} cannot enter {home.path}, where the database is.",
            todo=f"Let that user pass: chmod o+x on the parents of {home.path}.",
        )
    place = _make_elsewhere(data_dir)
    for entry in home.path.iterdir():
        shutil.move(entry, place / entry.name)
    home.path.rmdir()
    link.symlink_to(place)
    place.chmod(0o755)
    return Home(place.resolve(), home.user)


def _can_enter(folder: Path, user: ServerUser) -> bool:
    """Ask the kernel, which knows about access lists and mounts, by trying as that user."""
    tried = subprocess.run(  # noqa: S603 -- a fixed program
        ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder.resolve())],
        check=False,
        capture_output=True,
        cwd="/",
        user=user.uid,
        group=user.gid,
        extra_groups=[],
    )
    return tried.returncode == 0


def abandoned() -> list[Path]:
    """Return the clusters in root's state folder whose data folder is gone, and so nobody's."""
    if not os.access(_ROOT_STATE, os.R_OK | os.X_OK):
        return []
    return [
        place
        for place in sorted(_ROOT_STATE.iterdir())
        if (place / _NOTE).is_file() and _owner(place.resolve()) is None
    ]


def own(folder: Path, user: ServerUser) -> None:
    """Make `folder` with 0700 for the server's user; a tree left by another user id is handed over."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0 and folder.stat().st_uid != user.uid:
        for parent, _, names in os.walk(folder):
            for path in (parent, *(os.path.join(parent, name) for name in names)):  # noqa: PTH118 -- a hot loop over strings
                os.chown(path, user.uid, user.gid, follow_symlinks=False)
    elif folder.stat().st_uid != user.uid:
        raise NotAllowed(
            f"{folder} belongs to another user than {user.name}.",
            todo="Start Trato as the user who made it, or as root.",
        )


def socket_folder(home: Home) -> Path:
    """Return a folder for the server's socket whose path is short enough and takes sockets at all.

    Beside the data where that works, otherwise under the run folder or /tmp, named after the home and
    owned by the server's user alone.
    """
    key = "trato-" + hashlib.sha256(str(home.path).encode()).hexdigest()[:16]
    run = os.environ.get("XDG_RUNTIME_DIR") if home.user.is_us else "/run"
    candidates = [home.path / "run", *([Path(run) / key] if run else []), Path("/tmp") / key]  # noqa: S108 -- ownership is checked below
    for folder in candidates:
        if len(os.fsencode(folder / _SOCKET_NAME)) <= _LONGEST_SOCKET_PATH and _takes_sockets(folder, home):
            return folder
    raise Unavailable("No folder on this machine takes the database's socket.", todo="Make /tmp writable.")


def leave_socket_folder(home: Home, folder: Path) -> None:
    """Remove a socket folder from a shared place, once the server is gone."""
    if folder.parent != home.path:
        with suppress(OSError):
            folder.rmdir()


def _takes_sockets(folder: Path, home: Home) -> bool:
    probe = folder / f".probe-{secrets.token_hex(4)}"
    try:
        if folder.is_symlink() or (folder.parent != home.path and not _ours_or_new(folder, home.user)):
            return False
        own(folder, home.user)
        folder.chmod(0o700)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(probe))
    except OSError:
        return False
    finally:
        with suppress(OSError):
            probe.unlink()
    return True


def _ours_or_new(folder: Path, user: ServerUser) -> bool:
    """A folder of ours in a shared place must not have been laid out by somebody else."""
    return not folder.exists() or folder.stat().st_uid in {os.geteuid(), user.uid}
