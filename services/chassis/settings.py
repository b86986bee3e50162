"""All settings of a service, from the environment, in one table (`docs/settings.md` is generated from here).

`RELUTH_X` holds for every service, `RELUTH_<SERVICE>_X` for one of them and wins. Nothing is read from a file of
variables: what a process was started with is what it runs with. A secret alone may lie in a file that a variable names.
"""

import os
import re
import stat
import sys
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import Field, SecretStr, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from services.chassis.images import Template

PREFIX: Final = "RELUTH_"
_SERVICE: Final = re.compile(r"[a-z][a-z0-9_]*")

Seconds = Annotated[float, Field(gt=0, le=3600)]
Count = Annotated[int, Field(gt=0)]
Port = Annotated[int, Field(ge=0, le=65_535)]
PacsName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,32}$")]


class Mode(StrEnum):
    """`embedded`: database, broker and issuer are started by us. `external`: they are given by address."""

    EMBEDDED = "embedded"
    EXTERNAL = "external"


class KafkaSecurity(StrEnum):
    """How the broker is spoken to, in Kafka's own words."""

    PLAINTEXT = "PLAINTEXT"
    SSL = "SSL"
    SASL_PLAINTEXT = "SASL_PLAINTEXT"
    SASL_SSL = "SASL_SSL"


class SaslMechanism(StrEnum):
    """How a client proves to the broker who it is. PLAIN tells it the password, and whoever listens without TLS."""

    PLAIN = "PLAIN"
    SCRAM_SHA_256 = "SCRAM-SHA-256"
    SCRAM_SHA_512 = "SCRAM-SHA-512"


