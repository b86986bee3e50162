from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.verification_recorded import VerificationRecorded
from ...types import UNSET, Response, Unset


def _get_kwargs(
    study: str,
    subject: str,
    *,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/studies/{study}/randomizations/{subject}/strata-verifications".format(
            study=quote(str(study), safe=""),
            subject=quote(str(subject), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> VerificationRecorded | None:
    if response.status_code == 201:
        response_201 = VerificationRecorded.from_dict(response.json())

        return response_201

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[VerificationRecorded]:
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
    idempotency_key: str | Unset = UNSET,
) -> Response[VerificationRecorded]:
    """Post Strata Verification

     Have enrolment derive the strata of the day of randomization again, from what is recorded now.

    They are recorded beside those as randomized, which never change. A new difference opens a
    discrepancy.

    Args:
        study (str):
        subject (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[VerificationRecorded]
    """

    kwargs = _get_kwargs(
        study=study,
        subject=subject,
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
    idempotency_key: str | Unset = UNSET,
) -> VerificationRecorded | None:
    """Post Strata Verification

     Have enrolment derive the strata of the day of randomization again, from what is recorded now.

    They are recorded beside those as randomized, which never change. A new difference opens a
    discrepancy.

    Args:
        study (str):
        subject (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        VerificationRecorded
    """

    return sync_detailed(
        study=study,
        subject=subject,
        client=client,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    study: str,
    subject: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
) -> Response[VerificationRecorded]:
    """Post Strata Verification

     Have enrolment derive the strata of the day of randomization again, from what is recorded now.

    They are recorded beside those as randomized, which never change. A new difference opens a
    discrepancy.

    Args:
        study (str):
        subject (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[VerificationRecorded]
    """

    kwargs = _get_kwargs(
        study=study,
        subject=subject,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    subject: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
) -> VerificationRecorded | None:
    """Post Strata Verification

     Have enrolment derive the strata of the day of randomization again, from what is recorded now.

    They are recorded beside those as randomized, which never change. A new difference opens a
    discrepancy.

    Args:
        study (str):
        subject (str):
        idempotency_key (str | Unset): New for every new command, the same for its repetitions: 1
            to 255 visible ASCII characters.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        VerificationRecorded
    """

    return (
        await asyncio_detailed(
            study=study,
            subject=subject,
            client=client,
            idempotency_key=idempotency_key,
        )
    ).parsed
