from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.page_alert_view import PageAlertView
from ...types import UNSET, Response, Unset


def _get_kwargs(
    study: str,
    *,
    subject: None | str | Unset = UNSET,
    open_: bool | None | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    consistency: None | str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_subject: None | str | Unset
    if isinstance(subject, Unset):
        json_subject = UNSET
    else:
        json_subject = subject
    params["subject"] = json_subject

    json_open_: bool | None | Unset
    if isinstance(open_, Unset):
        json_open_ = UNSET
    else:
        json_open_ = open_
    params["open"] = json_open_

    params["limit"] = limit

    json_cursor: None | str | Unset
    if isinstance(cursor, Unset):
        json_cursor = UNSET
    else:
        json_cursor = cursor
    params["cursor"] = json_cursor

    json_consistency: None | str | Unset
    if isinstance(consistency, Unset):
        json_consistency = UNSET
    else:
        json_consistency = consistency
    params["consistency"] = json_consistency

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/studies/{study}/alerts".format(
            study=quote(str(study), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> PageAlertView | None:
    if response.status_code == 200:
        response_200 = PageAlertView.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[PageAlertView]:
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
    subject: None | str | Unset = UNSET,
    open_: bool | None | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    consistency: None | str | Unset = UNSET,
) -> Response[PageAlertView]:
    """Get Alerts

     Alerts, the oldest first. Site roles see those of their own site.

    Args:
        study (str):
        subject (None | str | Unset): of this subject alone
        open_ (bool | None | Unset): true: those whose condition still holds
        limit (int | Unset): items on the page at most Default: 50.
        cursor (None | str | Unset): `next` of the page before
        consistency (None | str | Unset): Wait until the answer holds this log position (`17`, or
            `source:17` for a read model of several sources, parted by commas). The position of a
            write is in its header `Reluth-Position`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageAlertView]
    """

    kwargs = _get_kwargs(
        study=study,
        subject=subject,
        open_=open_,
        limit=limit,
        cursor=cursor,
        consistency=consistency,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    study: str,
    *,
    client: AuthenticatedClient,
    subject: None | str | Unset = UNSET,
    open_: bool | None | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    consistency: None | str | Unset = UNSET,
) -> PageAlertView | None:
    """Get Alerts

     Alerts, the oldest first. Site roles see those of their own site.

    Args:
        study (str):
        subject (None | str | Unset): of this subject alone
        open_ (bool | None | Unset): true: those whose condition still holds
        limit (int | Unset): items on the page at most Default: 50.
        cursor (None | str | Unset): `next` of the page before
        consistency (None | str | Unset): Wait until the answer holds this log position (`17`, or
            `source:17` for a read model of several sources, parted by commas). The position of a
            write is in its header `Reluth-Position`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageAlertView
    """

    return sync_detailed(
        study=study,
        client=client,
        subject=subject,
        open_=open_,
        limit=limit,
        cursor=cursor,
        consistency=consistency,
    ).parsed


async def asyncio_detailed(
    study: str,
    *,
    client: AuthenticatedClient,
    subject: None | str | Unset = UNSET,
    open_: bool | None | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    consistency: None | str | Unset = UNSET,
) -> Response[PageAlertView]:
    """Get Alerts

     Alerts, the oldest first. Site roles see those of their own site.

    Args:
        study (str):
        subject (None | str | Unset): of this subject alone
        open_ (bool | None | Unset): true: those whose condition still holds
        limit (int | Unset): items on the page at most Default: 50.
        cursor (None | str | Unset): `next` of the page before
        consistency (None | str | Unset): Wait until the answer holds this log position (`17`, or
            `source:17` for a read model of several sources, parted by commas). The position of a
            write is in its header `Reluth-Position`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageAlertView]
    """

    kwargs = _get_kwargs(
        study=study,
        subject=subject,
        open_=open_,
        limit=limit,
        cursor=cursor,
        consistency=consistency,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    *,
    client: AuthenticatedClient,
    subject: None | str | Unset = UNSET,
    open_: bool | None | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    consistency: None | str | Unset = UNSET,
) -> PageAlertView | None:
    """Get Alerts

     Alerts, the oldest first. Site roles see those of their own site.

    Args:
        study (str):
        subject (None | str | Unset): of this subject alone
        open_ (bool | None | Unset): true: those whose condition still holds
        limit (int | Unset): items on the page at most Default: 50.
        cursor (None | str | Unset): `next` of the page before
        consistency (None | str | Unset): Wait until the answer holds this log position (`17`, or
            `source:17` for a read model of several sources, parted by commas). The position of a
            write is in its header `Reluth-Position`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageAlertView
    """

    return (
        await asyncio_detailed(
            study=study,
            client=client,
            subject=subject,
            open_=open_,
            limit=limit,
            cursor=cursor,
            consistency=consistency,
        )
    ).parsed
