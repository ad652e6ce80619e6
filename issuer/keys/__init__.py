"""Who signs: encrypted key files, remote signers, and which keys an institution has had.

files.py          keystores and PKCS#8 files, their passphrases
pkcs8.py          the institution's key encrypted with scrypt, as OpenSSL reads it
reencrypting.py   another passphrase
signers.py        one key, wherever it is
remote_signer.py  a key that another service keeps (Web3Signer, Clef)
no_signer.py      an address whose key is not here
key_history.py    the institution's Ed25519 keys, past and present
rotation.py       a new key in place of the old one
"""
