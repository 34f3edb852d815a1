"""A sacrificial surrounding: everything that an attack could harm is planted here."""

import ctypes
import os
import pty
import secrets
import select
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from tests import ROOT
from tests.grading.escapes.tools import libc, system_call

CHECKOUT = ROOT
VARIABLE = "HARM_SECRET"
CANARY = secrets.token_hex(16)  # never told to a worker: where it shows, it was read
MARK = "harm-" + secrets.token_hex(4)
LIMITS = {
    "memory": 1280 << 20,  # the 1 GiB that is allowed, and what is counted apart
    "disk": 128 << 20,  # twice the scratch folder, for who measures it from outside
    "files": 6000,
    "threads": 1000,
}


class Bait:
    """Files, sockets, a terminal, shared memory and a process to be harmed.

    All of it belongs to the user `uid`, as whom the worker runs: were it another's,
    ordinary permissions would protect it and nothing would be tried.
    """

    def __init__(self, uid: int, gid: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="harm-", dir="/tmp"))
        self._plant_files()
        self._plant_sockets()
        self._plant_memory()
        self.master, self.slave = pty.openpty()
        self.decoy = subprocess.Popen(
            ["/bin/sleep", "100"], user=uid, group=gid, start_new_session=True
        )
        for path in (*self.folder.rglob("*"), self.folder, os.ttyname(self.slave)):
            os.chown(path, uid, -1, follow_symlinks=False)

    def told(self, others=()):
        """Return what an attack may know; `others` are processes to try last."""
        return LIMITS | {
            "home": str(self.home),
            "private": str(self.home / "private.txt"),
            "link": str(self.home / "link"),
            "other": str(self.folder / "students/other.ipynb"),
            "checkout": str(CHECKOUT),
            "variable": VARIABLE,
            "mark": MARK,
            "shared": self.shared.name,
            "segment": self.segment,
            "terminal": os.ttyname(self.slave),
            "victims": [self.decoy.pid, *others],
            "groups": [os.getpgid(pid) for pid in (os.getpid(), self.decoy.pid)],
            **self.addresses,
        }

    def state(self):
        """Return everything that must be the same after an attack."""
        return {
            "files": {str(p): _file_state(p) for p in sorted(self.folder.rglob("*"))},
            "shared memory": (self.shared.read_text(), _segment_text(self.segment)),
            "left in memory": Path("/dev/shm", MARK).exists(),
            "decoy": process_state(self.decoy.pid),
            "heard": self._heard(),
            "planted": [str(p) for p in _code_places() if p.exists()],
        }

    def close(self):
        """Take everything away again."""
        self.decoy.kill()
        self.decoy.wait()
        for listener in self.sockets.values():
            listener.close()
        for number in (self.master, self.slave, self.inherited):
            os.close(number)
        libc.shmctl(self.segment, 0, None)
        self.shared.unlink(missing_ok=True)
        Path("/dev/shm", MARK).unlink(missing_ok=True)
        shutil.rmtree(self.folder)

    def _plant_files(self):
        self.home = self.folder / "home"
        (self.folder / "students").mkdir()
        self.home.mkdir()
        private = self.home / "private.txt"
        for path in (private, self.folder / "students/other.ipynb"):
            path.write_text(f"{MARK} {CANARY}")
            path.chmod(0o600)
        os.setxattr(private, "user.secret", CANARY.encode())
        (self.home / "link").symlink_to(private)
        self.inherited = os.open(private, os.O_RDONLY)
        os.set_inheritable(self.inherited, True)
        self.folder.chmod(0o755)

    def _plant_sockets(self):
        names = {
            "tcp": (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            "tcp6": (socket.AF_INET6, socket.SOCK_STREAM, ("::1", 0)),
            "udp": (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            "abstract": (socket.AF_UNIX, socket.SOCK_STREAM, f"\0{self.folder}"),
            "abstract_datagram": (
                socket.AF_UNIX,
                socket.SOCK_DGRAM,
                f"\0{self.folder}d",
            ),
            "named": (socket.AF_UNIX, socket.SOCK_STREAM, f"{self.folder}/s"),
            "named_datagram": (socket.AF_UNIX, socket.SOCK_DGRAM, f"{self.folder}/d"),
        }
        self.sockets, self.addresses = {}, {}
        for name, (family, kind, address) in names.items():
            listener = self.sockets[name] = socket.socket(family, kind)
            try:
                listener.bind(address)
            except OSError:  # a machine without IPv6: nothing listens, nothing is heard
                self.addresses[name] = 9
                continue
            if kind == socket.SOCK_STREAM:
                listener.listen()
            listener.setblocking(False)
            own = listener.getsockname()
            inet = family != socket.AF_UNIX
            self.addresses[name] = own[1] if inet else address

    def _plant_memory(self):
        self.segment = system_call("shmget", 0, 4096, 0o1666)
        text = f"{MARK} {CANARY}".encode()
        ctypes.memmove(_attached(self.segment), text, len(text))
        self.shared = Path("/dev/shm", "shared-" + MARK)
        self.shared.write_text(f"{MARK} {CANARY}")
        self.shared.chmod(0o666)

    def _heard(self):
        waiting = select.poll()
        for name, listener in self.sockets.items():
            if self.addresses[name] != 9:
                waiting.register(listener, select.POLLIN)
        waiting.register(self.master, select.POLLIN)
        return len(waiting.poll(0))


def process_state(pid):
    """Return what others could change about a process, or that it is gone."""
    try:
        about = Path("/proc", str(pid))
        fields = (about / "stat").read_text().rpartition(")")[2].split()
        status = dict(
            line.split(":\t", 1)
            for line in (about / "status").read_text().splitlines()
            if ":\t" in line
        )
        return {
            "runs": fields[0] not in "TtZX",
            "nice": fields[16],
            "policy": fields[38],
            "cores": status["Cpus_allowed"],
            "traced by": status["TracerPid"].strip(),
            "limits": (about / "limits").read_text(),
            "memory killer": (about / "oom_score_adj").read_text(),
            "disk": libc.syscall(_IOPRIO_GET[os.uname().machine], 1, pid),
        }
    except (FileNotFoundError, ProcessLookupError):
        return "gone"


_IOPRIO_GET = {"x86_64": 252, "aarch64": 31}


def family(root):
    """Return the processes that descend from `root`, as a set of numbers."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = Path("/proc", entry, "stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents[int(entry)] = int(stat.rpartition(")")[2].split()[1])
    found = {root}
    while grown := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= grown
    return found - {root}


def _file_state(path):
    about = path.lstat()
    kept = (about.st_mode, about.st_uid, about.st_nlink, about.st_size)
    dates = (about.st_mtime_ns, about.st_ctime_ns)  # the second tells of any change
    return kept + dates


def _attached(segment):
    libc.shmat.restype = ctypes.c_void_p
    return libc.shmat(segment, None, 0)


def _segment_text(segment):
    place = _attached(segment)
    text = ctypes.string_at(place)
    libc.shmdt(ctypes.c_void_p(place))
    return text


def _code_places():
    import site

    folders = (Path(site.getsitepackages()[0]), CHECKOUT / "lrcourse")
    return [f / name for f in folders for name in ("harm_left.pth", "harm_left.py")]
