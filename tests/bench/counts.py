#!/usr/bin/env python3
"""make bench-counts: instructions and pages a question costs, which no busy machine can change.

Instructions are callgrind's, of search_run() and all it calls; pages are the 4 KB pieces of the
index that questions brought into an empty page cache. Each class has a process of its own; its
first question is asked once before counting. The last counts are kept and printed beside.

Options: SIZES="10k", CLASSES, ENGINES="askfirst" (any but lucene), N=40 questions a class.
"""

import json
import os
import pathlib
import re
import subprocess
import sys

import questions
from bench import option, prepare
from engines import ENGINES, DriverError, run_driver
from markdown import number, table
from measure import FIRST_QUESTION, build_all, drop_from_cache, files_of, say

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


def cached_pages(folder):
    done = subprocess.run(['fincore', '--raw', '--noheadings', '--output', 'PAGES',
                           *map(str, files_of(folder))], text=True, capture_output=True,
                          check=True)
    return sum(map(int, done.stdout.split()))


def pages(engine, folder, file, name, count):
    """Beyond what opening and a first question need."""
    drop_from_cache(folder)
    run_driver(engine, 'open', folder, FIRST_QUESTION)
    opened = cached_pages(folder)
    drop_from_cache(folder)
    asked = int(run_driver(engine, 'count', folder, file, name, count)[1])
    return (cached_pages(folder) - opened) / max(1, asked)


def count_all(engines, files, names, count):
    counts = {}
    for engine in engines:
        folder = files.index(engine)
        for name in names:
            say(f'{files.size}: counting {engine.name}, {name}')
            counts[f'{engine.name} {name}'] = {
                'instructions': instructions(engine, folder, files.questions, name, count),
                'pages': None if engine.in_memory else
                         pages(engine, folder, files.questions, name, count)}
    return counts


def table_of(counts, before):
    rows = []
    for what, now in counts.items():
        then = before.get(what, {})
        change = '–'
        if then.get('instructions'):
            change = f'{now["instructions"] / then["instructions"] - 1:+.1%}'
        rows.append([*what.split(), number(now['instructions']),
                     number(then.get('instructions')), change, number(now['pages']),
                     number(then.get('pages'))])
    return table(['engine', 'class', 'instructions a question', 'before', 'change',
                         'pages a question', 'before'], rows)


def growth_of(first, last, by_size):
    """How much more a question costs with more cases."""
    small, large = by_size[first], by_size[last]
    rows = [[*what.split(), *(number(large[what][key] / small[what][key]) if small[what][key]
                              else number(None) for key in ('instructions', 'pages'))]
            for what in large]
    return table(['engine', 'class', 'instructions ×', 'pages ×'], rows)


def main():
    folder = pathlib.Path(os.environ.get('BENCH_DIR') or 'build/bench')
    engines = [ENGINES[name] for name in option('ENGINES', 'askfirst')]
    names = option('CLASSES', ' '.join(questions.CLASSES))
    by_size = {}
    for size in option('SIZES', '10k'):
        files = prepare(size, folder)
        build_all(engines, files, ['askfirst'])
        kept = folder / f'counts-{size}.json'
        before = json.loads(kept.read_text()) if kept.exists() else {}
        counts = count_all(engines, files, names, int(os.environ.get('N') or 40))
        print(f'## {size} cases\n\n{table_of(counts, before)}')
        kept.write_text(json.dumps(before | counts))
        by_size[size] = counts
    if len(by_size) > 1:
        first, *_, last = by_size
        print(f'## From {first} to {last}\n\n{growth_of(first, last, by_size)}')


if __name__ == '__main__':
    try:
        main()
    except DriverError as error:
        sys.exit(f'bench: {error}')
