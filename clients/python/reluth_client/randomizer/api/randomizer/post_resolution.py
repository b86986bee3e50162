from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.discrepancy_view import DiscrepancyView
from ...models.reason_body import ReasonBody
from ...types import UNSET, Response, Unset


def _get_kwargs(
    study: str,
    discrepancy: UUID,
    *,
    body: ReasonBody,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/studies/{study}/discrepancies/{discrepancy}/resolution".format(
            study=quote(str(study), safe=""),
            discrepancy=quote(str(discrepancy), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> DiscrepancyView | None:
    if response.status_code == 201:
        response_201 = DiscrepancyView.from_dict(response.json())

        return response_201

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[DiscrepancyView]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    study: str,
    discrepancy: UUID,
    *,
    client: AuthenticatedClient,
    body: ReasonBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[DiscrepancyView]:
    """Post Resolution

     Say that somebody has looked, and what came of it. All who read the queue see the reason: no word of
    an arm.

    Args:
        study (str):
        discrepancy (UUID):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (ReasonBody): Why it is done. Kept in clear for ever: nothing about a person belongs
            in it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DiscrepancyView]
    """

    kwargs = _get_kwargs(
        study=study,
        discrepancy=discrepancy,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    study: str,
    discrepancy: UUID,
    *,
    client: AuthenticatedClient,
    body: ReasonBody,
    idempotency_key: str | Unset = UNSET,
) -> DiscrepancyView | None:
    """Post Resolution

     Say that somebody has looked, and what came of it. All who read the queue see the reason: no word of
    an arm.

    Args:
        study (str):
        discrepancy (UUID):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (ReasonBody): Why it is done. Kept in clear for ever: nothing about a person belongs
            in it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DiscrepancyView
    """

    return sync_detailed(
        study=study,
        discrepancy=discrepancy,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    study: str,
    discrepancy: UUID,
    *,
    client: AuthenticatedClient,
    body: ReasonBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[DiscrepancyView]:
    """Post Resolution

     Say that somebody has looked, and what came of it. All who read the queue see the reason: no word of
    an arm.

    Args:
        study (str):
        discrepancy (UUID):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (ReasonBody): Why it is done. Kept in clear for ever: nothing about a person belongs
            in it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DiscrepancyView]
    """

    kwargs = _get_kwargs(
        study=study,
        discrepancy=discrepancy,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    discrepancy: UUID,
    *,
    client: AuthenticatedClient,
    body: ReasonBody,
    idempotency_key: str | Unset = UNSET,
) -> DiscrepancyView | None:
    """Post Resolution

     Say that somebody has looked, and what came of it. All who read the queue see the reason: no word of
    an arm.

    Args:
        study (str):
        discrepancy (UUID):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (ReasonBody): Why it is done. Kept in clear for ever: nothing about a person belongs
            in it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DiscrepancyView
    """

    return (
        await asyncio_detailed(
            study=study,
            discrepancy=discrepancy,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