class LogLevel(StrEnum):
    """The least severe log line that is written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Settings(BaseSettings):
    """What one service needs to know about the world. Build it with `settings_of`."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, env_ignore_empty=True)
    service: ClassVar[str | None] = None

    mode: Mode = Field(Mode.EMBEDDED, description="who starts database, broker and token issuer")
    state_dir: Path = Field(Path(".reluth"), description="where embedded mode keeps its data and keys")

    study_files: tuple[Path, ...] = Field(
        (),
        description='files that describe what runs here, as JSON: `["/etc/reluth/trial.yaml"]`; none: the packaged one',
    )

    database_url: SecretStr | None = Field(
        None, description="PostgreSQL URL of the service's own role: appends and reads"
    )
    migration_url: SecretStr | None = Field(
        None, description="PostgreSQL URL of the schema owner, used by migrations alone"
    )
    admin_url: SecretStr | None = Field(
        None,
        description="PostgreSQL URL of a role that may create databases and roles, used by `reluth provision` alone",
    )
    database_pool: Count = Field(8, description="connections kept by one process")
    append_batch: Annotated[int, Field(gt=0, le=1000)] = Field(
        200, description="commands that one write to the log takes together at most"
    )
    append_queue: Count = Field(5000, description="commands that may wait for the log; more are refused (503)")

    kafka_bootstrap: str | None = Field(None, description="broker addresses, `host:port`, separated by commas")
    kafka_security: KafkaSecurity = Field(KafkaSecurity.PLAINTEXT, description="protocol spoken with the broker")
    kafka_sasl_mechanism: SaslMechanism = Field(SaslMechanism.SCRAM_SHA_512, description="with SASL only")
    kafka_username: str | None = Field(None, description="with SASL only")
    kafka_password: SecretStr | None = Field(None, description="with SASL only")
    kafka_ca_file: Path | None = Field(None, description="PEM file of the authority that signed the broker's key")
    topic_prefix: Annotated[str, Field(pattern=r"^([A-Za-z0-9_-]+\.)?$")] = Field(
        "", description="put before every topic name, with its dot, when several installations share a broker"
    )
    relay_poll_min: Seconds = Field(0.02, description="seconds between looks at the outbox while it is busy")
    relay_poll_max: Seconds = Field(0.5, description="seconds between looks at the outbox while it is idle")
    inbox_batch: Annotated[int, Field(gt=0, le=5000)] = Field(
        500, description="records that one transaction of a consumer takes at most"
    )

    http_host: str = Field("127.0.0.1", description="address the API listens on")
    http_port: Port = Field(0, description="port the API listens on; 0: any free one")
    upstream_urls: dict[str, str] = Field(
        default_factory=dict, description='base URLs of the services asked over HTTP, as JSON: `{"name": "http://..."}`'
    )
    upstream_timeout: Seconds = Field(
        5.0, description="seconds a question to another service may take, retries included"
    )
    body_limit: Annotated[int, Field(ge=1024, le=64 * 1024 * 1024)] = Field(
        1024 * 1024, description="bytes of a request body; more is refused (413)"
    )
    json_depth: Annotated[int, Field(ge=4, le=200)] = Field(
        32, description="levels of nesting in a JSON body; more is refused (400)"
    )
    consistency_timeout: Seconds = Field(5.0, description="seconds that `?consistency=` waits before it gives up (503)")
    past_events: Count = Field(
        200_000, description="events of the log up to which lists of the past are folded; with more, refused (422)"
    )
    past_timeout: Seconds = Field(10.0, description="seconds that a list of the past may take; beyond, refused (503)")
    timer_seconds: Seconds = Field(
        60.0, description="seconds between looks at what time alone has made so, such as visits missed"
    )
    quarantine_days: Annotated[int, Field(ge=1, le=365)] = Field(
        30, description="days after which a text in which somebody was found is forgotten, sealed as it is"
    )
    page_limit: Annotated[int, Field(gt=0, le=1000)] = Field(200, description="items on one page at most")
    cursor_key: SecretStr | None = Field(
        None, description="signs page cursors; without it they end with the process and are not shared by replicas"
    )

    pacs_links: dict[PacsName, Template] = Field(
        default_factory=dict,
        description='links to images, as JSON: `{"01": "https://pacs.example/viewer?study={study_uid}"}`, by site;'
        " `central` is for the readers of a central review, who are shown no other. Of an archive that is"
        " not here there is no link",
    )

    webhook_timeout: Seconds = Field(10.0, description="seconds that a receiver of a webhook may take to answer")
    webhook_give_up: Annotated[float, Field(gt=0, le=720)] = Field(
        72.0, description="hours without a success after which a webhook is disabled; nothing of it is lost"
    )
    webhook_private: bool = Field(
        False,
        description="let webhooks go to addresses of the own network, and over plain HTTP to this machine itself: for"
        " trying things out, since whoever may add one could then reach what only this machine reaches",
    )

    oidc_issuer: str | None = Field(
        None, description="issuer of access tokens; its keys are found by OpenID Connect discovery"
    )
    oidc_audience: str = Field("reluth", description="audience that a token must name")
    oidc_roles_claim: str = Field("roles", description="claim with the roles; a dotted path reaches into objects")
    oidc_sites_claim: str = Field("sites", description="claim with the site codes; a dotted path reaches into objects")

    kek_file: Path | None = Field(
        None, description="file (mode 0600) with the key-encryption keys, one a line in base64url, the active one first"
    )
    kek: SecretStr | None = Field(
        None, description="the same content as a variable, where a file is not possible; separated by spaces"
    )

    kms_url: Annotated[str, Field(pattern=r"^https?://[^\s/]")] | None = Field(
        None,
        description="key management service (transit engine of Vault or OpenBao) that wraps instead of keys at hand;"
        " those still open what they wrapped",
    )
    kms_key: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")] | None = Field(
        None, description="name of the key there; it must exist, and the token may use and read it"
    )
    kms_token_file: Path | None = Field(
        None, description="file (mode 0600) with the token, read anew for every question so that it can be renewed"
    )
    kms_ca_file: Path | None = Field(
        None, description="PEM file of the authority that signed that service's key; none: the machine's own"
    )

    timestamp_url: Annotated[str, Field(pattern=r"^https?://[^\s/]")] | None = Field(
        None, description="time stamping authority (RFC 3161) that witnesses what is committed to; asked by POST"
    )
    timestamp_ca_file: Path | None = Field(
        None,
        description="PEM file of the certificates that vouch for that authority, each one trusted; needed with its URL",
    )
    timestamp_timeout: Seconds = Field(5.0, description="seconds that each of three attempts to get a stamp may take")
    timestamp_tolerance: Seconds = Field(
        60.0, description="seconds that a stamp's time may lie outside of the time between question and answer"
    )

    otel_endpoint: str | None = Field(None, description="OTLP/HTTP collector for traces; without it none are sent")
    log_level: LogLevel = Field(LogLevel.INFO, description="least severe log line written")
    log_file: Path | None = Field(
        None,
        description="file for the log, one per process, set aside as `.1` when it reaches 10 MiB; none: standard error",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is handed in, then the variables of this service, then those of all services."""
        sources: list[PydanticBaseSettingsSource] = [init_settings]
        for prefix in (f"{PREFIX}{cls.service.upper()}_", PREFIX) if cls.service is not None else (PREFIX,):
            sources += [EnvSettingsSource(settings_cls, env_prefix=prefix), SecretFiles(settings_cls, prefix)]
        return tuple(sources)

    @model_validator(mode="after")
    def _sasl_names_somebody(self) -> Self:
        sasl = self.kafka_security in (KafkaSecurity.SASL_PLAINTEXT, KafkaSecurity.SASL_SSL)
        if sasl and (self.kafka_username is None or self.kafka_password is None):
            raise ValueError(f"kafka_security {self.kafka_security} needs kafka_username and kafka_password")
        if self.kek is not None and self.kek_file is not None:
            raise ValueError("give kek or kek_file, not both: two sources of keys would hide which one is active")
        if len({one is None for one in (self.kms_url, self.kms_key, self.kms_token_file)}) > 1:
            raise ValueError("kms_url, kms_key and kms_token_file go together")
        if self.timestamp_url is not None and self.timestamp_ca_file is None:
            raise ValueError("timestamp_url needs timestamp_ca_file: a stamp that nobody vouches for is none")
        if self.relay_poll_min > self.relay_poll_max:
            raise ValueError("relay_poll_min is greater than relay_poll_max")
        return self


class SecretFileUnusable(ValueError):
    """A variable names a file that no secret can be taken from; the message quotes nothing of its content."""


class SecretFiles(PydanticBaseSettingsSource):
    """Secrets from the files that variables name: `RELUTH_DATABASE_URL_FILE` instead of `RELUTH_DATABASE_URL`.

    The variables of a process are seen by whoever may inspect its container; a file is seen by those it is given to.
    Raises `SecretFileUnusable`.
    """

    def __init__(self, settings_cls: type[BaseSettings], prefix: str) -> None:
        super().__init__(settings_cls)
        self._prefix = prefix

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The content of the file, without the end of its last line; None where no file is named."""
        variable = f"{self._prefix}{field_name.upper()}"
        path = os.environ.get(f"{variable}_FILE") if field_name in file_settings() else None
        if not path:
            return None, field_name, False
        if os.environ.get(variable):
            raise SecretFileUnusable(f"{variable} and {variable}_FILE are both set: one would hide the other")
        return _content(f"{variable}_FILE", Path(path)), field_name, False

    def __call__(self) -> dict[str, Any]:
        """All that files are named for."""
        found = {name: self.get_field_value(field, name)[0] for name, field in Settings.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


def _content(variable: str, path: Path) -> str:
    """What the file says. Its group may read it, as orchestrators hand out secrets; nobody else."""
    try:
        with path.open("rb") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o027:
                raise SecretFileUnusable(f"{variable}: {path} is open to others than its owner and group")
            text = file.read().decode().rstrip("\r\n")
    except OSError as error:
        raise SecretFileUnusable(f"{variable}: {path} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError:
        raise SecretFileUnusable(f"{variable}: {path} does not hold text") from None
    if not text:
        raise SecretFileUnusable(f"{variable}: {path} is empty")
    return text


def file_settings() -> frozenset[str]:
    """The settings that may come from a file: the secrets, except those that have a setting for their file."""
    fields = Settings.model_fields
    return frozenset(name for name, field in fields.items() if _is_secret(field) and f"{name}_file" not in fields)


def _is_secret(field: FieldInfo) -> bool:
    return "SecretStr" in str(field.annotation)


def settings_of(service: str | None = None, **given: Any) -> Settings:
    """The settings of one service, or those that hold for all.

    Raises pydantic's ValidationError, which names the setting and never shows its value, and `SecretFileUnusable`.
    """
    if service is None:
        return Settings(**given)
    if not _SERVICE.fullmatch(service):
        raise ValueError(f"{service!r} is not the name of a service")

    class OfService(Settings):
        """Settings that look at this service's own variables first."""

    OfService.service = service
    return OfService(**given)


def strangers(services: Iterable[str], environ: Mapping[str, str] = os.environ) -> list[str]:
    """Variables that begin with RELUTH_ and set nothing.

    A misspelt variable is otherwise silently without effect, which for a limit or an issuer is a hazard.
    """
    names = {name.upper() for name in Settings.model_fields} | {f"{name.upper()}_FILE" for name in file_settings()}
    prefixes = [PREFIX, *(f"{PREFIX}{service.upper()}_" for service in services)]
    known = {prefix + name for prefix in prefixes for name in names}
    return sorted(name for name in environ if name.upper().startswith(PREFIX) and name.upper() not in known)


def table() -> str:
    """The Markdown of `docs/settings.md`."""
    rows = "\n".join(_row(name, field) for name, field in Settings.model_fields.items())
    return f"""# Settings

Generated by `python -m services.chassis.settings`; a test fails when it is not current.

Every setting is a variable of the environment. `RELUTH_X` holds for all services; `RELUTH_<SERVICE>_X` (for example
`RELUTH_ENROLMENT_DATABASE_URL`) holds for one and wins. Secrets are never shown in logs or error messages. A variable
that begins with `RELUTH_` and is not in this table is an error at start: a misspelt limit must not go unnoticed.

A secret can also lie in a file: `RELUTH_DATABASE_URL_FILE=/run/secrets/database_url` says where, and works for every
setting that is marked **secret, or in a file**. The file is read once, at start; it must not be open to others than
its owner and group, and the end of its last line does not count. Variable and file for the same name are an error.

| variable | default | meaning |
|---|---|---|
{rows}
"""


def _row(name: str, field: FieldInfo) -> str:
    default = field.get_default(call_default_factory=True, validated_data={})
    match default:
        case None:
            shown = "none"
        case {}:
            shown = "`{}`"
        case "":
            shown = "empty"
        case StrEnum():
            shown = f"`{default.value}`"
        case _:
            shown = f"`{default}`"
    notes = [field.description or ""]
    annotation = field.annotation
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        notes.append("one of " + ", ".join(f"`{member.value}`" for member in annotation))
    if _is_secret(field):
        notes.append("**secret, or in a file**" if name in file_settings() else "**secret**")
    return f"| `{PREFIX}{name.upper()}` | {shown} | {'; '.join(notes)} |"


if __name__ == "__main__":
    sys.stdout.write(table())
