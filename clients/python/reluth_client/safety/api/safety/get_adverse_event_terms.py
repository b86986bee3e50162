from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.terms_view import TermsView
from ...types import Response


def _get_kwargs(
    study: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/studies/{study}/adverse-event-terms".format(
            study=quote(str(study), safe=""),
        ),
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> TermsView | None:
    if response.status_code == 200:
        response_200 = TermsView.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[TermsView]:
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
) -> Response[TermsView]:
    """Get Adverse Event Terms

     The terms under which adverse events can be reported so far, with the grades that exist for each.

    Args:
        study (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[TermsView]
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
) -> TermsView | None:
    """Get Adverse Event Terms

     The terms under which adverse events can be reported so far, with the grades that exist for each.

    Args:
        study (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        TermsView
    """

    return sync_detailed(
        study=study,
        client=client,
    ).parsed


async def asyncio_detailed(
    study: str,
    *,
    client: AuthenticatedClient,
) -> Response[TermsView]:
    """Get Adverse Event Terms

     The terms under which adverse events can be reported so far, with the grades that exist for each.

    Args:
        study (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[TermsView]
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
) -> TermsView | None:
    """Get Adverse Event Terms

     The terms under which adverse events can be reported so far, with the grades that exist for each.

    Args:
        study (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        TermsView
    """

    return (
        await asyncio_detailed(
            study=study,
            client=client,
        )
    ).parsed
