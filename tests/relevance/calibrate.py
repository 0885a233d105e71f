#!/usr/bin/env python3
"""make calibrate: is there an answer, and is it the first hit? (search/match/confidence.h)

Every judged question is asked of libraries that have its answer, and again with its answers left
out: then whatever comes first is no answer. Twice: raw, without the judged cases alone; and fair,
without those that answer as well (answers.py). The model is fitted on the fair questions of one
half, each kind of each library counting alike; the tables are of the other half. Answerable are
questions whose case is among the first ten; of them 85 % are to be answered.

Libraries: each set (1,200 to 4,200 cases), 400 cases of it, and all of cases.jsonl.zst.

  DATASETS=DIR (../shared/datasets)   WORK=DIR  stores (build/relevance)   LIBRARIES=few whole all
  MORE=FILE.jsonl  one library more: all cases and these
  ROWS=FILE  what was asked, seen and found, a question a line, for looking at
"""

import json
import math
import os
import pathlib
import random
import subprocess
import sys
import zlib

import answers
import sets

KINDS = ('.title', '.title.typo', '.anchor', '.anchor.typo', '.script', '.short', '.short.typo',
         '.id')
OTHER_KINDS = ('.dev', '.train', '.main')  # reported, not fitted: paragraphs, claims
SIGNALS = ('text', 'title', 'mass', 'matches', 'short', 'guessed')  # in the order of search.h
FEW, A_KIND, A_KIND_OF_ALL = 400, 400, 60
LEFT_OUT_MAX = 64  # data/base/limits.h
ANSWERED = .85
STEPS, RIDGE, FEW_QUESTIONS = 12, 1e-3, 50


class Row:
    """A question, and what was known of its first hit: there, raw, fair (None: not asked)."""

    def __init__(self, library, dataset, kind, key):
        self.library, self.dataset, self.kind = library, dataset, kind
        self.half = zlib.crc32(key.encode()) & 1
        self.place, self.seen = -1, [None] * 3
        self.verdicts, self.first = [None] * 3, [None] * 3
        self.questions = []

    def read(self, which, line):
        place, told, self.first[which] = line.split('\t')
        verdict, *signals = told.split()
        self.verdicts[which] = verdict
        self.seen[which] = [1.] + [float(x) for x in signals[:len(SIGNALS)]]
        if which == 0:
            self.place = int(place)


# --- asking ---------------------------------------------------------------------------------

def wording(kinds, kind, key, text, title):
    """The words that another case would have: without the slip, in the library's script."""
    clean = kind.name.removesuffix('.typo')
    if clean == '.script':
        return title
    return kinds[clean].questions.get(key, text) if clean in kinds else text


def row_of(name, library, dataset, kinds, kind, key):
    text = kind.questions[key]
    judged = library.answers(kind.qrels[key])
    if not judged or (kind.name.startswith('.short') and len(text) < 2):
        return None
    row = Row(name, dataset, kind.name, key)
    ask = {'text': text, 'answers': judged}
    row.questions.append((0, ask))
    as_well = library.others(wording(kinds, kind, key, text, library.titles[judged[0]]), judged,
                             whole_only=kind.name.startswith('.short'))
    for which, gone in ((1, judged), (2, judged + as_well)):
        if len(gone) <= LEFT_OUT_MAX:
            row.questions.append((which, {**ask, 'without': gone}))
    return row


def rows_of(name, library, chosen, most):
    rows = []
    for dataset in chosen:
        kinds = {kind.name or '.main': kind for kind in sets.judged_kinds(dataset)}
        for kind in (kinds[k] for k in KINDS + OTHER_KINDS if k in kinds):
            keys = sorted(kind.questions, key=lambda key: zlib.crc32(f'order {key}'.encode()))
            found = (row_of(name, library, dataset.name, kinds, kind, key) for key in keys)
            rows += [row for row, _ in zip((row for row in found if row), range(most))]
    return rows


def ask(program, store, rows):
    asked = [(row, which, question) for row in rows for which, question in row.questions]
    lines = ''.join(json.dumps(question) + '\n' for *_, question in asked)
    out = subprocess.run([program, store], input=lines, stdout=subprocess.PIPE, text=True,
                         check=True).stdout
    for (row, which, _), line in zip(asked, out.split('\n'), strict=False):
        row.read(which, line)


