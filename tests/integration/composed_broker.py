"""The broker of docker-compose.yml as a process: its command, its variables, and what its image does with them."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.cli.embedded import jars
from services.cli.embedded.java import prepare_home, read_properties
from tests.integration.composed import SECRETS, Container

_DATA = "/var/lib/kafka/data"
_STORAGE = "/opt/kafka/bin/kafka-storage.sh"
_RUN = "/etc/kafka/docker/run"


class Broker(Container):
    """apache/kafka on the locked jars.

    Of the image only its few lines of shell are imitated. What makes server.properties of the variables and formats the
    storage is the class that the image calls, in the jar that is locked here (`kafka.docker.KafkaDockerWrapper`).
    """

    paths: Mapping[str, str] = {SECRETS: "secrets/", _DATA: "data", _STORAGE: "storage", _RUN: "run"}

    def __init__(self, service: Mapping[str, Any], room: Path, addresses: Mapping[str, str]) -> None:
        super().__init__("kafka", service, room, addresses)
        self.config = room / "config"
        for directory in (self.config, room / "defaults", room / "mounted"):
            directory.mkdir()

    async def install(self) -> None:
        """What an engine does with an image."""
        java = prepare_home(self.room / "home", self.room, await jars.prepare(jars.read_lock(), jars.cache_directory()))
        command = shlex.join(map(str, java))
        wrapper = f"{command} kafka.docker.KafkaDockerWrapper setup --default-configs-dir {self.room}/defaults"
        setup = f"{wrapper} --mounted-configs-dir {self.room}/mounted --final-configs-dir {self.config}"
        self._script(_STORAGE, f'exec {command} kafka.tools.StorageTool "$@"')
        self._script(
            _RUN,
            # a default of the image, the same for everybody; then what `configure` and `launch` do
            ": ${CLUSTER_ID:=5L6g3nShT-eMCtK--X86sw}; export CLUSTER_ID",
            f'said=$({setup} 2>&1) || echo "$said" | grep -i "already formatted" || {{ echo "$said"; exit 1; }}',
            f"cd {self.room}/home",  # to which the options of the JVM are relative
            f"exec {command} kafka.Kafka {self.config}/server.properties",
        )

    def _script(self, path: str, *lines: str) -> None:
        script = self.room / self.paths[path]
        script.write_text("\n".join(("#!/bin/bash", *lines, "")))
        script.chmod(0o700)

    @property
    def cluster_id(self) -> str:
        """That of the storage."""
        return read_properties(self.room / "data" / "meta.properties")["cluster.id"]

    def image_environment(self) -> dict[str, str]:
        """None that matter here."""
        return {}

    def entrypoint(self) -> list[str]:
        """The image has none: its command is replaced by that of the file."""
        return []
