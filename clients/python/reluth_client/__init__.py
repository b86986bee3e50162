"""A typed client of ReLUTH: one package for each service, generated from its API document, and what all calls need."""

from reluth_client.answers import Answered, answered
from reluth_client.calling import Connection, Patience
from reluth_client.pages import pages
from reluth_client.refused import Refused

__all__ = ["Answered", "Connection", "Patience", "Refused", "answered", "pages"]
