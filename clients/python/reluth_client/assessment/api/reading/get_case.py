from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.case_view import CaseView
from ...types import Response


def _get_kwargs(
    study: str,
    case: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/studies/{study}/reviews/{case}".format(
            study=quote(str(study), safe=""),
            case=quote(str(case), safe=""),
        ),
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> CaseView | None:
    if response.status_code == 200:
        response_200 = CaseView.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[CaseView]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    study: str,
    case: UUID,
    *,
    client: AuthenticatedClient,
) -> Response[CaseView]:
    """Get Case

     A case that you have a place in, up to the scan that you are to read now.

    Args:
        study (str):
        case (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CaseView]
    """

    kwargs = _get_kwargs(
        study=study,
        case=case,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    study: str,
    case: UUID,
    *,
    client: AuthenticatedClient,
) -> CaseView | None:
    """Get Case

     A case that you have a place in, up to the scan that you are to read now.

    Args:
        study (str):
        case (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CaseView
    """

    return sync_detailed(
        study=study,
        case=case,
        client=client,
    ).parsed


async def asyncio_detailed(
    study: str,
    case: UUID,
    *,
    client: AuthenticatedClient,
) -> Response[CaseView]:
    """Get Case

     A case that you have a place in, up to the scan that you are to read now.

    Args:
        study (str):
        case (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CaseView]
    """

    kwargs = _get_kwargs(
        study=study,
        case=case,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    case: UUID,
    *,
    client: AuthenticatedClient,
) -> CaseView | None:
    """Get Case

     A case that you have a place in, up to the scan that you are to read now.

    Args:
        study (str):
        case (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CaseView
    """

    return (
        await asyncio_detailed(
            study=study,
            case=case,
            client=client,
        )
    ).parsed
