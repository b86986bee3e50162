from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.page_webhook_view import PageWebhookView
from ...types import Response


def _get_kwargs(
    study: str,
    site: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/studies/{study}/sites/{site}/webhooks".format(
            study=quote(str(study), safe=""),
            site=quote(str(site), safe=""),
        ),
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> PageWebhookView | None:
    if response.status_code == 200:
        response_200 = PageWebhookView.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[PageWebhookView]:
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
) -> Response[PageWebhookView]:
    """Get Webhooks

     The webhooks of the site, oldest first. A site has one page of them.

    Args:
        study (str):
        site (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageWebhookView]
    """

    kwargs = _get_kwargs(
        study=study,
        site=site,
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
) -> PageWebhookView | None:
    """Get Webhooks

     The webhooks of the site, oldest first. A site has one page of them.

    Args:
        study (str):
        site (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageWebhookView
    """

    return sync_detailed(
        study=study,
        site=site,
        client=client,
    ).parsed


async def asyncio_detailed(
    study: str,
    site: str,
    *,
    client: AuthenticatedClient,
) -> Response[PageWebhookView]:
    """Get Webhooks

     The webhooks of the site, oldest first. A site has one page of them.

    Args:
        study (str):
        site (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageWebhookView]
    """

    kwargs = _get_kwargs(
        study=study,
        site=site,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    site: str,
    *,
    client: AuthenticatedClient,
) -> PageWebhookView | None:
    """Get Webhooks

     The webhooks of the site, oldest first. A site has one page of them.

    Args:
        study (str):
        site (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageWebhookView
    """

    return (
        await asyncio_detailed(
            study=study,
            site=site,
            client=client,
        )
    ).parsed
