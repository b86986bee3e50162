from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.replay_body import ReplayBody
from ...models.webhook_view import WebhookView
from ...types import UNSET, Response, Unset


def _get_kwargs(
    study: str,
    site: str,
    webhook: UUID,
    *,
    body: ReplayBody,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/studies/{study}/sites/{site}/webhooks/{webhook}/replay".format(
            study=quote(str(study), safe=""),
            site=quote(str(site), safe=""),
            webhook=quote(str(webhook), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> WebhookView | None:
    if response.status_code == 200:
        response_200 = WebhookView.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[WebhookView]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    study: str,
    site: str,
    webhook: UUID,
    *,
    client: AuthenticatedClient,
    body: ReplayBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[WebhookView]:
    """Post Replay

     Deliver again from a position of the log on; a webhook that was disabled is enabled by it.

    Of subjects who were erased since nothing is delivered again but that they were.

    Args:
        study (str):
        site (str):
        webhook (UUID):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (ReplayBody): The log position of the first fact to deliver again.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[WebhookView]
    """

    kwargs = _get_kwargs(
        study=study,
        site=site,
        webhook=webhook,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    study: str,
    site: str,
    webhook: UUID,
    *,
    client: AuthenticatedClient,
    body: ReplayBody,
    idempotency_key: str | Unset = UNSET,
) -> WebhookView | None:
    """Post Replay

     Deliver again from a position of the log on; a webhook that was disabled is enabled by it.

    Of subjects who were erased since nothing is delivered again but that they were.

    Args:
        study (str):
        site (str):
        webhook (UUID):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (ReplayBody): The log position of the first fact to deliver again.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        WebhookView
    """

    return sync_detailed(
        study=study,
        site=site,
        webhook=webhook,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    study: str,
    site: str,
    webhook: UUID,
    *,
    client: AuthenticatedClient,
    body: ReplayBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[WebhookView]:
    """Post Replay

     Deliver again from a position of the log on; a webhook that was disabled is enabled by it.

    Of subjects who were erased since nothing is delivered again but that they were.

    Args:
        study (str):
        site (str):
        webhook (UUID):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (ReplayBody): The log position of the first fact to deliver again.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[WebhookView]
    """

    kwargs = _get_kwargs(
        study=study,
        site=site,
        webhook=webhook,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    site: str,
    webhook: UUID,
    *,
    client: AuthenticatedClient,
    body: ReplayBody,
    idempotency_key: str | Unset = UNSET,
) -> WebhookView | None:
    """Post Replay

     Deliver again from a position of the log on; a webhook that was disabled is enabled by it.

    Of subjects who were erased since nothing is delivered again but that they were.

    Args:
        study (str):
        site (str):
        webhook (UUID):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (ReplayBody): The log position of the first fact to deliver again.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        WebhookView
    """

    return (
        await asyncio_detailed(
            study=study,
            site=site,
            webhook=webhook,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
