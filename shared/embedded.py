"""PostgreSQL of our own: a cluster under LEADFLY_HOME, reached by a Unix socket alone.

Terms are PostgreSQL's: a *cluster* is the data folder that initdb makes, the
*postmaster* its first process, a *backend* the process behind one connection.
Which programs are used is decided in `shared.postgres_programs`.
"""

import fcntl
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from shared.errors import ServiceError
from shared.postgres_programs import Account, Programs, account, found

OWNER = "leadfly"
"""The superuser of the cluster, and the owner of everything the migrations create."""

SOCKET_BYTES = 100
"""Longest socket path we use; `sun_path` has 108 bytes on Linux and 104 on BSD."""

START_SECONDS = 120
"""How long a start may take; recovery after a crash replays up to `max_wal_size`."""

STOP_SECONDS = 10
"""How long open transactions may delay a fast stop before it becomes an immediate one."""

ORPHAN_SECONDS = 10.0
"""How long backends of a killed postmaster may hold the old shared memory once told to quit."""

LOG_BYTES = 10 * 1024**2
"""Size at which the server's log is put aside at the next start; one older log is kept."""

LEAST_BUFFERS_MB, MOST_BUFFERS_MB = 128, 1024
"""PostgreSQL's own default, and about the keys of a million leads.
A stop writes out what it holds."""


def buffers_mb() -> int:
    """Return the cache of pages, in MiB: a quarter of the machine's memory, within bounds.

    The quarter is the PostgreSQL manual's (section 20.4.1). What is not used is not taken. Keyed
    hashes touch pages at random, so what does not fit is written and read for every lead.
    """
    quarter = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4 // 2**20
    return min(MOST_BUFFERS_MB, max(LEAST_BUFFERS_MB, quarter))


CONNECTIONS = 80
"""What the services and the worker of one host open at most, with room for a person's own."""

