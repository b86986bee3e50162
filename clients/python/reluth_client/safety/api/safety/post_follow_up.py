from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.adverse_event_view import AdverseEventView
from ...models.follow_up_body import FollowUpBody
from ...types import UNSET, Response, Unset


def _get_kwargs(
    study: str,
    subject: str,
    adverse_event: UUID,
    *,
    body: FollowUpBody,
    idempotency_key: str | Unset = UNSET,
    if_match: None | str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/studies/{study}/subjects/{subject}/adverse-events/{adverse_event}/follow-ups".format(
            study=quote(str(study), safe=""),
            subject=quote(str(subject), safe=""),
            adverse_event=quote(str(adverse_event), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> AdverseEventView | None:
    if response.status_code == 201:
        response_201 = AdverseEventView.from_dict(response.json())

        return response_201

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[AdverseEventView]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    study: str,
    subject: str,
    adverse_event: UUID,
    *,
    client: AuthenticatedClient,
    body: FollowUpBody,
    idempotency_key: str | Unset = UNSET,
    if_match: None | str | Unset = UNSET,
) -> Response[AdverseEventView]:
    """Post Follow Up

     Tell what is known of an adverse event now: how it went on, how it ended, or what was wrong before.

    What was told before stays in the log and can be read there; this counts from now on, whole.

    Args:
        study (str):
        subject (str):
        adverse_event (UUID):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        if_match (None | str | Unset): The ETag of the state that this command was decided on.
        body (FollowUpBody): All that is known of an adverse event now. A narrative that is left
            out stays what it was.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AdverseEventView]
    """

    kwargs = _get_kwargs(
        study=study,
        subject=subject,
        adverse_event=adverse_event,
        body=body,
        idempotency_key=idempotency_key,
        if_match=if_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    study: str,
    subject: str,
    adverse_event: UUID,
    *,
    client: AuthenticatedClient,
    body: FollowUpBody,
    idempotency_key: str | Unset = UNSET,
    if_match: None | str | Unset = UNSET,
) -> AdverseEventView | None:
    """Post Follow Up

     Tell what is known of an adverse event now: how it went on, how it ended, or what was wrong before.

    What was told before stays in the log and can be read there; this counts from now on, whole.

    Args:
        study (str):
        subject (str):
        adverse_event (UUID):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        if_match (None | str | Unset): The ETag of the state that this command was decided on.
        body (FollowUpBody): All that is known of an adverse event now. A narrative that is left
            out stays what it was.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AdverseEventView
    """

    return sync_detailed(
        study=study,
        subject=subject,
        adverse_event=adverse_event,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
        if_match=if_match,
    ).parsed


async def asyncio_detailed(
    study: str,
    subject: str,
    adverse_event: UUID,
    *,
    client: AuthenticatedClient,
    body: FollowUpBody,
    idempotency_key: str | Unset = UNSET,
    if_match: None | str | Unset = UNSET,
) -> Response[AdverseEventView]:
    """Post Follow Up

     Tell what is known of an adverse event now: how it went on, how it ended, or what was wrong before.

    What was told before stays in the log and can be read there; this counts from now on, whole.

    Args:
        study (str):
        subject (str):
        adverse_event (UUID):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        if_match (None | str | Unset): The ETag of the state that this command was decided on.
        body (FollowUpBody): All that is known of an adverse event now. A narrative that is left
            out stays what it was.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AdverseEventView]
    """

    kwargs = _get_kwargs(
        study=study,
        subject=subject,
        adverse_event=adverse_event,
        body=body,
        idempotency_key=idempotency_key,
        if_match=if_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    subject: str,
    adverse_event: UUID,
    *,
    client: AuthenticatedClient,
    body: FollowUpBody,
    idempotency_key: str | Unset = UNSET,
    if_match: None | str | Unset = UNSET,
) -> AdverseEventView | None:
    """Post Follow Up

     Tell what is known of an adverse event now: how it went on, how it ended, or what was wrong before.

    What was told before stays in the log and can be read there; this counts from now on, whole.

    Args:
        study (str):
        subject (str):
        adverse_event (UUID):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        if_match (None | str | Unset): The ETag of the state that this command was decided on.
        body (FollowUpBody): All that is known of an adverse event now. A narrative that is left
            out stays what it was.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AdverseEventView
    """

    return (
        await asyncio_detailed(
            study=study,
            subject=subject,
            adverse_event=adverse_event,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )
    ).parsed
