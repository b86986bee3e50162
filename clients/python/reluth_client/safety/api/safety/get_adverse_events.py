from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.page_standing_adverse_event import PageStandingAdverseEvent
from ...types import UNSET, Response, Unset


def _get_kwargs(
    study: str,
    subject: str,
    *,
    as_of: None | str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_as_of: None | str | Unset
    if isinstance(as_of, Unset):
        json_as_of = UNSET
    else:
        json_as_of = as_of
    params["as_of"] = json_as_of

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/studies/{study}/subjects/{subject}/adverse-events".format(
            study=quote(str(study), safe=""),
            subject=quote(str(subject), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PageStandingAdverseEvent | None:
    if response.status_code == 200:
        response_200 = PageStandingAdverseEvent.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[PageStandingAdverseEvent]:
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
    as_of: None | str | Unset = UNSET,
) -> Response[PageStandingAdverseEvent]:
    """Get Adverse Events

     The subject's adverse events as last told, by onset, without narratives. A subject has one page of
    them.

    Args:
        study (str):
        subject (str):
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageStandingAdverseEvent]
    """

    kwargs = _get_kwargs(
        study=study,
        subject=subject,
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
    as_of: None | str | Unset = UNSET,
) -> PageStandingAdverseEvent | None:
    """Get Adverse Events

     The subject's adverse events as last told, by onset, without narratives. A subject has one page of
    them.

    Args:
        study (str):
        subject (str):
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageStandingAdverseEvent
    """

    return sync_detailed(
        study=study,
        subject=subject,
        client=client,
        as_of=as_of,
    ).parsed


async def asyncio_detailed(
    study: str,
    subject: str,
    *,
    client: AuthenticatedClient,
    as_of: None | str | Unset = UNSET,
) -> Response[PageStandingAdverseEvent]:
    """Get Adverse Events

     The subject's adverse events as last told, by onset, without narratives. A subject has one page of
    them.

    Args:
        study (str):
        subject (str):
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageStandingAdverseEvent]
    """

    kwargs = _get_kwargs(
        study=study,
        subject=subject,
        as_of=as_of,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    subject: str,
    *,
    client: AuthenticatedClient,
    as_of: None | str | Unset = UNSET,
) -> PageStandingAdverseEvent | None:
    """Get Adverse Events

     The subject's adverse events as last told, by onset, without narratives. A subject has one page of
    them.

    Args:
        study (str):
        subject (str):
        as_of (None | str | Unset): The state as it was recorded then: a position such as 17, or a
            time such as 2026-03-31T12:00:00Z (in an address a + is written %2B).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageStandingAdverseEvent
    """

    return (
        await asyncio_detailed(
            study=study,
            subject=subject,
            client=client,
            as_of=as_of,
        )
    ).parsed
