from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.page_randomized_subject import PageRandomizedSubject
from ...types import UNSET, Response, Unset


def _get_kwargs(
    study: str,
    *,
    as_of: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_as_of: None | str | Unset
    if isinstance(as_of, Unset):
        json_as_of = UNSET
    else:
        json_as_of = as_of
    params["as_of"] = json_as_of

    params["limit"] = limit

    json_cursor: None | str | Unset
    if isinstance(cursor, Unset):
        json_cursor = UNSET
    else:
        json_cursor = cursor
    params["cursor"] = json_cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/studies/{study}/randomizations".format(
            study=quote(str(study), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> PageRandomizedSubject | None:
    if response.status_code == 200:
        response_200 = PageRandomizedSubject.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[PageRandomizedSubject]:
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
    as_of: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
) -> Response[PageRandomizedSubject]:
    """Get Randomizations

     Randomized subjects by number, without arm and stratum. Site roles see those of their own site.

    Args:
        study (str):
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).
        limit (int | Unset): items on the page at most Default: 50.
        cursor (None | str | Unset): `next` of the page before

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageRandomizedSubject]
    """

    kwargs = _get_kwargs(
        study=study,
        as_of=as_of,
        limit=limit,
        cursor=cursor,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    study: str,
    *,
    client: AuthenticatedClient,
    as_of: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
) -> PageRandomizedSubject | None:
    """Get Randomizations

     Randomized subjects by number, without arm and stratum. Site roles see those of their own site.

    Args:
        study (str):
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).
        limit (int | Unset): items on the page at most Default: 50.
        cursor (None | str | Unset): `next` of the page before

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageRandomizedSubject
    """

    return sync_detailed(
        study=study,
        client=client,
        as_of=as_of,
        limit=limit,
        cursor=cursor,
    ).parsed


async def asyncio_detailed(
    study: str,
    *,
    client: AuthenticatedClient,
    as_of: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
) -> Response[PageRandomizedSubject]:
    """Get Randomizations

     Randomized subjects by number, without arm and stratum. Site roles see those of their own site.

    Args:
        study (str):
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).
        limit (int | Unset): items on the page at most Default: 50.
        cursor (None | str | Unset): `next` of the page before

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageRandomizedSubject]
    """

    kwargs = _get_kwargs(
        study=study,
        as_of=as_of,
        limit=limit,
        cursor=cursor,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    *,
    client: AuthenticatedClient,
    as_of: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
) -> PageRandomizedSubject | None:
    """Get Randomizations

     Randomized subjects by number, without arm and stratum. Site roles see those of their own site.

    Args:
        study (str):
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).
        limit (int | Unset): items on the page at most Default: 50.
        cursor (None | str | Unset): `next` of the page before

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageRandomizedSubject
    """

    return (
        await asyncio_detailed(
            study=study,
            client=client,
            as_of=as_of,
            limit=limit,
            cursor=cursor,
        )
    ).parsed
