"""Counting checks in TAP's form, for the two tests of this folder."""

import sys

_count = _failed = 0


def check(name, is_true, why=''):
    global _count, _failed
    _count += 1
    _failed += not is_true
    if not is_true:
        print(why)
    print(f'{"ok" if is_true else "not ok"} {_count} - {name}')


def skip(name, why):
    global _count
    _count += 1
    print(f'ok {_count} - {name} # SKIP {why}')


def end():
    print(f'1..{_count}')
    sys.exit(_failed > 0)
