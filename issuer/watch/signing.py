"""Signatures of what goes to a webhook, as Standard Webhooks 1.0 has them: over an id, the time and the body.

The time is signed, so a receiver who refuses what is older than five minutes cannot be sent an alert again that
somebody has recorded (docs/watch.md shows one). Any library for Standard Webhooks checks it.
"""

import base64
import binascii
import hmac
import time
import uuid

from issuer.errors import WatchError

WINDOW_SECONDS = 300
"""How far the time may lie from the receiver's own, on either side."""
_PREFIX = "whsec_"


def signing_key(secret: bytes) -> bytes:
    """The key that a secret means: its bytes, or those that follow `whsec_` in base64.

    Raises:
        WatchError: what follows `whsec_` is not base64.
    """
    if not secret.startswith(_PREFIX.encode()):
        return secret
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX.encode()), validate=True)
    except binascii.Error:
        raise WatchError(f"The webhook's secret begins with {_PREFIX}, and what follows is not base64.") from None


def signed(key: bytes, body: bytes) -> dict[str, str]:
    """The headers that go with a body at this moment."""
    name, moment = f"msg_{uuid.uuid4().hex}", str(int(time.time()))
    mac = hmac.digest(key, b".".join((name.encode(), moment.encode(), body)), "sha256")
    signature = f"v1,{base64.b64encode(mac).decode()}"
    return {"webhook-id": name, "webhook-timestamp": moment, "webhook-signature": signature}
