"""Etherscan's API, version 2, which serves BscScan too: one address for all chains, distinguished by `chainid`."""

from deploy.deployment.code import constructor_argument
from deploy.deployment.records import Deployed
from deploy.deployment.source_service import Patience, Service, Source

_MATCHES = "the source matches the code on the chain."
_ALREADY = ("already verified",)
_TOO_OFTEN = ("rate limit",)
_NOT_SEEN = ("unable to locate contractcode", "not a smart contract")
"""What Etherscan says about a contract that it has not seen yet; it lags behind the chain."""


class Etherscan:
    """Etherscan, with somebody's API key, which no text contains.

    Args:
        url: its API's address.
        key: the API key.
        patience: how long to wait for it.
    """

    def __init__(self, url: str, key: str, patience: Patience) -> None:
        self._url, self._key, self._service = url, key, Service("Etherscan", patience)

    def __repr__(self) -> str:
        return f"Etherscan({self._url!r})"

    def check(self, deployed: Deployed, source: Source) -> str:
        """Have the source checked; the result, in one sentence.

        Raises:
            SourceError: it does not match, or Etherscan cannot be asked.
            SourcePendingError: Etherscan has not decided.
        """
        while True:
            ok, said = self._ask("POST", deployed, "verifysourcecode", _form(deployed, source))
            if ok:
                return self._outcome(deployed, said)
            if _says(said, _ALREADY):
                return _MATCHES
            if not _says(said, _NOT_SEEN):
                raise self._service.problem(f"does not take the source: {said}")
            self._service.wait("does not see the contract yet")

    def _outcome(self, deployed: Deployed, ticket: str) -> str:
        while True:
            ok, said = self._ask("GET", deployed, "checkverifystatus", {"guid": ticket})
            if ok or _says(said, _ALREADY):
                return _MATCHES
            if "pending" not in said.lower():
                raise self._service.problem(f"finds that the source does not match the code on the chain: {said}")
            self._service.wait("is still at work")

    def _ask(self, method: str, deployed: Deployed, action: str, fields: dict[str, str]) -> tuple[bool, str]:
        """Whether Etherscan says yes, and what it says; asked again where it is asked too often."""
        fields = {"module": "contract", "action": action, "apikey": self._key, **fields}
        query = {"chainid": str(deployed.chain_id)}
        while True:
            if method == "POST":
                answer = self._service.ask("POST", self._url, params=query, data=fields)
            else:
                answer = self._service.ask("GET", self._url, params=query | fields)
            said = str(answer.data.get("result", answer.data.get("message", f"HTTP {answer.status}")))[:300]
            if answer.status != 200 or not _says(said, _TOO_OFTEN):
                return answer.status == 200 and answer.data.get("status") == "1", said.replace(self._key, "…")
            self._service.wait("is asked too often at the moment")


def _form(deployed: Deployed, source: Source) -> dict[str, str]:
    argument = constructor_argument(deployed.owner).hex()
    return {
        "codeformat": "solidity-standard-json-input",
        "sourceCode": source.standard_json,
        "contractaddress": deployed.address,
        "contractname": source.contract,
        "compilerversion": f"v{source.compiler}",
        "constructorArguments": argument,
        "constructorArguements": argument,  # as its older documentation spells it
    }


def _says(said: str, known: tuple[str, ...]) -> bool:
    return any(each in said.lower() for each in known)
