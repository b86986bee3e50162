from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.timepoint_body import TimepointBody
from ...models.timepoint_recorded import TimepointRecorded
from ...types import UNSET, Response, Unset


def _get_kwargs(
    study: str,
    subject: str,
    *,
    body: TimepointBody,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/studies/{study}/subjects/{subject}/timepoints".format(
            study=quote(str(study), safe=""),
            subject=quote(str(subject), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> TimepointRecorded | None:
    if response.status_code == 201:
        response_201 = TimepointRecorded.from_dict(response.json())

        return response_201

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[TimepointRecorded]:
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
    body: TimepointBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[TimepointRecorded]:
    """Post Timepoint

     Record a timepoint with everything that belongs to it: all of it, or nothing and every error at
    once.

    Args:
        study (str):
        subject (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (TimepointBody): All of it is recorded, or nothing.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[TimepointRecorded]
    """

    kwargs = _get_kwargs(
        study=study,
        subject=subject,
        body=body,
        idempotency_key=idempotency_key,
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
    body: TimepointBody,
    idempotency_key: str | Unset = UNSET,
) -> TimepointRecorded | None:
    """Post Timepoint

     Record a timepoint with everything that belongs to it: all of it, or nothing and every error at
    once.

    Args:
        study (str):
        subject (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (TimepointBody): All of it is recorded, or nothing.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        TimepointRecorded
    """

    return sync_detailed(
        study=study,
        subject=subject,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    study: str,
    subject: str,
    *,
    client: AuthenticatedClient,
    body: TimepointBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[TimepointRecorded]:
    """Post Timepoint

     Record a timepoint with everything that belongs to it: all of it, or nothing and every error at
    once.

    Args:
        study (str):
        subject (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (TimepointBody): All of it is recorded, or nothing.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[TimepointRecorded]
    """

    kwargs = _get_kwargs(
        study=study,
        subject=subject,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    subject: str,
    *,
    client: AuthenticatedClient,
    body: TimepointBody,
    idempotency_key: str | Unset = UNSET,
) -> TimepointRecorded | None:
    """Post Timepoint

     Record a timepoint with everything that belongs to it: all of it, or nothing and every error at
    once.

    Args:
        study (str):
        subject (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (TimepointBody): All of it is recorded, or nothing.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        TimepointRecorded
    """

    return (
        await asyncio_detailed(
            study=study,
            subject=subject,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
