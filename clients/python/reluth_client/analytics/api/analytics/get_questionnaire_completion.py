import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.completion_view import CompletionView
from ...types import UNSET, Response, Unset


def _get_kwargs(
    study: str,
    *,
    as_of: datetime.date | None | Unset = UNSET,
    site: None | str | Unset = UNSET,
    consistency: None | str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_as_of: None | str | Unset
    if isinstance(as_of, Unset):
        json_as_of = UNSET
    elif isinstance(as_of, datetime.date):
        json_as_of = as_of.isoformat()
    else:
        json_as_of = as_of
    params["as_of"] = json_as_of

    json_site: None | str | Unset
    if isinstance(site, Unset):
        json_site = UNSET
    else:
        json_site = site
    params["site"] = json_site

    json_consistency: None | str | Unset
    if isinstance(consistency, Unset):
        json_consistency = UNSET
    else:
        json_consistency = consistency
    params["consistency"] = json_consistency

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/studies/{study}/questionnaires/completion".format(
            study=quote(str(study), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> CompletionView | None:
    if response.status_code == 200:
        response_200 = CompletionView.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[CompletionView]:
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
    as_of: datetime.date | None | Unset = UNSET,
    site: None | str | Unset = UNSET,
    consistency: None | str | Unset = UNSET,
) -> Response[CompletionView]:
    """Get Questionnaire Completion

     Completion of questionnaires by occasion, arms together. Site roles see that of their own site.

    Args:
        study (str):
        as_of (datetime.date | None | Unset): the last clinical day that counts: what happened
            later is left out (default: today)
        site (None | str | Unset): one site instead of all that you may see
        consistency (None | str | Unset): Wait until the answer holds this log position (`17`, or
            `source:17` for a read model of several sources, parted by commas). The position of a
            write is in its header `Reluth-Position`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CompletionView]
    """

    kwargs = _get_kwargs(
        study=study,
        as_of=as_of,
        site=site,
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
    as_of: datetime.date | None | Unset = UNSET,
    site: None | str | Unset = UNSET,
    consistency: None | str | Unset = UNSET,
) -> CompletionView | None:
    """Get Questionnaire Completion

     Completion of questionnaires by occasion, arms together. Site roles see that of their own site.

    Args:
        study (str):
        as_of (datetime.date | None | Unset): the last clinical day that counts: what happened
            later is left out (default: today)
        site (None | str | Unset): one site instead of all that you may see
        consistency (None | str | Unset): Wait until the answer holds this log position (`17`, or
            `source:17` for a read model of several sources, parted by commas). The position of a
            write is in its header `Reluth-Position`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CompletionView
    """

    return sync_detailed(
        study=study,
        client=client,
        as_of=as_of,
        site=site,
        consistency=consistency,
    ).parsed


async def asyncio_detailed(
    study: str,
    *,
    client: AuthenticatedClient,
    as_of: datetime.date | None | Unset = UNSET,
    site: None | str | Unset = UNSET,
    consistency: None | str | Unset = UNSET,
) -> Response[CompletionView]:
    """Get Questionnaire Completion

     Completion of questionnaires by occasion, arms together. Site roles see that of their own site.

    Args:
        study (str):
        as_of (datetime.date | None | Unset): the last clinical day that counts: what happened
            later is left out (default: today)
        site (None | str | Unset): one site instead of all that you may see
        consistency (None | str | Unset): Wait until the answer holds this log position (`17`, or
            `source:17` for a read model of several sources, parted by commas). The position of a
            write is in its header `Reluth-Position`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CompletionView]
    """

    kwargs = _get_kwargs(
        study=study,
        as_of=as_of,
        site=site,
        consistency=consistency,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    *,
    client: AuthenticatedClient,
    as_of: datetime.date | None | Unset = UNSET,
    site: None | str | Unset = UNSET,
    consistency: None | str | Unset = UNSET,
) -> CompletionView | None:
    """Get Questionnaire Completion

     Completion of questionnaires by occasion, arms together. Site roles see that of their own site.

    Args:
        study (str):
        as_of (datetime.date | None | Unset): the last clinical day that counts: what happened
            later is left out (default: today)
        site (None | str | Unset): one site instead of all that you may see
        consistency (None | str | Unset): Wait until the answer holds this log position (`17`, or
            `source:17` for a read model of several sources, parted by commas). The position of a
            write is in its header `Reluth-Position`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CompletionView
    """

    return (
        await asyncio_detailed(
            study=study,
            client=client,
            as_of=as_of,
            site=site,
            consistency=consistency,
        )
    ).parsed
