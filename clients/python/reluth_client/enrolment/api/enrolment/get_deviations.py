import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.deviation_kind import DeviationKind
from ...models.page_subject_deviation import PageSubjectDeviation
from ...models.severity import Severity
from ...types import UNSET, Response, Unset


def _get_kwargs(
    study: str,
    *,
    site: None | str | Unset = UNSET,
    kind: DeviationKind | None | Unset = UNSET,
    severity: None | Severity | Unset = UNSET,
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

    json_kind: None | str | Unset
    if isinstance(kind, Unset):
        json_kind = UNSET
    elif isinstance(kind, DeviationKind):
        json_kind = kind.value
    else:
        json_kind = kind
    params["kind"] = json_kind

    json_severity: None | str | Unset
    if isinstance(severity, Unset):
        json_severity = UNSET
    elif isinstance(severity, Severity):
        json_severity = severity.value
    else:
        json_severity = severity
    params["severity"] = json_severity

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
        "url": "/studies/{study}/deviations".format(
            study=quote(str(study), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> PageSubjectDeviation | None:
    if response.status_code == 200:
        response_200 = PageSubjectDeviation.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[PageSubjectDeviation]:
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
    kind: DeviationKind | None | Unset = UNSET,
    severity: None | Severity | Unset = UNSET,
    consistency: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    valid_at: datetime.date | None | Unset = UNSET,
    as_of: None | str | Unset = UNSET,
) -> Response[PageSubjectDeviation]:
    """Get Deviations

     The deviations of all subjects, by subject. What could tell the arm is shown to whoever may see it
    there.

    Args:
        study (str):
        site (None | str | Unset): of this site only
        kind (DeviationKind | None | Unset): of this kind only
        severity (None | Severity | Unset): of this severity only
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
        Response[PageSubjectDeviation]
    """

    kwargs = _get_kwargs(
        study=study,
        site=site,
        kind=kind,
        severity=severity,
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
    kind: DeviationKind | None | Unset = UNSET,
    severity: None | Severity | Unset = UNSET,
    consistency: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    valid_at: datetime.date | None | Unset = UNSET,
    as_of: None | str | Unset = UNSET,
) -> PageSubjectDeviation | None:
    """Get Deviations

     The deviations of all subjects, by subject. What could tell the arm is shown to whoever may see it
    there.

    Args:
        study (str):
        site (None | str | Unset): of this site only
        kind (DeviationKind | None | Unset): of this kind only
        severity (None | Severity | Unset): of this severity only
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
        PageSubjectDeviation
    """

    return sync_detailed(
        study=study,
        client=client,
        site=site,
        kind=kind,
        severity=severity,
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
    kind: DeviationKind | None | Unset = UNSET,
    severity: None | Severity | Unset = UNSET,
    consistency: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    valid_at: datetime.date | None | Unset = UNSET,
    as_of: None | str | Unset = UNSET,
) -> Response[PageSubjectDeviation]:
    """Get Deviations

     The deviations of all subjects, by subject. What could tell the arm is shown to whoever may see it
    there.

    Args:
        study (str):
        site (None | str | Unset): of this site only
        kind (DeviationKind | None | Unset): of this kind only
        severity (None | Severity | Unset): of this severity only
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
        Response[PageSubjectDeviation]
    """

    kwargs = _get_kwargs(
        study=study,
        site=site,
        kind=kind,
        severity=severity,
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
    kind: DeviationKind | None | Unset = UNSET,
    severity: None | Severity | Unset = UNSET,
    consistency: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    valid_at: datetime.date | None | Unset = UNSET,
    as_of: None | str | Unset = UNSET,
) -> PageSubjectDeviation | None:
    """Get Deviations

     The deviations of all subjects, by subject. What could tell the arm is shown to whoever may see it
    there.

    Args:
        study (str):
        site (None | str | Unset): of this site only
        kind (DeviationKind | None | Unset): of this kind only
        severity (None | Severity | Unset): of this severity only
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
        PageSubjectDeviation
    """

    return (
        await asyncio_detailed(
            study=study,
            client=client,
            site=site,
            kind=kind,
            severity=severity,
            consistency=consistency,
            limit=limit,
            cursor=cursor,
            valid_at=valid_at,
            as_of=as_of,
        )
    ).parsed
