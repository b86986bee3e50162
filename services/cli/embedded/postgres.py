"""PostgreSQL from the wheel that ships its programs: one server, its data in the state directory, passwords always."""

import asyncio
import json
import secrets
import shutil
import signal
from pathlib import Path
from urllib.parse import quote

import asyncpg

from services.cli.embedded import account
from services.cli.embedded.ports import LOOPBACK, find_port
from services.cli.embedded.process import Child, ServerEnded, StartFailed, run
from services.cli.embedded.state import State, marker, write_private

ADMIN = "postgres"
_SOCKET_PORT = 5432  # the socket's name carries it; a private directory makes it unique
_READY_SECONDS = 60.0  # recovery after a kill replays the log since the last checkpoint
_ATTEMPTS = 3

_SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "128MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "unix_socket_permissions": "0700",
}


class EmbeddedPostgres:
    """One PostgreSQL server for one state directory.

    Who gets in: a role with its password (SCRAM), over the socket as well, although its directory is private. `peer`
    would need a system user per role, `trust` would make every program of this account, and as root of the machine,
    a superuser of the trial's database; a password that is generated and read from a 0600 file costs nobody a thought.
    """

    def __init__(self, state: State, *, port: int | None = None) -> None:
        """`port`: None for the unix socket alone, 0 for a free TCP port of 127.0.0.1 as well, else that port."""
        self._state = state
        self._data = state.path / "postgres"
        self._secrets = state.path / "postgres.json"
        self._socket_record = state.path / "postgres.socket"
        self._wanted_port = port
        self._port: int | None = None
        self._socket: Path | None = None
        self._child: Child | None = None
        self._passwords: dict[str, str] = {}

    @property
    def pid(self) -> int | None:
        """The server's process, None when it does not run."""
        return self._child.pid if self._child and self._child.running else None

    @property
    def port(self) -> int | None:
        """The TCP port of 127.0.0.1, None if it was not asked for."""
        return self._port

    @property
    def admin_url(self) -> str:
        """The superuser's URL. For `Databases`, backups and tests; no service gets it."""
        login = f"postgresql://{ADMIN}:{self._passwords[ADMIN]}@"
        if self._port:
            return f"{login}{LOOPBACK}:{self._port}/{ADMIN}"
        return f"{login}/{ADMIN}?host={quote(str(self._socket), safe='/')}"

    async def start(self) -> str:
        """Create the data directory if there is none, start the server, return `admin_url` once it answers."""
        self._passwords = self._load_passwords()
        if self._data.exists() and ADMIN not in self._passwords:
            raise StartFailed(
                f"{self._secrets} is missing or damaged: without its passwords {self._data} cannot be opened. Restore"
                " that file from a backup; or, if the data are not needed, remove the state directory."
            )
        if not self._data.exists():
            await self._create()
        uid = account.server_account(self._data)
        self._remove_stale_files()
        self._socket = account.private_directory(uid)
        write_private(self._socket_record, str(self._socket))
        try:
            await self._start(uid)
            await self._close_to_public()
        except BaseException:
            await self.stop()
            raise
        return self.admin_url

    async def ended(self) -> ServerEnded:
        """Wait until the server ends by itself."""
        if self._child is None:
            raise RuntimeError("not started")
        return await self._child.ended()

    async def stop(self) -> None:
        """A clean stop: clients are disconnected, a checkpoint is written. Nothing is left but the data."""
        if self._child is not None:
            # fast shutdown; then immediate, after which the next start recovers from the write-ahead log
            await self._child.stop((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0))
            self._child = None
        if self._socket is not None:
            account.remove_private_directory(self._socket)
            self._socket_record.unlink(missing_ok=True)
            self._socket = None

    async def _create(self) -> None:
        """Run initdb beside the final place and move the result there: a killed one leaves nothing that looks whole."""
        if ADMIN not in self._passwords:  # on disk before the server hears of it
            self._passwords |= {ADMIN: secrets.token_urlsafe(24)}
            write_private(self._secrets, json.dumps(self._passwords, indent=2) + "\n")
        new = self._data.with_name("postgres.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        uid = account.named_account()
        account.give(new, uid)
        with account.scratch(uid) as place:
            password = place / "password"
            password.write_text(self._passwords[ADMIN])
            password.chmod(0o600)
            account.give(password, uid)
            await run(
                [
                    account.programs(uid) / "initdb",
                    f"--pgdata={account.data_argument(new, uid)}",
                    f"--username={ADMIN}",
                    f"--pwfile={password}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    # order by code point on every machine, letters still known as letters; the C library's locales
                    # change with its version and silently break indexes
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--data-checksums",
                ],
                directory=new,
                account=uid,
            )
        account.give(new, account.server_account(self._data))
        new.rename(self._data)

    async def _start(self, uid: int | None) -> None:
        for attempt in range(_ATTEMPTS):
            self._port = self._choose_port() if attempt == 0 else find_port()
            child = self._child = await self._spawn(uid)
            self._state.record(children={"postgres": child.pid})
            if await self._ready(child):
                if self._port:
                    self._state.record(ports={"postgres": self._port})
                return
            lost_the_race = self._wanted_port == 0 and "Address already in use" in child.tail()
            if attempt + 1 == _ATTEMPTS or not lost_the_race:
                raise child.failed("did not start")

    def _choose_port(self) -> int | None:
        if self._wanted_port == 0:
            return find_port(self._state.last.ports.get("postgres") if self._state.last else None)
        return self._wanted_port

    async def _spawn(self, uid: int | None) -> Child:
        settings = _SETTINGS | {
            "listen_addresses": LOOPBACK if self._port else "",
            "port": str(self._port or _SOCKET_PORT),
            "unix_socket_directories": str(self._socket),
        }
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        return await Child.spawn(
            "postgres",
            [
                account.programs(uid) / "postgres",
                *("-D", account.data_argument(self._data, uid)),
                *options,
                *("-c", marker(self._state.path)),
            ],
            directory=self._data,
            log=self._state.path / "postgres.log",
            death_signal=signal.SIGINT,
            account=uid,
        )

    async def _ready(self, child: Child) -> bool:
        """Whether it answers a query, as superuser, before it ends or the time is over."""
        deadline = asyncio.get_running_loop().time() + _READY_SECONDS
        while child.running and asyncio.get_running_loop().time() < deadline:
            try:
                connection = await self._connect()
            except (OSError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError):
                await asyncio.sleep(0.02)
                continue
            await connection.close()
            return True
        return False

    async def _connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        """As superuser, through the private socket: whatever answers there is our server."""
        return await asyncpg.connect(
            host=str(self._socket),
            port=self._port or _SOCKET_PORT,
            user=ADMIN,
            password=self._passwords[ADMIN],
            database=ADMIN,
            timeout=10,
        )

    async def _close_to_public(self) -> None:
        admin = await self._connect()
        try:
            await admin.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")
        finally:
            await admin.close()

    def _remove_stale_files(self) -> None:
        """What a killed run leaves. Safe because we hold the state directory and no survivor is alive.

        postmaster.pid would stop the new server if its number now belongs to any other process of the same account,
        which is the rule in a restarted container.
        """
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        if self._socket_record.exists():
            account.remove_private_directory(Path(self._socket_record.read_text()))

    def _load_passwords(self) -> dict[str, str]:
        try:
            loaded: dict[str, str] = json.loads(self._secrets.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return loaded
