"""Sourcify's API, version 2: a job is handed in, asked about, and anybody can look up the result."""

import json
from typing import Any

from deploy.deployment.records import Deployed
from deploy.deployment.source_service import Answer, Patience, Service, Source
from deploy.errors import SourceError

_MATCHES = {
    "exact_match": "source and metadata match the code on the chain, byte for byte.",
    "match": "the source matches the code on the chain, its metadata does not.",
}


class Sourcify:
    """One Sourcify server.

    Args:
        url: its address, without a slash at the end.
        patience: how long to wait for it.
    """

    def __init__(self, url: str, patience: Patience) -> None:
        self._url, self._service = url, Service("Sourcify", patience)

    def check(self, deployed: Deployed, source: Source) -> str:
        """Have the source checked, unless it is already; the result, in one sentence.

        Raises:
            SourceError: it does not match, or the server cannot be asked.
            SourcePendingError: the server has not decided.
        """
        known = self._service.ask("GET", self._contract(deployed))
        if known.data.get("match") == "exact_match":
            return _MATCHES["exact_match"]
        answer = self._service.ask("POST", self._job(deployed), json=_request(deployed, source))
        code = answer.data.get("customCode")
        if answer.status == 202:
            return self._outcome(deployed, str(answer.data.get("verificationId", "")))
        if code == "already_verified":
            return self._match(self._service.ask("GET", self._contract(deployed)).data)
        if code == "duplicate_verification_request":  # another run has handed it in
            return self._looked_up(deployed)
        raise self._refusal(answer)

    def _contract(self, deployed: Deployed) -> str:
        return f"{self._url}/v2/contract/{deployed.chain_id}/{deployed.address}"

    def _job(self, deployed: Deployed) -> str:
        return f"{self._url}/v2/verify/{deployed.chain_id}/{deployed.address}"

    def _outcome(self, deployed: Deployed, job: str) -> str:
        while True:
            answer = self._service.ask("GET", f"{self._url}/v2/verify/{job}")
            if answer.status != 200:
                raise self._refusal(answer)
            if answer.data.get("isJobCompleted") is True:
                break
            self._service.wait("is still at work")
        error = answer.data.get("error")
        if isinstance(error, dict) and error.get("customCode") == "already_verified":
            return self._match(self._service.ask("GET", self._contract(deployed)).data)
        if isinstance(error, dict):
            raise self._refusal(Answer(200, error))
        return self._match(answer.data.get("contract"))

    def _looked_up(self, deployed: Deployed) -> str:
        while True:
            found = self._service.ask("GET", self._contract(deployed)).data
            if found.get("match"):
                return self._match(found)
            self._service.wait("is still at work")

    def _match(self, contract: Any) -> str:
        match = contract.get("match") if isinstance(contract, dict) else None
        if match not in _MATCHES:
            raise self._service.problem("finds that the source does not match the code on the chain.")
        return _MATCHES[match]

    def _refusal(self, answer: Answer) -> SourceError:
        said = str(answer.data.get("message") or answer.data.get("customCode") or f"HTTP {answer.status}")[:300]
        return self._service.problem(f"does not take the source: {said}")


def _request(deployed: Deployed, source: Source) -> dict[str, Any]:
    transaction = {} if deployed.transaction is None else {"creationTransactionHash": deployed.transaction}
    return {
        "stdJsonInput": json.loads(source.standard_json),
        "compilerVersion": source.compiler,
        "contractIdentifier": source.contract,
        **transaction,
    }
