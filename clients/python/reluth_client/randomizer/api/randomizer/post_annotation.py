from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.annotation_body import AnnotationBody
from ...models.annotation_recorded import AnnotationRecorded
from ...types import UNSET, Response, Unset


def _get_kwargs(
    study: str,
    subject: str,
    *,
    body: AnnotationBody,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/studies/{study}/randomizations/{subject}/annotations".format(
            study=quote(str(study), safe=""),
            subject=quote(str(subject), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> AnnotationRecorded | None:
    if response.status_code == 201:
        response_201 = AnnotationRecorded.from_dict(response.json())

        return response_201

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[AnnotationRecorded]:
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
    body: AnnotationBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[AnnotationRecorded]:
    """Post Annotation

     Annotate a randomization. It stands all the same: the subject keeps its arm, its place and its
    analysis set.

    A subject of another site is named by people who may annotate there, such as the sponsor.

    Args:
        study (str):
        subject (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (AnnotationBody): What turned out to be wrong with a randomization.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AnnotationRecorded]
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
    body: AnnotationBody,
    idempotency_key: str | Unset = UNSET,
) -> AnnotationRecorded | None:
    """Post Annotation

     Annotate a randomization. It stands all the same: the subject keeps its arm, its place and its
    analysis set.

    A subject of another site is named by people who may annotate there, such as the sponsor.

    Args:
        study (str):
        subject (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (AnnotationBody): What turned out to be wrong with a randomization.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AnnotationRecorded
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
    body: AnnotationBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[AnnotationRecorded]:
    """Post Annotation

     Annotate a randomization. It stands all the same: the subject keeps its arm, its place and its
    analysis set.

    A subject of another site is named by people who may annotate there, such as the sponsor.

    Args:
        study (str):
        subject (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (AnnotationBody): What turned out to be wrong with a randomization.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AnnotationRecorded]
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
    body: AnnotationBody,
    idempotency_key: str | Unset = UNSET,
) -> AnnotationRecorded | None:
    """Post Annotation

     Annotate a randomization. It stands all the same: the subject keeps its arm, its place and its
    analysis set.

    A subject of another site is named by people who may annotate there, such as the sponsor.

    Args:
        study (str):
        subject (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (AnnotationBody): What turned out to be wrong with a randomization.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AnnotationRecorded
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
