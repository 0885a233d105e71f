#!/usr/bin/env python3
"""make bench-counts: what a question costs, in figures that no busy machine can change.

Instructions are callgrind's, of the search and all it calls. For askfirst also what is read of the
index (work.c): postings decoded and their bytes, values looked up, and 4 KB pages touched, warm or
not. Means over the first N questions of a class, of which the first is asked once before. The last
counts are kept and printed beside.

Options: SIZES="10k", CLASSES, ENGINES="askfirst" (any but lucene), N=40 questions a class,
REBUILD="askfirst" (engines whose kept index is built again; "none").
"""

import json
import os
import pathlib
import re
import subprocess
import sys

import growth
import questions
from bench import DOCS, option, prepare
from engines import BUILT, ENGINES, DriverError
from markdown import number, table
from measure import build_all, say

COLLECTED = re.compile(r'Collected : (\d+)')


def instructions(engine, folder, file, name, count):
    done = subprocess.run(
        ['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null',
         '--toggle-collect=count_calls', *engine.command, 'count', str(folder), str(file), name,
         str(count)], text=True, capture_output=True, env={**os.environ, **engine.env},
        check=False)
    collected = COLLECTED.search(done.stderr)
    asked = done.stdout.split('\t')
    if done.returncode != 0 or not collected or asked[0] != 'counted':
        raise DriverError(f'{engine.name}: cannot be counted: {done.stderr[-400:]}')
    return int(collected[1]) / max(1, int(asked[1]))


def work(engine, folder, file, name, count):
    """What was read, by the names that work.c gives."""
    program = str(BUILT / 'askfirst_work')
    done = subprocess.run([program, str(folder), str(file), name, str(count)], text=True,
                          capture_output=True, check=False)
    verb, *fields = done.stdout.rstrip('\n').split('\t')
    if done.returncode != 0 or verb != 'worked':
        raise DriverError(f'{engine.name}: what it reads cannot be counted: {done.stderr[-400:]}')
    sums = {key: int(value) for key, value in (pair.split('=') for pair in fields[1:])}
    return {key: value / max(1, int(fields[0])) for key, value in sums.items()}


def count_all(engines, files, names, count):
    counts = {}
    for engine in engines:
        folder = files.index(engine)
        for name in names:
            say(f'{files.size}: counting {engine.name}, {name}')
            counts[f'{engine.name} {name}'] = {
                'instructions': instructions(engine, folder, files.questions, name, count),
                'work': work(engine, folder, files.questions, name, count)
                        if engine.name == 'askfirst' else {}}
    return counts


def instructions_table(counts, before):
    rows = []
    for what, now in counts.items():
        then = before.get(what, {}).get('instructions')
        change = f'{now["instructions"] / then - 1:+.1%}' if then else '–'
        rows.append([*what.split(), number(now['instructions']), number(then), change])
    return table(['engine', 'class', 'instructions a question', 'before', 'change'], rows)


READ = {'lists': ('lists',), 'blocks': ('blocks',), 'postings': ('postings',),
        'bytes': ('docs_bytes', 'codes_bytes'), 'looked into': ('probes',), 'passed': ('passed',),
        'values': ('values',), 'pages': ('pages',), 'of postings': ('postings_pages', 'skips_pages'),
        'lengths': ('lengths_pages',), 'documents': ('documents_pages',),
        'dictionary': ('terms_pages', 'stems_pages', 'filter_pages'),
        'the tree': ('tree_pages', 'header_pages', 'numbers_pages', 'columns_pages')}


def read_of(counted):
    """The columns of READ."""
    return {key: sum(counted['work'][part] for part in parts) for key, parts in READ.items()}


def read_table(counts):
    rows = [[what.split()[1], *map(number, read_of(now).values())]
            for what, now in counts.items() if now['work']]
    return table(['class', *READ], rows) if rows else ''


def growth_of(by_size):
    """{engine and class: {figure: [of each size]}}, as growth.py takes it."""
    figures = {}
    for what in next(iter(by_size.values())):
        of = [counts[what] for counts in by_size.values()]
        figures[what] = {'instructions': [did['instructions'] for did in of]}
        if of[0]['work']:
            read = [read_of(did) for did in of]
            figures[what] |= {key: [did[key] for did in read]
                              for key in ('postings', 'bytes', 'pages')}
    return figures


def units_of(by_size):
    return {size: {what.split()[1]: {'instructions': did['instructions'], 'read': read_of(did)}
                   for what, did in counts.items() if did['work']}
            for size, counts in by_size.items()}


def main():
    folder = pathlib.Path(os.environ.get('BENCH_DIR') or 'build/bench')
    engines = [ENGINES[name] for name in option('ENGINES', 'askfirst')]
    names = option('CLASSES', ' '.join(questions.CLASSES))
    by_size = {}
    for size in option('SIZES', '10k'):
        files = prepare(size, folder)
        build_all(engines, files, option('REBUILD', 'askfirst'))
        kept = folder / f'counts-{size}.json'
        before = json.loads(kept.read_text()) if kept.exists() else {}
        counts = count_all(engines, files, names, int(os.environ.get('N') or 40))
        print(f'## {size} cases\n\n{instructions_table(counts, before)}\n{read_table(counts)}')
        kept.write_text(json.dumps(before | counts))
        by_size[size] = counts
    if len(by_size) > 1:
        docs = [DOCS[size] for size in by_size]
        print(f'## Growth\n\n{growth.growth_table(growth_of(by_size), docs)}')
        if [engine.name for engine in engines] == ['askfirst']:
            print(f'## What a unit costs\n\n{growth.unit_table(units_of(by_size))}')


if __name__ == '__main__':
    try:
        main()
    except DriverError as error:
        sys.exit(f'bench: {error}')
