"""Something the service depends on is not there now: the caller may repeat the same request later."""


class Unavailable(Exception):
    """`what` is the name of the missing part, `retry_after` the seconds after which to try again."""

    def __init__(self, what: str, *, retry_after: int = 2) -> None:
        super().__init__(what)
        self.what, self.retry_after = what, retry_after