SETTINGS = {
    "shared_buffers": f"{buffers_mb()}MB",
    "max_locks_per_transaction": "256",
    "max_wal_size": "2GB",
    # After a checkpoint the first touch of every page of the blocking keys is logged whole (8 kB
    # for a row of 60 bytes), and keyed hashes touch pages at random: fewer checkpoints, less log.
    "checkpoint_timeout": "15min",
    # Statements take a millisecond; compiling one would take twenty.
    "jit": "off",
    "synchronous_commit": "on",
    "timezone": "UTC",
    # What a statement says is personal data: none of it may reach the log.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


class EmbeddedError(ServiceError):
    """The embedded PostgreSQL cannot be used."""


class HomeInUse(EmbeddedError):
    """Another LeadFly already runs on this LEADFLY_HOME; stop it or choose another folder."""


class NotStarted(EmbeddedError):
    """PostgreSQL did not start; its log under LEADFLY_HOME says why."""


class SocketFolderNotOurs(EmbeddedError):
    """The folder for the database socket belongs to somebody else; set LEADFLY_HOME."""


class Server:
    """The embedded PostgreSQL of one LEADFLY_HOME, whether or not it runs just now."""

    def __init__(self, home: Path, connections: int = CONNECTIONS):
        """*home* is the folder that holds cluster, log and socket; it need not exist yet.

        *connections* is how many may be open at once.
        """
        self.home = home.absolute()
        self._settings = SETTINGS | {"max_connections": str(connections)}
        self.cluster = self.home / "postgres"
        self.log = self.home / "postgres.log"
        self.sockets = _socket_folder(self.home)
        self._lock: int | None = None

    def programs(self) -> Programs:
        """Return the PostgreSQL that runs this cluster: of the same major version as its data.

        Raises NoPostgres or WrongMajor, whose messages say what to do.
        """
        version = self.cluster / "PG_VERSION"
        return found(version.read_text().strip() if version.exists() else None)

    def conninfo(self, user: str, dbname: str = "leadfly") -> str:
        """Return the libpq connection string for *user*; nothing is touched or checked."""
        return f"host={_quoted(str(self.sockets))} port=5432 user={_quoted(user)} " + (
            f"dbname={_quoted(dbname)}"
        )

    def running(self) -> bool:
        """True if a postmaster, ours or a killed supervisor's, lives on this cluster."""
        pid = self._pid()
        return pid is not None and _works_in(pid, self.cluster)

    def start(self) -> None:
        """Start the server, building its cluster first if there is none; wait until it answers.

        May be called again when the postmaster has died. Raises EmbeddedError.
        """
        self._claim()
        try:
            programs = self.programs()
            runner = account(self.home)
            if not self.cluster.exists():
                self._build(programs, runner)
            if self.running():
                self._halt(programs, runner, "fast")
            self._launch(programs, runner)
        except BaseException:
            self._release()
            raise

    def stop(self, hurry: bool = False) -> None:
        """Stop the server and give the home free; *hurry* does not wait for transactions."""
        if self.running():
            self._halt(self.programs(), account(self.home), "immediate" if hurry else "fast")
        self._release()

    def _claim(self) -> None:
        """Take the lock that makes us the only supervisor of this home."""
        if self._lock is not None:
            return
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self.home / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(lock, 20).decode(errors="replace").strip()
            os.close(lock)
            raise HomeInUse(
                f"Another LeadFly (process {holder or 'unknown'}) already runs on {self.home}; "
                "stop it, or set LEADFLY_HOME to another folder."
            ) from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        self._lock = lock

    def _release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _build(self, programs: Programs, runner: Account) -> None:
        """Make the cluster and its database under a temporary name, so that half a one is none."""
        new = self.home / "postgres.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        runner.own(new)
        initdb = [programs.path("initdb"), "-D", str(new), "-U", OWNER, "-A", "trust"]
        initdb += ["-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"]
        done = runner.run(initdb)
        if done.returncode == 0:
            single = [programs.path("postgres"), "--single", "-D", str(new), "postgres"]
            done = runner.run(single, stdin="CREATE DATABASE leadfly\n")
        if done.returncode != 0 or "ERROR" in done.stderr:
            raise NotStarted(f"PostgreSQL could not build {self.cluster}: {_last(done.stderr)}")
        new.rename(self.cluster)

    def _launch(self, programs: Programs, runner: Account) -> None:
        """Start the postmaster; after a kill -9, wait until the old backends let go."""
        self._prepare(runner)
        options = ["-h", "", "-p", "5432", "-k", str(self.sockets)]
        options += [
            part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")
        ]
        command = [programs.path("pg_ctl"), "start", "-w", "-t", str(START_SECONDS)]
        command += ["-D", str(self.cluster), "-l", str(self.log), "-o", shlex.join(options)]
        give_up = time.monotonic() + ORPHAN_SECONDS
        while True:
            self._drop_stale_locks()
            offset = self.log.stat().st_size
            done = runner.run(command)
            if done.returncode == 0:
                return
            said = self.log.read_bytes()[offset:].decode(errors="replace")
            if "shared memory block" not in said or time.monotonic() > give_up:
                raise NotStarted(f"PostgreSQL did not start: {_last(said or done.stderr)}")
            self._dismiss_orphans()
            time.sleep(0.1)

    def _dismiss_orphans(self) -> None:
        """Tell the backends that outlived their postmaster to quit; a busy one would not notice.

        Nothing is lost by it: without a postmaster the next start replays the log anyway.
        """
        for process in Path("/proc").glob("[0-9]*"):
            if _works_in(int(process.name), self.cluster):
                with suppress(OSError):
                    os.kill(int(process.name), signal.SIGQUIT)

    def _prepare(self, runner: Account) -> None:
        """Make the socket folder and the log, and give the server what it must own."""
        with suppress(FileExistsError):
            self.sockets.mkdir(mode=0o700)
        found_owner = self.sockets.lstat().st_uid
        foreign = self.sockets.is_symlink() or found_owner not in (os.geteuid(), runner.uid)
        if foreign and self.sockets.parent != self.home:  # the shared temporary folder
            raise SocketFolderNotOurs(f"{self.sockets} belongs to somebody else; set LEADFLY_HOME.")
        self.sockets.chmod(0o700)
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.log.touch(mode=0o600)
        for path in (self.cluster, self.sockets, self.log):
            runner.own(path)

    def _halt(self, programs: Programs, runner: Account, mode: str) -> None:
        """Stop the postmaster by *mode*, or at once if that takes longer than STOP_SECONDS."""
        stop = [programs.path("pg_ctl"), "stop", "-w", "-t", str(STOP_SECONDS)]
        stop += ["-D", str(self.cluster)]
        if runner.run([*stop, "-m", mode]).returncode != 0 and self.running():
            runner.run([*stop, "-m", "immediate"])

    def _pid(self) -> int | None:
        """Return the process id that the cluster's pid file names."""
        try:
            return int((self.cluster / "postmaster.pid").read_text().split(maxsplit=1)[0])
        except (OSError, ValueError, IndexError):
            return None

    def _drop_stale_locks(self) -> None:
        """Remove PostgreSQL's lock files if their process is no postmaster of this cluster.

        PostgreSQL takes any live process of that number, even an unreaped one, for a postmaster
        and refuses to start. Backends still alive are found by the shared memory all the same.
        """
        if not self.running():
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)
            (self.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def _works_in(pid: int, folder: Path) -> bool:
    """True if process *pid* lives and has *folder* as its working directory, as postmasters do."""
    if Path("/proc/self").exists():
        with suppress(OSError):
            return Path(f"/proc/{pid}/cwd").samefile(folder)
        return False
    command = ["ps", "-o", "command=", "-p", str(pid)]
    return str(folder) in subprocess.run(command, capture_output=True, text=True).stdout


def _socket_folder(home: Path) -> Path:
    """Return where the socket of *home* lives: inside it unless its path is no socket path."""
    inside = home / "run"
    length = len(os.fsencode(inside / ".s.PGSQL.5432"))
    if length <= SOCKET_BYTES and "," not in str(home):  # libpq reads a comma as a second host
        return inside
    return Path(tempfile.gettempdir()) / f"leadfly-{sha256(os.fsencode(home)).hexdigest()[:16]}"


def _quoted(value: str) -> str:
    """Return *value* as libpq reads it between single quotes."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _last(text: str) -> str:
    """Return the line that says what went wrong: the last FATAL one, else the last one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    fatal = [line for line in lines if "FATAL" in line or "error:" in line]
    return (fatal or lines or ["no reason given"])[-1]
