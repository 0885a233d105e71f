"""What the drivers written in Python share: reading, cutting, printing.

    python3 -B PEER_peer.py CONFIG CORPUS QUESTIONS     run in TREC's form on standard output

CORPUS has a case a line: id, title, text, parted by tabs. QUESTIONS has a question a line, and its
number is its id."""

import re
import sys

HITS = 11       # one more than is scored: a question's own case is taken out afterwards
STOP_WORDS = frozenset(
    'a an and are as at be by for from how in is it of on or that the this to was what when where '
    'which with i my do does can you your not but if into no such their then there these they will '
    'has have had its were who why'.split())
CJK = r'[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]'
RUN = re.compile(rf'{CJK}+|(?:(?!{CJK})[^\W_])+')
IS_CJK = re.compile(CJK)


def runs(text):
    """[(is it CJK?, run)]: what stands together in one kind of writing."""
    return [(bool(IS_CJK.match(run)), run) for run in RUN.findall(text)]


def bigrams(run):
    """All pairs; of a lone character, itself."""
    return [run[at:at + 2] for at in range(max(1, len(run) - 1))]


def arguments():
    """(config, [(id, title, text)], [question])"""
    _, config, corpus, questions = sys.argv
    with open(corpus, encoding='utf-8', newline='\n') as lines:
        cases = [line.rstrip('\n').split('\t') for line in lines]
    with open(questions, encoding='utf-8', newline='\n') as lines:
        return config, cases, [line.rstrip('\n') for line in lines]


def print_run(name, number, ids):
    for place, case in enumerate(ids, 1):
        print(number, 'Q0', case, place, HITS - place, name)
