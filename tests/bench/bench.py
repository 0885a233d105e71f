#!/usr/bin/env python3
"""make bench: askfirst beside its peers, on the same cases and questions, in one run.

Options are variables of the environment (or of make):
  SIZES="10k 100k"   corpora: 10k 100k 1M (default: 10k 100k)
  ENGINES="…"        default: askfirst and every usual peer whose driver is built
  CLASSES="…"        default: all of questions.py
  REPS=3             times that each question is asked
  QUESTIONS=1000     at most so many of a class
  CAP=S              CPU seconds an engine may take for a class (default by size)
  LOAD=S             seconds that one thread, and two, are measured
  REBUILD="…"        engines (or "all", "none") whose index is built again although it was kept;
                     default: all up to 100k, so that the times are of the same minutes; at 1M
                     askfirst alone
  PEERS=DIR          the sentences; BENCH_DIR=DIR: corpora, indexes, results (build/bench)
Arguments: --build (corpora and indexes, asks nothing), --report (the tables of earlier runs)
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import corpus as corpora
import questions
import report
from engines import ENGINES, EXTRA, DriverError
from measure import Corpus, build_all, measure, say

DOCS = {'tiny': 300, '10k': 10_000, '100k': 100_000, '1M': 1_000_000}
CAP_S = {'tiny': 1, '10k': 2, '100k': 10, '1M': 30}
LOAD_S = {'tiny': .3, '10k': 2, '100k': 6, '1M': 9}


def option(name, default):
    """Words of a variable."""
    return (os.environ.get(name) or default).split()


def choose_engines():
    names = option('ENGINES', ' '.join(name for name in ENGINES if name not in EXTRA))
    if unknown := [name for name in names if name not in ENGINES]:
        sys.exit(f'bench: no engine is called {", ".join(unknown)}; there are {", ".join(ENGINES)}')
    missing = [name for name in names if not ENGINES[name].is_built]
    for name in missing:
        say(f'{name} is left out: it is not installed (make bench-deps)')
    return [name for name in names if name not in missing], missing


def prepare(size, folder):
    """Generates what is not there yet."""
    files = Corpus(folder, size)
    texts = pathlib.Path(os.environ.get('PEERS') or '../shared/peers/text')
    folder.mkdir(parents=True, exist_ok=True)
    if not files.jsonl.exists() or not files.tsv.exists():
        if not texts.is_dir():
            sys.exit(f'bench: no folder {texts} with the sentences; PEERS=DIR names it '
                     '(tests/bench/README.md says what is in it)')
        say(f'{size}: generating the corpus, seed {corpora.SEED}')
        corpora.write_corpus(texts, DOCS[size], files.jsonl, files.tsv)
    if not files.questions.exists():
        say(f'{size}: drawing the questions, seed {questions.SEED}')
        questions.write_questions(files.jsonl, files.questions)
    return files


def choose_questions(files):
    limit = int(os.environ.get('QUESTIONS') or questions.PER_CLASS)
    drawn = questions.read_questions(files.questions)
    names = option('CLASSES', ' '.join(questions.CLASSES))
    if unknown := [name for name in names if name not in questions.CLASSES]:
        sys.exit(f'bench: no class is called {", ".join(unknown)}')
    return {name: drawn[name][:limit] for name in names if name in drawn}


def revision():
    if shutil.which('git') is None:  # a copy of the sources, on a machine without it
        return 'unknown'
    done = subprocess.run(['git', 'describe', '--always', '--dirty'], text=True, check=False,
                          capture_output=True)
    return done.stdout.strip() or 'unknown'


def run(size, folder, names, build_only):
    """Builds one size; measures it too, and returns what was found."""
    files = prepare(size, folder)
    rebuild = option('REBUILD', 'askfirst' if size == '1M' else 'all')
    if build_only:
        build_all([ENGINES[name] for name in names], files, rebuild)
        return None
    result = measure(names, files, choose_questions(files), int(os.environ.get('REPS') or 3),
                     float(os.environ.get('CAP') or CAP_S[size]),
                     float(os.environ.get('LOAD') or LOAD_S[size]), rebuild)
    return result | {'corpus_seed': corpora.SEED, 'question_seed': questions.SEED,
                     'revision': revision()}


def main():
    if not set(sys.argv[1:]) <= {'--build', '--report'}:
        print(__doc__.strip())
        return
    folder = pathlib.Path(os.environ.get('BENCH_DIR') or 'build/bench')
    results = folder / 'results'
    results.mkdir(parents=True, exist_ok=True)
    sizes = option('SIZES', '10k 100k')
    if unknown := [size for size in sizes if size not in DOCS]:
        sys.exit(f'bench: no size is called {", ".join(unknown)}; there are {", ".join(DOCS)}')
    names, missing = choose_engines()
    for size in sizes if '--report' not in sys.argv else ():
        if result := run(size, folder, names, '--build' in sys.argv):
            (results / f'{size}.json').write_text(json.dumps(result | {'missing': missing}))
    if '--build' in sys.argv:
        return
    measured = {size: json.loads((results / f'{size}.json').read_text())
                for size in DOCS if (results / f'{size}.json').exists()}
    text = report.write(measured, sizes)
    (folder / 'results.md').write_text(text)
    print(text)


if __name__ == '__main__':
    try:
        main()
    except DriverError as error:
        sys.exit(f'bench: {error}')
