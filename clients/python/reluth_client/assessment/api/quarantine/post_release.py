from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.release_body import ReleaseBody
from ...models.release_view import ReleaseView
from ...types import UNSET, Response, Unset


def _get_kwargs(
    study: str,
    site: str,
    text: UUID,
    *,
    body: ReleaseBody,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/studies/{study}/sites/{site}/quarantine/{text}/release".format(
            study=quote(str(study), safe=""),
            site=quote(str(site), safe=""),
            text=quote(str(text), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> ReleaseView | None:
    if response.status_code == 201:
        response_201 = ReleaseView.from_dict(response.json())

        return response_201

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[ReleaseView]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    study: str,
    site: str,
    text: UUID,
    *,
    client: AuthenticatedClient,
    body: ReleaseBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[ReleaseView]:
    """Post Release

     Let the very same text pass, for the same subject and field, until its time here is over. Nothing
    else passes.

    By another account than it came from. The words are forgotten here: it is sent again to be recorded.

    Args:
        study (str):
        site (str):
        text (UUID):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (ReleaseBody): Why nobody can be known by what was found.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ReleaseView]
    """

    kwargs = _get_kwargs(
        study=study,
        site=site,
        text=text,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    study: str,
    site: str,
    text: UUID,
    *,
    client: AuthenticatedClient,
    body: ReleaseBody,
    idempotency_key: str | Unset = UNSET,
) -> ReleaseView | None:
    """Post Release

     Let the very same text pass, for the same subject and field, until its time here is over. Nothing
    else passes.

    By another account than it came from. The words are forgotten here: it is sent again to be recorded.

    Args:
        study (str):
        site (str):
        text (UUID):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (ReleaseBody): Why nobody can be known by what was found.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ReleaseView
    """

    return sync_detailed(
        study=study,
        site=site,
        text=text,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    study: str,
    site: str,
    text: UUID,
    *,
    client: AuthenticatedClient,
    body: ReleaseBody,
    idempotency_key: str | Unset = UNSET,
) -> Response[ReleaseView]:
    """Post Release

     Let the very same text pass, for the same subject and field, until its time here is over. Nothing
    else passes.

    By another account than it came from. The words are forgotten here: it is sent again to be recorded.

    Args:
        study (str):
        site (str):
        text (UUID):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (ReleaseBody): Why nobody can be known by what was found.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ReleaseView]
    """

    kwargs = _get_kwargs(
        study=study,
        site=site,
        text=text,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    site: str,
    text: UUID,
    *,
    client: AuthenticatedClient,
    body: ReleaseBody,
    idempotency_key: str | Unset = UNSET,
) -> ReleaseView | None:
    """Post Release

     Let the very same text pass, for the same subject and field, until its time here is over. Nothing
    else passes.

    By another account than it came from. The words are forgotten here: it is sent again to be recorded.

    Args:
        study (str):
        site (str):
        text (UUID):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.
        body (ReleaseBody): Why nobody can be known by what was found.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ReleaseView
    """

    return (
        await asyncio_detailed(
            study=study,
            site=site,
            text=text,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
