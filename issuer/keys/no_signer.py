"""An address without its key: for asking what it could do, and for what others sign."""

from typing import TYPE_CHECKING, Any

from issuer.errors import SignerError

if TYPE_CHECKING:
    from eth_account.datastructures import SignedMessage, SignedTransaction


class AddressOnly:
    """Takes the place of a signer, and signs nothing.

    Args:
        address: with the capital letters of EIP-55.
    """

    def __init__(self, address: str) -> None:
        self.address = address

    def sign_transaction(self, transaction_dict: Any) -> "SignedTransaction":  # noqa: ARG002
        """Refused."""
        raise SignerError(f"The key of {self.address} is not here, so nothing is signed with it.")

    def sign_typed_data(self, *, full_message: Any) -> "SignedMessage":  # noqa: ARG002
        """Refused."""
        raise SignerError(f"The key of {self.address} is not here, so nothing is signed with it.")
