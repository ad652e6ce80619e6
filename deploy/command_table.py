"""Every command with its section, its place and its line of help, so that help loads no command's module.

Each line is the first sentence of the command's own docstring; tests/cli/test_help.py holds it to that.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Listed:
    """One command as the help lists it."""

    name: str
    place: str
    """`module:attribute`."""
    line: str


SECTIONS: dict[str, tuple[Listed, ...]] = {
    "Trying out": (
        Listed(
            "demo",
            "deploy.commands.demo:demo",
            "Issue a sample class on a chain of your own, verify every certificate, and serve the verifier.",
        ),
    ),
    "Checking": (
        Listed(
            "verify",
            "verifier.commands.verify:verify",
            "Check certificates: sealed PDFs, certificate.json files, links, hashes and short codes.",
        ),
        Listed(
            "badge",
            "verifier.commands.badge:badge",
            "Write badges for wallets: the course's picture with the certificate's credential inside.",
        ),
        Listed("serve", "verifier.commands.serve:serve", "Serve the verifier's pages and API until Ctrl-C."),
    ),
    "Issuing": (
        Listed("preview", "issuer.commands.issue:preview", "Draw a specimen of one student's sheet."),
        Listed(
            "issue",
            "issuer.commands.issue:issue",
            "Issue certificates to a class: one transaction, a sealed PDF and a .json file for each student.",
        ),
        Listed(
            "find",
            "issuer.commands.find:find",
            "Find certificates by a name, number, e-mail, course or code, and show the status of each.",
        ),
        Listed("mail", "issuer.commands.mail:mail", "Letters to students: each gets the link and the PDF once."),
        Listed("revoke", "issuer.commands.revoke:revoke", "Revoke a certificate."),
        Listed(
            "replace",
            "issuer.commands.revoke:replace",
            "Mark the certificate OLD as replaced by NEW, which has to be registered and final already.",
        ),
        Listed(
            "correct",
            "issuer.commands.correct:correct",
            "Correct a certificate: issue it again, replace the old one by it, and send the letter.",
        ),
        Listed(
            "batches",
            "issuer.commands.batches:batches",
            "List every batch: its state and since when, what it waits for, what to type.",
        ),
        Listed(
            "resume",
            "issuer.commands.batches:resume",
            "Continue every batch that is not delivered yet.",
        ),
        Listed(
            "cancel",
            "issuer.commands.batches:cancel",
            "Cancel a batch, named by the beginning of its number, while nothing of it is signed.",
        ),
    ),
    "Institution": (
        Listed(
            "authorise",
            "issuer.commands.institution:authorise",
            "Let the key ADDRESS issue for the institution DOMAIN.",
        ),
        Listed(
            "remove",
            "issuer.commands.institution:remove",
            "End the authority of the key ADDRESS; what it issued stays valid.",
        ),
        Listed(
            "distrust",
            "issuer.commands.institution:distrust",
            "Distrust the key ADDRESS since a moment: what it wrote from then on ceases to count.",
        ),
        Listed(
            "withdraw",
            "issuer.commands.institution:withdraw",
            "Withdraw the whole batch ROOT; `sanad batches --json` shows each batch's root.",
        ),
        Listed(
            "adopt",
            "issuer.commands.institution:adopt",
            "Register batches in the institution's own name; their batch files are taken from the archive.",
        ),
        Listed(
            "certify",
            "issuer.commands.institution:certify",
            "Say that the key ADDRESS belongs to the educator who has this certificate.",
        ),
        Listed(
            "transfer",
            "issuer.commands.institution:transfer",
            "Hand the institution over to another admin key: nominate it, then accept with it.",
        ),
        Listed(
            "did",
            "issuer.commands.did:did",
            "Write what the institution's own DOMAIN must say about its keys: did.json, or DNS records (--dns).",
        ),
        Listed(
            "status",
            "issuer.commands.status:status",
            "Publish the status lists (Bitstring Status List 1.0) that certificates name.",
        ),
        Listed(
            "watch",
            "issuer.commands.watch:watch",
            "Report everything under our name in the registry that our own records do not explain.",
        ),
    ),
    "Programme": (
        Listed(
            "deploy",
            "deploy.commands.deploy:deploy",
            "Put the registry on a chain, once: a second run finds what is deployed.",
        ),
        Listed(
            "fund",
            "deploy.commands.programme:fund",
            "Top up keys, so that they can pay for gas; a key that has as much already gets nothing.",
        ),
        Listed(
            "accredit",
            "deploy.commands.programme:accredit",
            "Accredit the institution DOMAIN under NAME, with the admin key ADMIN: its address or its file.",
        ),
        Listed(
            "suspend",
            "deploy.commands.programme:suspend",
            "Suspend the institution DOMAIN: it cannot issue; what it issued is not affected.",
        ),
        Listed("reinstate", "deploy.commands.programme:reinstate", "Reinstate the suspended institution DOMAIN."),
        Listed("registry", "deploy.commands.programme:registry", "What the registry holds, and who owns it."),
        Listed(
            "reanchor",
            "deploy.commands.reanchor:reanchor",
            "Register again in NEW what OLD has, for DOMAINS or all its institutions.",
        ),
    ),
    "Keeping": (
        Listed(
            "backup",
            "issuer.commands.custody:backup",
            "Write everything into FILE (a tar archive): records, archive, delivered certificates.",
        ),
        Listed(
            "restore",
            "issuer.commands.custody:restore",
            "Restore a backup into the empty places that sanad.toml names.",
        ),
        Listed(
            "rebuild",
            "issuer.commands.rebuild:rebuild",
            "Build lost records again from the archive, delivered files and the registry.",
        ),
        Listed(
            "erase",
            "issuer.commands.custody:erase",
            "Erase a person's certificate: its record, its delivered files, its page.",
        ),
        Listed(
            "export",
            "issuer.commands.custody:export",
            "Write everything that an institution needs to leave into FOLDER, as plain files.",
        ),
    ),
    "Keys": (Listed("key", "issuer.commands.key:key", "Make, import, show and list encrypted key files."),),
    "Help": (Listed("help", "deploy.commands.help:help_", "Show the help of a command."),),
}

COMMANDS = {command.name: command for section in SECTIONS.values() for command in section}

SYNONYMS = {
    **dict.fromkeys(("check", "validate", "test", "read", "open"), "verify"),
    **dict.fromkeys(("certificate", "certificates", "create", "make", "new", "generate", "sign", "award"), "issue"),
    **dict.fromkeys(("undo", "invalidate", "recall", "unissue", "void"), "revoke"),
    **dict.fromkeys(("init", "start", "try", "setup", "tutorial", "example", "quickstart"), "demo"),
    **dict.fromkeys(("search", "lookup", "who", "where", "student", "students"), "find"),
    **dict.fromkeys(("list", "ls", "pending"), "batches"),
    **dict.fromkeys(("continue", "retry", "finish"), "resume"),
    **dict.fromkeys(("abort", "discard"), "cancel"),
    **dict.fromkeys(("delete", "forget", "gdpr"), "erase"),
    **dict.fromkeys(("supersede", "swap"), "replace"),
    **dict.fromkeys(("fix", "amend", "change", "edit", "typo", "mend", "rename", "reissue"), "correct"),
    **dict.fromkeys(("sample", "draw", "specimen", "design"), "preview"),
    **dict.fromkeys(("web", "website", "server", "run", "pages"), "serve"),
    **dict.fromkeys(("wallet", "picture", "bake"), "badge"),
    **dict.fromkeys(("save", "copy", "dump"), "backup"),
    **dict.fromkeys(("recover", "repair", "reconstruct"), "rebuild"),
    **dict.fromkeys(("monitor", "alerts", "notify"), "watch"),
    **dict.fromkeys(("authorize", "allow", "professor", "add"), "authorise"),
    **dict.fromkeys(("university", "institution"), "accredit"),
    **dict.fromkeys(("topup", "coins", "pay"), "fund"),
    **dict.fromkeys(("move", "migrate", "reregister"), "reanchor"),
    **dict.fromkeys(("contract", "install"), "deploy"),
    **dict.fromkeys(("dns",), "did"),
    **dict.fromkeys(("send", "email", "letter", "letters", "resend"), "mail send"),
    "settle": "mail settle",
    "keys": "key list",
    "import": "key import",
    "rotate": "key rotate",
    "history": "key history",
    "publish": "status publish",
    "renew": "status renew",
    "show": "registry show",
    "rename": "registry rename",
    "trust": "registry trust",
    "vc-api": "serve vc-api",
    "version": "--version",
}
"""Words that people try, and the command that does it."""
