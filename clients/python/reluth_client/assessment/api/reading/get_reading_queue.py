from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.page_task_view import PageTaskView
from ...types import UNSET, Response, Unset


def _get_kwargs(
    study: str,
    *,
    consistency: None | str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_consistency: None | str | Unset
    if isinstance(consistency, Unset):
        json_consistency = UNSET
    else:
        json_consistency = consistency
    params["consistency"] = json_consistency

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/studies/{study}/reading-queue".format(
            study=quote(str(study), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> PageTaskView | None:
    if response.status_code == 200:
        response_200 = PageTaskView.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[PageTaskView]:
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
    consistency: None | str | Unset = UNSET,
) -> Response[PageTaskView]:
    """Get Reading Queue

     What waits for you: scans of your cases, and cases that have a place. Longest waiting first.

    Args:
        study (str):
        consistency (None | str | Unset): Wait until the answer holds this log position (`17`, or
            `source:17` for a read model of several sources, parted by commas). The position of a
            write is in its header `Reluth-Position`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageTaskView]
    """

    kwargs = _get_kwargs(
        study=study,
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
    consistency: None | str | Unset = UNSET,
) -> PageTaskView | None:
    """Get Reading Queue

     What waits for you: scans of your cases, and cases that have a place. Longest waiting first.

    Args:
        study (str):
        consistency (None | str | Unset): Wait until the answer holds this log position (`17`, or
            `source:17` for a read model of several sources, parted by commas). The position of a
            write is in its header `Reluth-Position`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageTaskView
    """

    return sync_detailed(
        study=study,
        client=client,
        consistency=consistency,
    ).parsed


async def asyncio_detailed(
    study: str,
    *,
    client: AuthenticatedClient,
    consistency: None | str | Unset = UNSET,
) -> Response[PageTaskView]:
    """Get Reading Queue

     What waits for you: scans of your cases, and cases that have a place. Longest waiting first.

    Args:
        study (str):
        consistency (None | str | Unset): Wait until the answer holds this log position (`17`, or
            `source:17` for a read model of several sources, parted by commas). The position of a
            write is in its header `Reluth-Position`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageTaskView]
    """

    kwargs = _get_kwargs(
        study=study,
        consistency=consistency,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    *,
    client: AuthenticatedClient,
    consistency: None | str | Unset = UNSET,
) -> PageTaskView | None:
    """Get Reading Queue

     What waits for you: scans of your cases, and cases that have a place. Longest waiting first.

    Args:
        study (str):
        consistency (None | str | Unset): Wait until the answer holds this log position (`17`, or
            `source:17` for a read model of several sources, parted by commas). The position of a
            write is in its header `Reluth-Position`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageTaskView
    """

    return (
        await asyncio_detailed(
            study=study,
            client=client,
            consistency=consistency,
        )
    ).parsed
