"""No request is handed to a thread: that costs more than what most dependencies do."""

import inspect

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from services.chassis.auth.guard import dependencies_of
from services.cli import catalogue


@pytest.mark.parametrize("name", catalogue.NAMES)
def test_every_dependency_is_asynchronous(name: str) -> None:
    threaded = set()
    for router in catalogue.spec(name).routers:
        for route in iter_route_contexts(router.routes):
            dependant = getattr(route, "dependant", None)
            for call in dependencies_of(dependant) if isinstance(dependant, Dependant) else ():
                function = call if inspect.isfunction(call) else type(call).__call__
                if not inspect.iscoroutinefunction(function):
                    threaded.add((route.path, function.__qualname__))
    assert not threaded
