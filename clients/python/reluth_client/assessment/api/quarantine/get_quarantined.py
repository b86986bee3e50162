from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.opened_view import OpenedView
from ...types import Response


def _get_kwargs(
    study: str,
    site: str,
    text: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/studies/{study}/sites/{site}/quarantine/{text}".format(
            study=quote(str(study), safe=""),
            site=quote(str(site), safe=""),
            text=quote(str(text), safe=""),
        ),
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> OpenedView | None:
    if response.status_code == 200:
        response_200 = OpenedView.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[OpenedView]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    study: str,
    site: str,
    text: UUID,
    *,
    client: AuthenticatedClient,
) -> Response[OpenedView]:
    """Get Quarantined

     One text with its words. It is recorded who opened it, before it is answered.

    Args:
        study (str):
        site (str):
        text (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OpenedView]
    """

    kwargs = _get_kwargs(
        study=study,
        site=site,
        text=text,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    study: str,
    site: str,
    text: UUID,
    *,
    client: AuthenticatedClient,
) -> OpenedView | None:
    """Get Quarantined

     One text with its words. It is recorded who opened it, before it is answered.

    Args:
        study (str):
        site (str):
        text (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OpenedView
    """

    return sync_detailed(
        study=study,
        site=site,
        text=text,
        client=client,
    ).parsed


async def asyncio_detailed(
    study: str,
    site: str,
    text: UUID,
    *,
    client: AuthenticatedClient,
) -> Response[OpenedView]:
    """Get Quarantined

     One text with its words. It is recorded who opened it, before it is answered.

    Args:
        study (str):
        site (str):
        text (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OpenedView]
    """

    kwargs = _get_kwargs(
        study=study,
        site=site,
        text=text,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    site: str,
    text: UUID,
    *,
    client: AuthenticatedClient,
) -> OpenedView | None:
    """Get Quarantined

     One text with its words. It is recorded who opened it, before it is answered.

    Args:
        study (str):
        site (str):
        text (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OpenedView
    """

    return (
        await asyncio_detailed(
            study=study,
            site=site,
            text=text,
            client=client,
        )
    ).parsed
