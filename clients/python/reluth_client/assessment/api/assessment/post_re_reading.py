from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.re_reading_body import ReReadingBody
from ...models.read_view import ReadView
from ...types import UNSET, Response, Unset


def _get_kwargs(
    study: str,
    subject: str,
    timepoint: str,
    *,
    body: ReReadingBody,
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
        "url": "/studies/{study}/subjects/{subject}/tumour-assessments/{timepoint}/re-readings".format(
            study=quote(str(study), safe=""),
            subject=quote(str(subject), safe=""),
            timepoint=quote(str(timepoint), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> ReadView | None:
    if response.status_code == 201:
        response_201 = ReadView.from_dict(response.json())

        return response_201

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[ReadView]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    study: str,
    subject: str,
    timepoint: str,
    *,
    client: AuthenticatedClient,
    body: ReReadingBody,
    idempotency_key: str | Unset = UNSET,
    if_match: None | str | Unset = UNSET,
) -> Response[ReadView]:
    """Post Re Reading

     Read a scan again, with the reason. The former reading stays in the log, this one counts from now
    on.

    What follows at later timepoints is derived again; `changed` says where the response is another one.

    Args:
        study (str):
        subject (str):
        timepoint (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        if_match (None | str | Unset): The ETag of the state that this command was decided on.
        body (ReReadingBody): A reading that replaces an earlier one of the same timepoint.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ReadView]
    """

    kwargs = _get_kwargs(
        study=study,
        subject=subject,
        timepoint=timepoint,
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
    timepoint: str,
    *,
    client: AuthenticatedClient,
    body: ReReadingBody,
    idempotency_key: str | Unset = UNSET,
    if_match: None | str | Unset = UNSET,
) -> ReadView | None:
    """Post Re Reading

     Read a scan again, with the reason. The former reading stays in the log, this one counts from now
    on.

    What follows at later timepoints is derived again; `changed` says where the response is another one.

    Args:
        study (str):
        subject (str):
        timepoint (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        if_match (None | str | Unset): The ETag of the state that this command was decided on.
        body (ReReadingBody): A reading that replaces an earlier one of the same timepoint.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ReadView
    """

    return sync_detailed(
        study=study,
        subject=subject,
        timepoint=timepoint,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
        if_match=if_match,
    ).parsed


async def asyncio_detailed(
    study: str,
    subject: str,
    timepoint: str,
    *,
    client: AuthenticatedClient,
    body: ReReadingBody,
    idempotency_key: str | Unset = UNSET,
    if_match: None | str | Unset = UNSET,
) -> Response[ReadView]:
    """Post Re Reading

     Read a scan again, with the reason. The former reading stays in the log, this one counts from now
    on.

    What follows at later timepoints is derived again; `changed` says where the response is another one.

    Args:
        study (str):
        subject (str):
        timepoint (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        if_match (None | str | Unset): The ETag of the state that this command was decided on.
        body (ReReadingBody): A reading that replaces an earlier one of the same timepoint.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ReadView]
    """

    kwargs = _get_kwargs(
        study=study,
        subject=subject,
        timepoint=timepoint,
        body=body,
        idempotency_key=idempotency_key,
        if_match=if_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    subject: str,
    timepoint: str,
    *,
    client: AuthenticatedClient,
    body: ReReadingBody,
    idempotency_key: str | Unset = UNSET,
    if_match: None | str | Unset = UNSET,
) -> ReadView | None:
    """Post Re Reading

     Read a scan again, with the reason. The former reading stays in the log, this one counts from now
    on.

    What follows at later timepoints is derived again; `changed` says where the response is another one.

    Args:
        study (str):
        subject (str):
        timepoint (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        if_match (None | str | Unset): The ETag of the state that this command was decided on.
        body (ReReadingBody): A reading that replaces an earlier one of the same timepoint.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ReadView
    """

    return (
        await asyncio_detailed(
            study=study,
            subject=subject,
            timepoint=timepoint,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )
    ).parsed
