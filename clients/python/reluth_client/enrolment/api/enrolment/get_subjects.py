import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.page_subject_line import PageSubjectLine
from ...models.participation import Participation
from ...types import UNSET, Response, Unset


def _get_kwargs(
    study: str,
    *,
    site: None | str | Unset = UNSET,
    participation: None | Participation | Unset = UNSET,
    consistency: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    valid_at: datetime.date | None | Unset = UNSET,
    as_of: None | str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_site: None | str | Unset
    if isinstance(site, Unset):
        json_site = UNSET
    else:
        json_site = site
    params["site"] = json_site

    json_participation: None | str | Unset
    if isinstance(participation, Unset):
        json_participation = UNSET
    elif isinstance(participation, Participation):
        json_participation = participation.value
    else:
        json_participation = participation
    params["participation"] = json_participation

    json_consistency: None | str | Unset
    if isinstance(consistency, Unset):
        json_consistency = UNSET
    else:
        json_consistency = consistency
    params["consistency"] = json_consistency

    params["limit"] = limit

    json_cursor: None | str | Unset
    if isinstance(cursor, Unset):
        json_cursor = UNSET
    else:
        json_cursor = cursor
    params["cursor"] = json_cursor

    json_valid_at: None | str | Unset
    if isinstance(valid_at, Unset):
        json_valid_at = UNSET
    elif isinstance(valid_at, datetime.date):
        json_valid_at = valid_at.isoformat()
    else:
        json_valid_at = valid_at
    params["valid_at"] = json_valid_at

    json_as_of: None | str | Unset
    if isinstance(as_of, Unset):
        json_as_of = UNSET
    else:
        json_as_of = as_of
    params["as_of"] = json_as_of

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/studies/{study}/subjects".format(
            study=quote(str(study), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> PageSubjectLine | None:
    if response.status_code == 200:
        response_200 = PageSubjectLine.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[PageSubjectLine]:
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
    site: None | str | Unset = UNSET,
    participation: None | Participation | Unset = UNSET,
    consistency: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    valid_at: datetime.date | None | Unset = UNSET,
    as_of: None | str | Unset = UNSET,
) -> Response[PageSubjectLine]:
    """Get Subjects

     Screened subjects by number. Site roles see those of their own sites.

    Args:
        study (str):
        site (None | str | Unset): of this site only
        participation (None | Participation | Unset): who have come this far
        consistency (None | str | Unset): Wait until the answer holds this log position (`17`, or
            `source:17` for a read model of several sources, parted by commas). The position of a
            write is in its header `Reluth-Position`.
        limit (int | Unset): items on the page at most Default: 50.
        cursor (None | str | Unset): `next` of the page before
        valid_at (datetime.date | None | Unset): What was so on this clinical day: nothing dated
            later counts.
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageSubjectLine]
    """

    kwargs = _get_kwargs(
        study=study,
        site=site,
        participation=participation,
        consistency=consistency,
        limit=limit,
        cursor=cursor,
        valid_at=valid_at,
        as_of=as_of,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    study: str,
    *,
    client: AuthenticatedClient,
    site: None | str | Unset = UNSET,
    participation: None | Participation | Unset = UNSET,
    consistency: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    valid_at: datetime.date | None | Unset = UNSET,
    as_of: None | str | Unset = UNSET,
) -> PageSubjectLine | None:
    """Get Subjects

     Screened subjects by number. Site roles see those of their own sites.

    Args:
        study (str):
        site (None | str | Unset): of this site only
        participation (None | Participation | Unset): who have come this far
        consistency (None | str | Unset): Wait until the answer holds this log position (`17`, or
            `source:17` for a read model of several sources, parted by commas). The position of a
            write is in its header `Reluth-Position`.
        limit (int | Unset): items on the page at most Default: 50.
        cursor (None | str | Unset): `next` of the page before
        valid_at (datetime.date | None | Unset): What was so on this clinical day: nothing dated
            later counts.
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageSubjectLine
    """

    return sync_detailed(
        study=study,
        client=client,
        site=site,
        participation=participation,
        consistency=consistency,
        limit=limit,
        cursor=cursor,
        valid_at=valid_at,
        as_of=as_of,
    ).parsed


async def asyncio_detailed(
    study: str,
    *,
    client: AuthenticatedClient,
    site: None | str | Unset = UNSET,
    participation: None | Participation | Unset = UNSET,
    consistency: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    valid_at: datetime.date | None | Unset = UNSET,
    as_of: None | str | Unset = UNSET,
) -> Response[PageSubjectLine]:
    """Get Subjects

     Screened subjects by number. Site roles see those of their own sites.

    Args:
        study (str):
        site (None | str | Unset): of this site only
        participation (None | Participation | Unset): who have come this far
        consistency (None | str | Unset): Wait until the answer holds this log position (`17`, or
            `source:17` for a read model of several sources, parted by commas). The position of a
            write is in its header `Reluth-Position`.
        limit (int | Unset): items on the page at most Default: 50.
        cursor (None | str | Unset): `next` of the page before
        valid_at (datetime.date | None | Unset): What was so on this clinical day: nothing dated
            later counts.
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageSubjectLine]
    """

    kwargs = _get_kwargs(
        study=study,
        site=site,
        participation=participation,
        consistency=consistency,
        limit=limit,
        cursor=cursor,
        valid_at=valid_at,
        as_of=as_of,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    *,
    client: AuthenticatedClient,
    site: None | str | Unset = UNSET,
    participation: None | Participation | Unset = UNSET,
    consistency: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    valid_at: datetime.date | None | Unset = UNSET,
    as_of: None | str | Unset = UNSET,
) -> PageSubjectLine | None:
    """Get Subjects

     Screened subjects by number. Site roles see those of their own sites.

    Args:
        study (str):
        site (None | str | Unset): of this site only
        participation (None | Participation | Unset): who have come this far
        consistency (None | str | Unset): Wait until the answer holds this log position (`17`, or
            `source:17` for a read model of several sources, parted by commas). The position of a
            write is in its header `Reluth-Position`.
        limit (int | Unset): items on the page at most Default: 50.
        cursor (None | str | Unset): `next` of the page before
        valid_at (datetime.date | None | Unset): What was so on this clinical day: nothing dated
            later counts.
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageSubjectLine
    """

    return (
        await asyncio_detailed(
            study=study,
            client=client,
            site=site,
            participation=participation,
            consistency=consistency,
            limit=limit,
            cursor=cursor,
            valid_at=valid_at,
            as_of=as_of,
        )
    ).parsed
