"""Every act on the registry: what it calls, when it is done, and why it would change nothing.

act.py          an act: its cost, its guard, what follows from it; the registry as somebody who acts sees it
institution.py  the acts of an institution: keys, batches, revocations, educators, its admin
writer.py       registering a batch
guards.py       why an act would have no effect, and the way that works
relaying.py     what a professor signs for others to send
reasons.py      the words for reason codes (SPEC.md section 10)
adopting.py, distrusting.py, repeating.py   plans of several acts
moving.py, own_records.py   what an institution has in a registry, to take it along to another one
kept_state.py, state_file.py   what a registry said, kept for the day when its chain is dead
former_admins.py            what a distrusted admin did honestly, repeated
signed_acts.py  what our own records have signed
funding.py      coins for keys that act
abi.py          the contract's interface
"""
