from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.new_webhook_view import NewWebhookView
from ...models.webhook_body import WebhookBody
from ...types import UNSET, Response, Unset


def _get_kwargs(
    study: str,
    site: str,
    *,
    body: WebhookBody,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/studies/{study}/sites/{site}/webhooks".format(
            study=quote(str(study), safe=""),
            site=quote(str(site), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> NewWebhookView | None:
    if response.status_code == 201:
        response_201 = NewWebhookView.from_dict(response.json())

        return response_201

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[NewWebhookView]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    study: str,
    site: str,
    *,
    client: AuthenticatedClient,
    body: WebhookBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[NewWebhookView]:
    """Post Webhook

     Have facts of this site delivered from now on, in the order of the log, at least once, signed.

    The answer alone holds the secret; the same command again gets it again.

    Args:
        study (str):
        site (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (WebhookBody): Where to deliver, and which facts. What is recorded from now on is
            told; a replay tells what was before.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[NewWebhookView]
    """

    kwargs = _get_kwargs(
        study=study,
        site=site,
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
    *,
    client: AuthenticatedClient,
    body: WebhookBody,
    idempotency_key: str | Unset = UNSET,
) -> NewWebhookView | None:
    """Post Webhook

     Have facts of this site delivered from now on, in the order of the log, at least once, signed.

    The answer alone holds the secret; the same command again gets it again.

    Args:
        study (str):
        site (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (WebhookBody): Where to deliver, and which facts. What is recorded from now on is
            told; a replay tells what was before.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        NewWebhookView
    """

    return sync_detailed(
        study=study,
        site=site,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    study: str,
    site: str,
    *,
    client: AuthenticatedClient,
    body: WebhookBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[NewWebhookView]:
    """Post Webhook

     Have facts of this site delivered from now on, in the order of the log, at least once, signed.

    The answer alone holds the secret; the same command again gets it again.

    Args:
        study (str):
        site (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (WebhookBody): Where to deliver, and which facts. What is recorded from now on is
            told; a replay tells what was before.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[NewWebhookView]
    """

    kwargs = _get_kwargs(
        study=study,
        site=site,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    site: str,
    *,
    client: AuthenticatedClient,
    body: WebhookBody,
    idempotency_key: str | Unset = UNSET,
) -> NewWebhookView | None:
    """Post Webhook

     Have facts of this site delivered from now on, in the order of the log, at least once, signed.

    The answer alone holds the secret; the same command again gets it again.

    Args:
        study (str):
        site (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (WebhookBody): Where to deliver, and which facts. What is recorded from now on is
            told; a replay tells what was before.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        NewWebhookView
    """

    return (
        await asyncio_detailed(
            study=study,
            site=site,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
