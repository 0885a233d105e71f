#!/usr/bin/env python3
"""make relevance: askfirst beside its peers on judged questions, with noise, codes and short words.

Options are variables of the environment (or of make):
  DATASETS=DIR       the sets (../shared/datasets); without the folder nothing is measured
  SETS="…"           default: every set of the folder, and "cases": the codes of its case corpus
  PEERS="…"          default: all that are installed; "none"
  NOISE="…"          default: all that suit; "none"
  NOISY=300          questions of each kind that noise is put on, at most
  KINDS="…"          judged kinds, as .title or .anchor; default: all
  RELEVANCE_DIR=DIR  kept answers, runs, results (build/relevance)
  ASKFIRST=PROGRAM   default: ./askfirst
  STAGES=PROGRAM     stages.c, built (make sets it); without it two stages are not compared with one
"""

import dataclasses
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import sys

import codes
import kept
import logs
import noise
import report
import short
from engines import PEERS, Askfirst, EngineError, ask_process
from score import DEPTH, score_kind
from sets import Set, find_sets, judged_kinds

CASES = 'cases'
OTHERS_MAX = 300        # codes that are asked one process each


@dataclasses.dataclass
class Row:
    """What all engines made of one kind of one set."""
    set: str
    lang: str
    kind: str
    family: str             # judged noise codes logs known any
    questions: int
    scores: dict            # engine: {measure: value}
    noise: str = ''
    clean: dict = dataclasses.field(default_factory=dict)   # the same questions without the noise


def option(name, default=''):
    return os.environ.get(name) or default


def say(text):
    print(f'relevance: {text}', file=sys.stderr, flush=True)


def choose_sets(folder):
    sets = find_sets(folder)
    corpus = next((path for name in ('cases.jsonl', 'cases.jsonl.zst')
                   if (path := folder / name).exists()), None)
    if corpus:
        sets[CASES] = Set(CASES, corpus, 'mixed')
    names = option('SETS').split() or list(sets)
    if unknown := [name for name in names if name not in sets]:
        sys.exit(f'relevance: no set is called {", ".join(unknown)}; there are {", ".join(sets)}')
    return [sets[name] for name in names]


def choose_peers():
    """({name: peer}, {name: what is missing})"""
    names = option('PEERS', ' '.join(PEERS)).split()
    names = [] if names == ['none'] else names
    if unknown := [name for name in names if name not in PEERS]:
        sys.exit(f'relevance: no peer is called {", ".join(unknown)}; there are {", ".join(PEERS)}')
    missing = {name: lack for name in names if (lack := PEERS[name].missing())}
    for name, lack in missing.items():
        say(f'{name} is left out: {lack} is not installed (make relevance-deps)')
    return {name: PEERS[name] for name in names if name not in missing}, missing


def choose_noise():
    names = option('NOISE').split() or [made.name for made in noise.NOISES]
    names = [] if names == ['none'] else names
    if unknown := set(names) - {made.name for made in noise.NOISES}:
        sys.exit(f'relevance: no noise is called {", ".join(sorted(unknown))}')
    return names


def kinds_of(dataset, noises, missing):
    """[(family, kind)] that a set is asked."""
    if dataset.name == CASES:
        known = codes.Codes(dataset.cases)
        return [('codes', kind) for kind in codes.code_kinds(known)] + \
            [('logs', kind) for kind in logs.log_kinds(dataset.cases, known)]
    judged = judged_kinds(dataset)
    if wanted := option('KINDS').split():
        judged = [kind for kind in judged if kind.name in wanted]
    noisy, lacks = noise.noisy_kinds(dataset, judged, noises, int(option('NOISY', '300')))
    missing.update(lacks)
    kinds = [('judged', kind) for kind in judged] + [('noise', kind) for kind in noisy]
    if not wanted:
        kinds += [(kind.name[1:-1], kind) for kind in short.short_kinds(dataset)]
    return kinds


def write_runs(dataset, kinds, engine, answers, folder):
    """Runs that other scorers can read too."""
    folder.mkdir(parents=True, exist_ok=True)
    for _, kind in kinds:
        path = folder / f'{dataset.name}{kind.name}.{engine}.run'
        path.write_text(''.join(f'{key} Q0 {case} {place} {1 / place:.6f} {engine}\n'
                                for key, text in kind.questions.items()
                                for place, case in enumerate(answers[text], 1)), encoding='utf-8')


def place_of(kind, key, cases):
    """Where the first right answer stands; 0: not among those that count."""
    cases = [case for case in cases if case != kind.selves.get(key)][:DEPTH]
    return next((place for place, case in enumerate(cases, 1) if case in kind.qrels[key]), 0)


