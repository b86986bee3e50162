"""Numbers of a body arrive as they were written."""

from decimal import Decimal

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel, Field

from services.chassis.http.bodies import BodyMiddleware
from services.chassis.http.exact import ExactRoute


class Body(BaseModel):
    value: Decimal = Field(max_digits=12)


def app(router: APIRouter) -> FastAPI:
    @router.post("/echo")
    async def echo(body: Body) -> str:
        return str(body.value)

    made = FastAPI()
    made.include_router(router)
    made.add_middleware(BodyMiddleware, limit=1024, max_depth=8)
    return made


async def sent(router: APIRouter, body: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=app(router))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.post("/echo", content=body, headers={"Content-Type": "application/json"})


@pytest.mark.parametrize("number", ["74.95", "74.950", "0.1", '"74.95"', "75", "1.50"])
async def test_a_number_keeps_its_digits(number: str) -> None:
    answer = await sent(APIRouter(route_class=ExactRoute), f'{{"value": {number}}}')
    assert answer.json() == number.strip('"')


async def test_digits_that_a_float_would_swallow_are_seen_and_refused() -> None:
    body = '{"value": 74.99999999999999999}'
    assert (await sent(APIRouter(route_class=ExactRoute), body)).status_code == 422
    assert (await sent(APIRouter(), body)).json() == "75.0"
