from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...types import Response


def _get_kwargs(
    study: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/studies/{study}/allocation/bundle".format(
            study=quote(str(study), safe=""),
        ),
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> str | None:
    if response.status_code == 200:
        response_200 = response.text
        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[str]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    study: str,
    *,
    client: AuthenticatedClient,
) -> Response[str]:
    """Get Bundle

     Everything that it takes to derive each allocation again, offline: once the allocation is locked.

    One JSON object a line: a header, every stored event of the allocation with its bytes and hashes,
    and a trailer.
    Subjects and staff stand in it under their pseudonyms, arms and strata in clear.
    `bundle_verifier.py` reads it.

    Args:
        study (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[str]
    """

    kwargs = _get_kwargs(
        study=study,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    study: str,
    *,
    client: AuthenticatedClient,
) -> str | None:
    """Get Bundle

     Everything that it takes to derive each allocation again, offline: once the allocation is locked.

    One JSON object a line: a header, every stored event of the allocation with its bytes and hashes,
    and a trailer.
    Subjects and staff stand in it under their pseudonyms, arms and strata in clear.
    `bundle_verifier.py` reads it.

    Args:
        study (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        str
    """

    return sync_detailed(
        study=study,
        client=client,
    ).parsed


async def asyncio_detailed(
    study: str,
    *,
    client: AuthenticatedClient,
) -> Response[str]:
    """Get Bundle

     Everything that it takes to derive each allocation again, offline: once the allocation is locked.

    One JSON object a line: a header, every stored event of the allocation with its bytes and hashes,
    and a trailer.
    Subjects and staff stand in it under their pseudonyms, arms and strata in clear.
    `bundle_verifier.py` reads it.

    Args:
        study (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[str]
    """

    kwargs = _get_kwargs(
        study=study,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    *,
    client: AuthenticatedClient,
) -> str | None:
    """Get Bundle

     Everything that it takes to derive each allocation again, offline: once the allocation is locked.

    One JSON object a line: a header, every stored event of the allocation with its bytes and hashes,
    and a trailer.
    Subjects and staff stand in it under their pseudonyms, arms and strata in clear.
    `bundle_verifier.py` reads it.

    Args:
        study (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        str
    """

    return (
        await asyncio_detailed(
            study=study,
            client=client,
        )
    ).parsed
