"""What a start tells about itself while it goes on, and how a terminal shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


@dataclass(frozen=True)
class Step:
    """One part has got somewhere: `done` of `total` pieces; a total of 1 for what has no pieces."""

    part: str
    text: str
    done: int = 0
    total: int = 1

    @property
    def finished(self) -> bool:
        """Whether this was the part's last step."""
        return self.done >= self.total


Report = Callable[[Step], None]
"""Takes a step; may be called from another thread."""


def silent(_: Step) -> None:
    """Report nothing."""


class ProgressBars:
    """A line per part on standard error: bars on a terminal, else one plain line at the end of each part."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._tasks: dict[str, TaskID] = {}
        self._bars = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )

    def __enter__(self) -> Callable[[Step], None]:
        self._bars.start()
        return self.show

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def show(self, step: Step) -> None:
        """Draw a step."""
        if not self._console.is_terminal:
            if step.finished:
                self._console.print(f"{step.part}: {step.text}", highlight=False)
            return
        task = self._tasks.get(step.part)
        if task is None:
            task = self._tasks[step.part] = self._bars.add_task(step.part, total=step.total)
        self._bars.update(task, description=f"{step.part}: {step.text}", completed=step.done, total=step.total)