def store_of(work, name, paths):
    store = work / name
    if not (store / 'data').exists() and not any(store.glob('*')):
        for path in paths:
            subprocess.run(['./askfirst', '--data', store, 'import', path], check=False,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return store


def few_of(work, dataset):
    """Some of a set's cases, the same each time."""
    path = work / f'few-{dataset.name}.jsonl'
    rows = sets.read_jsonl(dataset.path)
    chosen = random.Random(dataset.name).sample(rows, min(FEW, len(rows)))
    path.write_text(''.join(json.dumps(row) + '\n' for row in chosen))
    return path


def libraries(work, datasets, wanted, found):
    """(name, files of its cases, sets whose questions it is asked, questions of a kind at most)"""
    kb = [s for s in found if s.name.startswith('kb-')]
    for dataset in found:
        if 'few' in wanted and dataset in kb:
            yield 'few', f'few-{dataset.name}', [few_of(work, dataset)], [dataset], A_KIND
        if 'whole' in wanted:
            name = 'whole' if dataset in kb else 'other'
            yield name, dataset.name, [dataset.path], [dataset], A_KIND
    cases = datasets / 'cases.jsonl.zst'
    if 'all' in wanted and cases.exists():
        path = work / 'cases.jsonl'
        path.write_bytes(subprocess.run(['zstdcat', cases], stdout=subprocess.PIPE,
                                        check=True).stdout)
        yield 'all', 'cases', [path], kb, A_KIND_OF_ALL
        if os.environ.get('MORE'):
            more = pathlib.Path(os.environ['MORE'])
            yield 'more', f'cases-{more.stem}', [path, more], kb, A_KIND_OF_ALL


# --- fitting --------------------------------------------------------------------------------

def chance(weights, x):
    z = sum(w * value for w, value in zip(weights, x))
    return 1 / (1 + math.exp(-max(-30., min(30., z))))


def cells(rows, half, gone):
    """(library, kind, set): what was seen of the answerable, and without their answers"""
    found = {}
    for row in rows:
        if row.half == half:
            there, left = found.setdefault((row.library, row.kind, row.dataset), ([], []))
            if row.place >= 0:
                there.append(row.seen[0])
            if row.seen[gone]:
                left.append(row.seen[gone])
    return found


def points_of(found):
    """(signals, is there an answer, weight)"""
    points = []
    for (_, kind, _), (there, left) in found.items():
        if kind in KINDS and there and left:
            for label, seen in ((1, there), (0, left)):
                weight = math.sqrt(min(1, len(seen) / FEW_QUESTIONS)) / len(seen)
                points += [(x, label, weight) for x in seen]
    return points


def solve(rows):
    """Gauss: rows of the matrix, each with the right side as its last."""
    n = len(rows)
    for c in range(n):
        pivot = max(range(c, n), key=lambda r: abs(rows[r][c]))
        rows[c], rows[pivot] = rows[pivot], rows[c]
        for r in range(c + 1, n):
            k = rows[r][c] / rows[c][c]
            rows[r] = [a - k * b for a, b in zip(rows[r], rows[c])]
    x = [0.] * n
    for c in reversed(range(n)):
        x[c] = (rows[c][n] - sum(rows[c][j] * x[j] for j in range(c + 1, n))) / rows[c][c]
    return x


def fit(points):
    """Newton's method, with a small ridge."""
    n, total = len(points[0][0]), sum(weight for *_, weight in points)
    weights = [0.] * n
    for _ in range(STEPS):
        rows = [[RIDGE * total * (i == j > 0) for j in range(n)]
                + [-RIDGE * total * weights[i] * (i > 0)] for i in range(n)]
        for x, label, share in points:
            p = chance(weights, x)
            error, bend = (p - label) * share, max(p * (1 - p), 1e-6) * share
            for i in range(n):
                rows[i][n] -= error * x[i]
                for j in range(n):
                    rows[i][j] += bend * x[i] * x[j]
        step = solve(rows)
        weights = [w + s for w, s in zip(weights, step)]
        if max(map(abs, step)) < 1e-5:
            break
    return weights


# --- tables ---------------------------------------------------------------------------------

def weighed(weights, found, chosen, side):
    """(chance, weight), each kind of each set counting alike"""
    return [(chance(weights, x), 1 / len(pair[side])) for key, pair in found.items()
            if chosen(key) for x in pair[side]]


def bar_of(answered):
    left = (1 - ANSWERED) * sum(weight for _, weight in answered)
    for value, weight in sorted(answered):
        left -= weight
        if left < 0:
            return value
    return 0.


def share(values, bar):
    whole = sum(weight for _, weight in values)
    return sum(weight for value, weight in values if value >= bar) / whole if whole else math.nan


def line(weights, label, raw, fair, chosen, common):
    there = weighed(weights, fair, chosen, 0)
    left_raw, left = weighed(weights, raw, chosen, 1), weighed(weights, fair, chosen, 1)
    if not there or not left:
        return
    own = bar_of(there)
    print(f'| {label} | {len(there)} | {len(left)} | {share(left_raw, own):.1%} | '
          f'{share(left, own):.1%} | {own:.2f} | {share(there, common):.1%} | '
          f'{share(left, common):.1%} |')


HEAD = ('| {} | answerable | left out | raw | fair | at | answered from {:.2f} | fair |\n'
        '|---|---|---|---|---|---|---|---|')


def tables(rows, weights, common):
    raw, fair = cells(rows, 1, 1), cells(rows, 1, 2)
    names = sorted({key[0] for key in fair})
    print('\nFalse answers when 85 % of the answerable are answered, and from one bar for all.\n')
    print(HEAD.format('library', common))
    for name in names:
        line(weights, name, raw, fair, lambda key: key[0] == name and key[1] in KINDS, common)
    for name in names:
        print('\n' + HEAD.format(f'{name}: set', common))
        for dataset in sorted({key[2] for key in fair if key[0] == name}):
            line(weights, dataset, raw, fair, lambda key: key[0] == name and key[2] == dataset,
                 common)
        print('\n' + HEAD.format(f'{name}: kind', common))
        for kind in KINDS + OTHER_KINDS:
            line(weights, kind, raw, fair, lambda key: key[0] == name and key[1] == kind, common)


def of(found, wanted):
    return f'{sum(v in wanted for v in found) / len(found):.1%}' if found else '–'


def verdicts(rows):
    """As the program has it now. All questions of both halves, each counting alike."""
    print('\nBy the verdicts as they are set: answered (opened), of these opened wrong; without the '
          'answer, raw and fair.\n')
    print('| library, kind | questions | answered | opened | wrong | raw | opened | fair | opened |')
    print('|---|---|---|---|---|---|---|---|---|')
    for name in sorted({row.library for row in rows}):
        for kind in KINDS + OTHER_KINDS:
            chosen = [row for row in rows if row.library == name and row.kind == kind]
            there = [row.verdicts[0] for row in chosen if row.place >= 0]
            sure = [str(row.place > 0) for row in chosen if row.verdicts[0] == 'sure']
            if not there:
                continue
            cells_ = [of(there, ('likely', 'sure')), of(there, ('sure',)), of(sure, ('True',))]
            for which in (1, 2):
                gone = [row.verdicts[which] for row in chosen if row.verdicts[which]]
                cells_ += [of(gone, ('likely', 'sure')), of(gone, ('sure',))]
            print(f'| {name}, {kind} | {len(chosen)} | ' + ' | '.join(cells_) + ' |')


def main():
    datasets = pathlib.Path(os.environ.get('DATASETS') or '../shared/datasets')
    work = pathlib.Path(os.environ.get('WORK') or 'build/relevance')
    wanted = (os.environ.get('LIBRARIES') or 'few whole all').split()
    if not datasets.is_dir():
        sys.exit(f'calibrate: no folder {datasets}; DATASETS=DIR names it')
    work.mkdir(parents=True, exist_ok=True)
    rows = []
    found = [s for s in sets.find_sets(datasets).values() if sets.judged_kinds(s)]
    for name, folder, paths, chosen, most in libraries(work, datasets, wanted, found):
        library = answers.Library([row for path in paths for row in sets.read_jsonl(path)])
        some = rows_of(name, library, chosen, most)
        ask(sys.argv[1], store_of(work, folder, paths), some)
        rows += some
    fitted = cells(rows, 0, 2)
    weights = fit(points_of(fitted))
    print('constant and weights:', ', '.join(
        f'{name} {w:.2f}' for name, w in zip(('constant', *SIGNALS), weights)))
    bar = bar_of(weighed(weights, fitted, lambda key: key[1] in KINDS, 0))
    tables(rows, weights, bar)
    verdicts(rows)
    if os.environ.get('ROWS'):
        with open(os.environ['ROWS'], 'w', encoding='utf-8') as out:
            for row in rows:
                print(json.dumps(vars(row)), file=out)


main()
