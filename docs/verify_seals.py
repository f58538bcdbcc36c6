#!/usr/bin/env python3
"""Redo the seals of Sipas: python3 verify_seals.py DIR, where DIR comes from `sipas verify --lines DIR`.

Reads DIR/DATE.json (the published seal) and, where it is there, DIR/DATE.txt (a line an answer)."""
import hashlib, json, pathlib, sys


def sha(data):
    return hashlib.sha256(data).digest()


def root(leaves):  # RFC 6962, section 2.1
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha(b"\x01" + root(leaves[:k]) + root(leaves[k:]))


previous, days = "0" * 64, 0
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
    s = json.loads(file.read_text())
    text = "sipas-seal 1\ndate %s\nresponses %d\nroot %s\nprevious %s\n" % (s["date"], s["responses"], s["root"], s["previous"])
    text += "".join("restore %s\n" % r for r in s.get("restores", []))
    assert s["previous"] == previous, "%s: the chain is broken" % s["date"]
    assert s["seal"] == sha(text.encode()).hex(), "%s: the seal has been rewritten" % s["date"]
    lines = file.with_suffix(".txt")
    if lines.exists():
        answers = lines.read_bytes().splitlines()
        assert len(answers) == s["responses"], "%s: %d answers, %d were sealed" % (s["date"], len(answers), s["responses"])
        assert root([sha(b"\x00" + a) for a in answers]).hex() == s["root"], "%s: the answers are not those sealed" % s["date"]
    previous, days = s["seal"], days + 1
print("%d days, last seal %s" % (days, previous))
