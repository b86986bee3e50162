from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.terms_view import TermsView
from ...types import UNSET, Response, Unset


def _get_kwargs(
    study: str,
    *,
    q: str | Unset = "",
    soc: None | str | Unset = UNSET,
    dictionary: None | str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["q"] = q

    json_soc: None | str | Unset
    if isinstance(soc, Unset):
        json_soc = UNSET
    else:
        json_soc = soc
    params["soc"] = json_soc

    json_dictionary: None | str | Unset
    if isinstance(dictionary, Unset):
        json_dictionary = UNSET
    else:
        json_dictionary = dictionary
    params["dictionary"] = json_dictionary

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/studies/{study}/adverse-event-terms".format(
            study=quote(str(study), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> TermsView | None:
    if response.status_code == 200:
        response_200 = TermsView.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[TermsView]:
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
    q: str | Unset = "",
    soc: None | str | Unset = UNSET,
    dictionary: None | str | Unset = UNSET,
) -> Response[TermsView]:
    """Get Adverse Event Terms

     The terms of a dictionary, with the grades that exist for each: all of them, or those that a search
    finds.

    Args:
        study (str):
        q (str | Unset): words that occur in the term, or the beginning of its code Default: ''.
        soc (None | str | Unset): one system organ class
        dictionary (None | str | Unset): default: the one that events are reported under

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[TermsView]
    """

    kwargs = _get_kwargs(
        study=study,
        q=q,
        soc=soc,
        dictionary=dictionary,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    study: str,
    *,
    client: AuthenticatedClient,
    q: str | Unset = "",
    soc: None | str | Unset = UNSET,
    dictionary: None | str | Unset = UNSET,
) -> TermsView | None:
    """Get Adverse Event Terms

     The terms of a dictionary, with the grades that exist for each: all of them, or those that a search
    finds.

    Args:
        study (str):
        q (str | Unset): words that occur in the term, or the beginning of its code Default: ''.
        soc (None | str | Unset): one system organ class
        dictionary (None | str | Unset): default: the one that events are reported under

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        TermsView
    """

    return sync_detailed(
        study=study,
        client=client,
        q=q,
        soc=soc,
        dictionary=dictionary,
    ).parsed


async def asyncio_detailed(
    study: str,
    *,
    client: AuthenticatedClient,
    q: str | Unset = "",
    soc: None | str | Unset = UNSET,
    dictionary: None | str | Unset = UNSET,
) -> Response[TermsView]:
    """Get Adverse Event Terms

     The terms of a dictionary, with the grades that exist for each: all of them, or those that a search
    finds.

    Args:
        study (str):
        q (str | Unset): words that occur in the term, or the beginning of its code Default: ''.
        soc (None | str | Unset): one system organ class
        dictionary (None | str | Unset): default: the one that events are reported under

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[TermsView]
    """

    kwargs = _get_kwargs(
        study=study,
        q=q,
        soc=soc,
        dictionary=dictionary,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    study: str,
    *,
    client: AuthenticatedClient,
    q: str | Unset = "",
    soc: None | str | Unset = UNSET,
    dictionary: None | str | Unset = UNSET,
) -> TermsView | None:
    """Get Adverse Event Terms

     The terms of a dictionary, with the grades that exist for each: all of them, or those that a search
    finds.

    Args:
        study (str):
        q (str | Unset): words that occur in the term, or the beginning of its code Default: ''.
        soc (None | str | Unset): one system organ class
        dictionary (None | str | Unset): default: the one that events are reported under

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        TermsView
    """

    return (
        await asyncio_detailed(
            study=study,
            client=client,
            q=q,
            soc=soc,
            dictionary=dictionary,
        )
    ).parsed
