import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.strata_view import StrataView
from ...types import UNSET, Response, Unset


def _get_kwargs(
    study: str,
    subject: str,
    *,
    on: datetime.date | None | Unset = UNSET,
    valid_at: datetime.date | None | Unset = UNSET,
    as_of: None | str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_on: None | str | Unset
    if isinstance(on, Unset):
        json_on = UNSET
    elif isinstance(on, datetime.date):
        json_on = on.isoformat()
    else:
        json_on = on
    params["on"] = json_on

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
        "url": "/studies/{study}/subjects/{subject}/strata".format(
            study=quote(str(study), safe=""),
            subject=quote(str(subject), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> StrataView | None:
    if response.status_code == 200:
        response_200 = StrataView.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[StrataView]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    study: str,
    subject: str,
    *,
    client: AuthenticatedClient,
    on: datetime.date | None | Unset = UNSET,
    valid_at: datetime.date | None | Unset = UNSET,
    as_of: None | str | Unset = UNSET,
) -> Response[StrataView]:
    """Get Strata

     The strata of a subject for a day, by rule from what is recorded now. Nothing is recorded.

    Corrected findings count: for the day of randomization this says what the strata should have been.

    Args:
        study (str):
        subject (str):
        on (datetime.date | None | Unset): the clinical day: later findings do not count; that of
            the moment if absent
        valid_at (datetime.date | None | Unset): What was so on this clinical day: nothing dated
            later counts.
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[StrataView]
    """

    kwargs = _get_kwargs(
        study=study,
        subject=subject,
        on=on,
        valid_at=valid_at,
        as_of=as_of,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    study: str,
    subject: str,
    *,
    client: AuthenticatedClient,
    on: datetime.date | None | Unset = UNSET,
    valid_at: datetime.date | None | Unset = UNSET,
    as_of: None | str | Unset = UNSET,
) -> StrataView | None:
    """Get Strata

     The strata of a subject for a day, by rule from what is recorded now. Nothing is recorded.

    Corrected findings count: for the day of randomization this says what the strata should have been.

    Args:
        study (str):
        subject (str):
        on (datetime.date | None | Unset): the clinical day: later findings do not count; that of
            the moment if absent
        valid_at (datetime.date | None | Unset): What was so on this clinical day: nothing dated
            later counts.
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        StrataView
    """

    return sync_detailed(
        study=study,
        subject=subject,
        client=client,
        on=on,
        valid_at=valid_at,
        as_of=as_of,
    ).parsed


async def asyncio_detailed(
    study: str,
    subject: str,
    *,
    client: AuthenticatedClient,
    on: datetime.date | None | Unset = UNSET,
    valid_at: datetime.date | None | Unset = UNSET,
    as_of: None | str | Unset = UNSET,
) -> Response[StrataView]:
    """Get Strata

     The strata of a subject for a day, by rule from what is recorded now. Nothing is recorded.

    Corrected findings count: for the day of randomization this says what the strata should have been.

    Args:
        study (str):
        subject (str):
        on (datetime.date | None | Unset): the clinical day: later findings do not count; that of
            the moment if absent
        valid_at (datetime.date | None | Unset): What was so on this clinical day: nothing dated
            later counts.
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[StrataView]
    """

    kwargs = _get_kwargs(
        study=study,
        subject=subject,
        on=on,
        valid_at=valid_at,
        as_of=as_of,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    subject: str,
    *,
    client: AuthenticatedClient,
    on: datetime.date | None | Unset = UNSET,
    valid_at: datetime.date | None | Unset = UNSET,
    as_of: None | str | Unset = UNSET,
) -> StrataView | None:
    """Get Strata

     The strata of a subject for a day, by rule from what is recorded now. Nothing is recorded.

    Corrected findings count: for the day of randomization this says what the strata should have been.

    Args:
        study (str):
        subject (str):
        on (datetime.date | None | Unset): the clinical day: later findings do not count; that of
            the moment if absent
        valid_at (datetime.date | None | Unset): What was so on this clinical day: nothing dated
            later counts.
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        StrataView
    """

    return (
        await asyncio_detailed(
            study=study,
            subject=subject,
            client=client,
            on=on,
            valid_at=valid_at,
            as_of=as_of,
        )
    ).parsed
