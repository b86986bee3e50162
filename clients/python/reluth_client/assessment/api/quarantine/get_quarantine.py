from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.page_held_view import PageHeldView
from ...types import Response


def _get_kwargs(
    study: str,
    site: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/studies/{study}/sites/{site}/quarantine".format(
            study=quote(str(study), safe=""),
            site=quote(str(site), safe=""),
        ),
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> PageHeldView | None:
    if response.status_code == 200:
        response_200 = PageHeldView.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[PageHeldView]:
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
) -> Response[PageHeldView]:
    """Get Quarantine

     The texts of the site that wait, oldest first, without their words. There is one page of them: of
    200.

    Args:
        study (str):
        site (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageHeldView]
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
) -> PageHeldView | None:
    """Get Quarantine

     The texts of the site that wait, oldest first, without their words. There is one page of them: of
    200.

    Args:
        study (str):
        site (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageHeldView
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
) -> Response[PageHeldView]:
    """Get Quarantine

     The texts of the site that wait, oldest first, without their words. There is one page of them: of
    200.

    Args:
        study (str):
        site (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageHeldView]
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
) -> PageHeldView | None:
    """Get Quarantine

     The texts of the site that wait, oldest first, without their words. There is one page of them: of
    200.

    Args:
        study (str):
        site (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageHeldView
    """

    return (
        await asyncio_detailed(
            study=study,
            site=site,
            client=client,
        )
    ).parsed
