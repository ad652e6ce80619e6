"""The exceptions of deploying.

    DeployError
    ├── ChainError       the embedded chain
    │   ├── ChainStoreError  the file that it is kept in (deploy/chain_store.py)
    │   │   └── ChainInUseError   another chain runs on it
    │   ├── PortBusyError    its port is taken, or the address is not this machine's
    │   └── RpcError         a JSON-RPC error that a caller of the chain gets; never leaves the server
    ├── DemoError        the demonstration (deploy/demo.py)
    ├── DeploymentError  a registry on a public chain that cannot be deployed, or is not what it should be
    ├── PublishingError  a programme's file that cannot be published (deploy/publishing.py)
    ├── SourceError      a service that checks sources does not take ours (deploy/deployment/sources.py)
    │   └── SourcePendingError   it has not decided yet; ask again later
    └── ArtifactError    the package lacks the registry's compiled code

What goes wrong while a transaction is sent is issuer.errors.TransactionError: deploying sends through
issuer/registry/writer.py. Texts are whole sentences for people: what is wrong, where, what to do.
"""


class DeployError(Exception):
    """Root of everything that deploying raises on purpose."""


class ChainError(DeployError):
    """The embedded chain cannot be used."""


class ChainStoreError(ChainError):
    """The file that the embedded chain is kept in cannot be used."""


class ChainInUseError(ChainStoreError):
    """Another chain runs on the file."""


class PortBusyError(ChainError):
    """The chain cannot listen on its address."""


class RpcError(ChainError):
    """An error as JSON-RPC says it (codes as geth gives them)."""

    def __init__(self, code: int, message: str, data: str | None = None) -> None:
        self.code = code
        self.data = data
        super().__init__(message)


class ArtifactError(DeployError):
    """The registry's compiled code is missing or damaged."""


class DemoError(DeployError):
    """The demonstration cannot be run as asked."""


class DeploymentError(DeployError):
    """A registry cannot be deployed as asked, or what is deployed is not what it should be."""


class SourceError(DeployError):
    """A service that checks contracts' sources does not take ours, or cannot be asked."""


class SourcePendingError(SourceError):
    """The service has not decided yet."""


class PublishingError(DeployError):
    """A programme's file cannot be published."""