def write_losses(dataset, kinds, answers, folder):
    """Questions askfirst does not answer first: set, kind, id, place, the best peer's, texts."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for _, kind in kinds:
        for key, text in kind.questions.items():
            places = {name: place_of(kind, key, found[text]) for name, found in answers.items()}
            if (mine := places.pop('askfirst')) != 1:
                best, name = min(((place or DEPTH + 1, name) for name, place in places.items()),
                                 default=(0, '-'))
                lines.append('\t'.join(map(str, (
                    dataset.name, kind.name, key, mine, f'{name} {best}' if best <= DEPTH else '-',
                    text, kind.clean.questions[key] if kind.clean else ''))))
    (folder / f'{dataset.name}.tsv').write_text('\n'.join(lines) + '\n', encoding='utf-8')


def measure(dataset, kinds, engines, work):
    """A row for each kind."""
    texts = list(dict.fromkeys(text for _, kind in kinds for part in (kind, kind.clean) if part
                               for text in part.questions.values()))
    answers = {}
    for engine in engines:
        answers[engine.name] = engine.ask(dataset, texts, work)
        write_runs(dataset, kinds, engine.name, answers[engine.name], work / 'runs')
    write_losses(dataset, kinds, answers, work / 'losses')
    return [Row(dataset.name, dataset.lang, kind.name, family, len(kind.questions),
                {name: score_kind(kind, found) for name, found in answers.items()}, kind.noise,
                {name: score_kind(kind.clean, found) for name, found in answers.items()}
                if kind.clean else {}) for family, kind in kinds]


def measure_others(dataset, askfirst):
    """Does a code one digit away pass as the one that was asked for, or stand above it?"""
    known_codes = codes.Codes(dataset.cases)
    unknown, known = codes.other_codes(known_codes)
    found = {'unknown': len(unknown[:OTHERS_MAX]), 'known': len(known), 'passed': 0, 'outranked': 0,
             'examples': []}
    for asked, key in unknown[:OTHERS_MAX]:
        if any('exact' in hit['reasons'] for hit in askfirst.hits(dataset, asked)):
            found['passed'] += 1
            found['examples'].append(f'`{asked}` is called exact, not '
                                     f'`{known_codes.written[key]}`')
    answers = askfirst.ask(dataset, [asked for asked, _ in known], None)
    for asked, twin in known:
        own, other = known_codes.holders[codes.squeeze(asked)], known_codes.holders[twin]
        first = next((case for case in answers[asked] if case in own | other), None)
        if first is None or first not in own:
            found['outranked'] += 1
            found['examples'].append(f'`{asked}` is answered with `{known_codes.written[twin]}`')
    found['examples'] = found['examples'][:10]
    return found


def measure_stages(dataset, askfirst, wanted):
    """Two stages and ranking every case (stages.c): a dictionary for each judged kind."""
    program = option('STAGES')
    if not program or dataset.name == CASES:
        return []
    kinds = [kind.name.replace('.main', '') for kind in judged_kinds(dataset)
             if not wanted or kind.name in wanted]
    folder = dataset.path.parent
    names = ('recall', 'all_recall', 'ndcg', 'all_ndcg', 'shared')
    rows = []
    for line in ask_process([program, str(askfirst.data(dataset)), str(folder.parent), folder.name,
                             *kinds]).splitlines() if kinds else ():
        kind, questions, *values = line.split('\t')
        rows.append({'set': dataset.name, 'kind': kind, 'questions': int(questions)}
                    | dict(zip(names, map(float, values))))
    return rows


def revision():
    if shutil.which('git') is None:
        return 'unknown'
    done = subprocess.run(['git', 'describe', '--always', '--dirty'], text=True, check=False,
                          capture_output=True)
    return done.stdout.strip() or 'unknown'


def main():
    folder = pathlib.Path(option('DATASETS', '../shared/datasets'))
    if not folder.is_dir():
        print(f'skipped: no folder {folder} with judged questions; DATASETS=DIR names it '
              '(tests/relevance/README.md says what is in it)')
        return
    work = pathlib.Path(option('RELEVANCE_DIR', 'build/relevance'))
    work.mkdir(parents=True, exist_ok=True)
    chosen, noises = choose_sets(folder), choose_noise()
    peers, missing = choose_peers()
    askfirst = Askfirst(pathlib.Path(option('ASKFIRST', './askfirst')).resolve(), work)
    result = {'began': f'{datetime.datetime.now():%Y-%m-%d %H:%M}', 'seed': noise.SEED,
              'revision': revision(), 'stages': [],
              'peers': {name: peer.what for name, peer in peers.items()}}
    rows = []
    for dataset in chosen:
        say(dataset.name)
        kinds = kinds_of(dataset, noises, missing)
        rows += measure(dataset, kinds, [askfirst, *peers.values()], work)
        result['stages'] += measure_stages(dataset, askfirst, option('KINDS').split())
        if dataset.name == CASES:
            result['others'] = measure_others(dataset, askfirst)
            result['ceilings'] = codes.ceilings(codes.Codes(dataset.cases))
        dataset.forget()
    result['missing'] = missing
    (work / 'results.json').write_text(json.dumps(
        result | {'rows': [dataclasses.asdict(row) for row in rows]}, indent=1))
    (work / 'results.tsv').write_text(kept.to_text(rows, result), encoding='utf-8')
    text = report.write(rows, result)
    (work / 'results.md').write_text(text)
    print(text)


if __name__ == '__main__':
    try:
        main()
    except EngineError as error:
        sys.exit(f'relevance: {error}')
