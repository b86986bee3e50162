"""The caller of a request, as the token and the policy say."""

from dataclasses import dataclass

from services.chassis.auth.refusals import NOT_PERMITTED
from services.chassis.refusal import Refused


@dataclass(frozen=True, slots=True)
class Who:
    """A caller. `actor` is the token's subject: an account id, never a person's name.

    `sites` is what the token names, and nothing else: no value stands for "all of them". `everywhere` is never read
    from a token; a guard sets it when the policy lets one of the caller's roles do this action at every site.
    """

    actor: str
    roles: frozenset[str]
    sites: frozenset[str]
    everywhere: bool = False

    def covers(self, site: str) -> bool:
        """Whether the guarded action is permitted at this site. For filtering lists."""
        return self.everywhere or site in self.sites

    def require_site(self, site: str | None) -> None:
        """Raise `Refused` (403) unless the guarded action is permitted at this site.

        Pass None for something that does not exist: a caller of another site then gets the same answer as for
        something that does, and cannot find out which numbers are taken.
        """
        if not self.everywhere and (site is None or site not in self.sites):
            raise Refused(NOT_PERMITTED, because="other-site")
