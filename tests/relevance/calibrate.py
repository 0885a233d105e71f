#!/usr/bin/env python3
"""make calibrate: when is the first hit the answer? (search/match/confidence.h)

Every judged question is asked of its library, and again with its judged cases left out: then
whatever comes first is no answer. A logistic model is fitted on one half of the questions, every
kind counting as much as any other, and its table is of the other half. Questions that find their
case among the first ten count as answerable.

  DATASETS=DIR (../shared/datasets)   WORK=DIR  stores, as `make tune` made them (build/relevance)
"""

import math
import os
import pathlib
import subprocess
import sys

KINDS = ('.title', '.title.typo', '.anchor', '.anchor.typo', '.dev')
A_KIND = 150  # questions of a kind that the model is fitted on, at most
STEPS = 500


def read(program, work, datasets):
    rows = []
    for folder in sorted(path.parent for path in datasets.glob('*/corpus.jsonl')):
        kinds = [kind for kind in KINDS if (folder / f'queries{kind}.jsonl').exists()]
        if not kinds:
            continue
        if not (work / folder.name).exists():
            work.mkdir(parents=True, exist_ok=True)
            subprocess.run(['./askfirst', '--data', work / folder.name, 'import',
                            folder / 'corpus.jsonl'], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=False)
        out = subprocess.run([program, work / folder.name, datasets, folder.name, *kinds],
                             stdout=subprocess.PIPE, text=True, check=True).stdout
        for line in out.splitlines():
            name, half, place, there, gone = line.split('\t')
            words = [signals.split() for signals in (there, gone)]
            rows.append((name, int(half), int(place), *([1.] + [float(x) for x in w[1:]] for w in words),
                         *(w[0] for w in words)))
    return rows


def samples(rows, half):
    """(signals, is the answer, weight), and by kind"""
    kinds = {}
    for name, of, place, there, gone, *_ in rows:
        if of == half:
            kinds.setdefault(name, ([], []))
            if place >= 0:
                kinds[name][0].append(there)
            kinds[name][1].append(gone)
    return kinds


def fit(kinds):
    points = []
    for answered, removed in kinds.values():
        for label, signals in ((1, answered[:A_KIND]), (0, removed[:A_KIND])):
            points += [(x, label, 1 / len(signals)) for x in signals]
    weights = [0.] * len(points[0][0])
    squares = [1e-8] * len(weights)
    for _ in range(STEPS):  # AdaGrad (Duchi, Hazan & Singer 2011)
        gradient = [1e-4 * w for w in weights]
        for x, label, share in points:
            error = (chance(weights, x) - label) * share
            for i, value in enumerate(x):
                gradient[i] += error * value
        for i, g in enumerate(gradient):
            squares[i] += g * g
            weights[i] -= g / math.sqrt(squares[i])
    return weights


def chance(weights, x):
    z = sum(w * value for w, value in zip(weights, x))
    return 1 / (1 + math.exp(-max(-30., min(30., z))))


def share(chances, bar):
    return sum(c >= bar for c in chances) / len(chances)


def share_of(verdicts, wanted):
    return sum(v in wanted for v in verdicts) / len(verdicts)


def at_85(answered, removed):
    bar = sorted(answered)[int(.15 * len(answered))]
    return bar, share(removed, bar)


def main():
    datasets = pathlib.Path(os.environ.get('DATASETS') or '../shared/datasets')
    work = pathlib.Path(os.environ.get('WORK') or 'build/relevance')
    if not datasets.is_dir():
        sys.exit(f'calibrate: no folder {datasets}; DATASETS=DIR names it')
    rows = read(sys.argv[1], work, datasets)
    weights = fit(samples(rows, 0))
    print('constant and weights:', ' '.join(f'{w:.2f}' for w in weights))
    kinds = {name: ([chance(weights, x) for x in answered], [chance(weights, x) for x in removed])
             for name, (answered, removed) in samples(rows, 1).items()}
    print('\n| questions | answerable | removed | false answers when 85 % are answered | bar |')
    print('|---|---|---|---|---|')
    groups = {'title': '.title', 'title and its slips': ('.title', '.title.typo'),
              'with anchors': ('.title', '.title.typo', '.anchor', '.anchor.typo'),
              'encyclopaedia': '.dev'}
    for name, ends in groups.items():
        chosen = [k for k in kinds if k[k.index('.'):] in ends] if isinstance(ends, tuple) else \
            [k for k in kinds if k[k.index('.'):] == ends]
        answered = [c for k in chosen for c in kinds[k][0]]
        removed = [c for k in chosen for c in kinds[k][1]]
        if answered and removed:
            bar, false = at_85(answered, removed)
            print(f'| {name} | {len(answered)} | {len(removed)} | {false:.1%} | {bar:.2f} |')
    print('\nBy the verdicts as they are set, likely or sure (sure alone):\n')
    print('| kind | answered | false answers |\n|---|---|---|')
    for ends in sorted({row[0][row[0].index('.'):] for row in rows}):
        chosen = [row for row in rows if row[0].endswith(ends) and row[0].count('.') == ends.count('.')]
        there = [row[5] for row in chosen if row[2] >= 0]
        gone = [row[6] for row in chosen]
        print(f'| {ends} | ' + ' | '.join(
            f'{share_of(verdicts, ("likely", "sure")):.1%} ({share_of(verdicts, ("sure",)):.1%})'
            for verdicts in (there, gone)) + ' |')
    print('\n| confidence of at least | title and slips: answered | false | all: answered | false |')
    print('|---|---|---|---|---|')
    for bar in (.3, .4, .5, .6, .7, .8, .9, .95):
        cells = []
        for ends in (('.title', '.title.typo'), KINDS):
            chosen = [k for k in kinds if k[k.index('.'):] in ends]
            cells += [share([c for k in chosen for c in kinds[k][0]], bar),
                      share([c for k in chosen for c in kinds[k][1]], bar)]
        print(f'| {bar} | ' + ' | '.join(f'{cell:.1%}' for cell in cells) + ' |')


main()
