"""Writes services/cli/embedded/kafka.lock: the jars of one Kafka version, flat, each with its SHA-256.

Run by `make jars-lock`, by a person who means to change the version, never at a start. Kafka's tree is resolved alone:
with a second root the resolver changes transitive versions, so the logging bridge is added by hand, in the version of
the log4j-core that the tree brought.
"""

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jgo.maven import MavenContext

from services.cli.embedded import jars

KAFKA = "org.apache.kafka:kafka_2.13:4.4.0"
LOGGING = "org.apache.logging.log4j"

HEADER = f"""\
# {KAFKA} and all that it needs at run time, in classpath order: `group:artifact:version sha256`.
# Checked before every start of the embedded broker. Written by `make jars-lock` (tools/lock_jars.py); do not edit.
"""


def resolve(cache: Path) -> list[tuple[str, str, str]]:
    """Coordinates of the tree's jars, without those that are only compiled or tested against."""
    context = MavenContext(repo_cache=cache, timeout=60)
    roots, others = context.resolver.resolve([context.create_dependency(KAFKA)])
    found = [(d.groupId, d.artifactId, d.version) for d in roots + others if d.scope not in ("test", "provided")]
    core = next(version for group, artifact, version in found if (group, artifact) == (LOGGING, "log4j-core"))
    return [*found, (LOGGING, "log4j-slf4j-impl", core)]


def main() -> None:
    """Resolve, fetch, hash, write."""
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(8) as pool:

        def line(coordinates: tuple[str, str, str]) -> str:
            jar = jars.Jar(*coordinates, sha256="")
            return f"{jar.coordinates} {jars.sha256(jars.fetch(jar, Path(name)))}\n"

        lines = list(pool.map(line, resolve(Path(name))))
    jars.LOCK.write_text(HEADER + "".join(lines))
    sys.stdout.write(f"{jars.LOCK}: {len(lines)} jars\n")


if __name__ == "__main__":
    main()
