from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.page_discrepancy_view import PageDiscrepancyView
from ...models.standing import Standing
from ...types import UNSET, Response, Unset


def _get_kwargs(
    study: str,
    *,
    status: None | Standing | Unset = UNSET,
    subject: None | str | Unset = UNSET,
    as_of: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_status: None | str | Unset
    if isinstance(status, Unset):
        json_status = UNSET
    elif isinstance(status, Standing):
        json_status = status.value
    else:
        json_status = status
    params["status"] = json_status

    json_subject: None | str | Unset
    if isinstance(subject, Unset):
        json_subject = UNSET
    else:
        json_subject = subject
    params["subject"] = json_subject

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
        "url": "/studies/{study}/discrepancies".format(
            study=quote(str(study), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> PageDiscrepancyView | None:
    if response.status_code == 200:
        response_200 = PageDiscrepancyView.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[PageDiscrepancyView]:
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
    status: None | Standing | Unset = UNSET,
    subject: None | str | Unset = UNSET,
    as_of: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
) -> Response[PageDiscrepancyView]:
    """Get Discrepancies

     What somebody has to look at, in the order of opening, without arm and stratum. Site roles see their
    own site.

    Args:
        study (str):
        status (None | Standing | Unset): those that are open, or those that are resolved
        subject (None | str | Unset): of this subject alone
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).
        limit (int | Unset): items on the page at most Default: 50.
        cursor (None | str | Unset): `next` of the page before

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageDiscrepancyView]
    """

    kwargs = _get_kwargs(
        study=study,
        status=status,
        subject=subject,
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
    status: None | Standing | Unset = UNSET,
    subject: None | str | Unset = UNSET,
    as_of: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
) -> PageDiscrepancyView | None:
    """Get Discrepancies

     What somebody has to look at, in the order of opening, without arm and stratum. Site roles see their
    own site.

    Args:
        study (str):
        status (None | Standing | Unset): those that are open, or those that are resolved
        subject (None | str | Unset): of this subject alone
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).
        limit (int | Unset): items on the page at most Default: 50.
        cursor (None | str | Unset): `next` of the page before

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageDiscrepancyView
    """

    return sync_detailed(
        study=study,
        client=client,
        status=status,
        subject=subject,
        as_of=as_of,
        limit=limit,
        cursor=cursor,
    ).parsed


async def asyncio_detailed(
    study: str,
    *,
    client: AuthenticatedClient,
    status: None | Standing | Unset = UNSET,
    subject: None | str | Unset = UNSET,
    as_of: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
) -> Response[PageDiscrepancyView]:
    """Get Discrepancies

     What somebody has to look at, in the order of opening, without arm and stratum. Site roles see their
    own site.

    Args:
        study (str):
        status (None | Standing | Unset): those that are open, or those that are resolved
        subject (None | str | Unset): of this subject alone
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).
        limit (int | Unset): items on the page at most Default: 50.
        cursor (None | str | Unset): `next` of the page before

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageDiscrepancyView]
    """

    kwargs = _get_kwargs(
        study=study,
        status=status,
        subject=subject,
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
    status: None | Standing | Unset = UNSET,
    subject: None | str | Unset = UNSET,
    as_of: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
) -> PageDiscrepancyView | None:
    """Get Discrepancies

     What somebody has to look at, in the order of opening, without arm and stratum. Site roles see their
    own site.

    Args:
        study (str):
        status (None | Standing | Unset): those that are open, or those that are resolved
        subject (None | str | Unset): of this subject alone
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).
        limit (int | Unset): items on the page at most Default: 50.
        cursor (None | str | Unset): `next` of the page before

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageDiscrepancyView
    """

    return (
        await asyncio_detailed(
            study=study,
            client=client,
            status=status,
            subject=subject,
            as_of=as_of,
            limit=limit,
            cursor=cursor,
        )
    ).parsed
