#!/usr/bin/env python3
"""make tune: better constants for ranking, from judged questions.

Coordinate ascent (Metzler & Croft 2007) on the mean nDCG@10 of all sets and kinds, each counting
as much as any other. A step is taken only when no language falls by more than GUARD, nor any one
set and kind by more than three times that: constants are for people, not for a file. Steps are
chosen on one half of the questions and reported on the other, then on all of them.

  DATASETS=DIR  sets (../shared/datasets)   WORK=DIR  stores of the sets (build/relevance)
  BENCH_DIR=DIR a set more: cases and questions that `make bench SIZES=100k` made (build/bench)
  START="title=.2 …"  begin from other constants   ROUNDS=2  ONLY="span k1"  these constants
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

GUARD = .005
LEAST = .0001  # what is gained by a step must be more
FACTORS = (.5, .7, .85, 1.2, 1.4, 2)
ZERO_TRIES = (.05, .1, .2)  # of a constant that is 0
BENCH_QUESTIONS = 300  # of a class
ALL_KINDS = ('title', 'anchor', 'short')
FROZEN = {'text', 'cover_min', 'unquoted'}  # the scale itself; what is shown; what quotes mean


class Rater:
    """A program for each set, asked side by side."""

    def __init__(self, rate, work, sets):
        self.programs = []
        for folder in sets:
            kinds = [path.name.removeprefix('queries').removesuffix('.jsonl')
                     for path in sorted(folder.glob('queries*.jsonl'))]
            self.programs.append(subprocess.Popen(
                [rate, work / folder.name, folder.parent, folder.name, *kinds], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, text=True))
        lines = [self.read(program) for program in self.programs][0]
        self.constants = {name: float(value) for name, value in lines}

    @staticmethod
    def read(program):
        lines = []
        while line := program.stdout.readline().rstrip('\n'):
            lines.append(line.split('\t'))
        return lines

    def rate(self, constants):
        """name of a set and kind → (sum, count) of each half"""
        words = ' '.join(f'{name}={value:.6g}' for name, value in constants.items())
        for program in self.programs:
            program.stdin.write(words + '\n')
            program.stdin.flush()
        slices = {}
        for program in self.programs:
            for name, a, m, b, n in self.read(program):
                slices[name] = ((float(a), int(m)), (float(b), int(n)))
        return slices

    def close(self):
        for program in self.programs:
            program.stdin.close()
            if program.wait() != 0:
                sys.exit('tune: a rater failed')


def means(slices, halves):
    out = {}
    for name, parts in slices.items():
        count = sum(parts[h][1] for h in halves)
        if count:
            out[name] = sum(parts[h][0] for h in halves) / count
    return out


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def language(name):
    """kb-ko.title → ko, zhtw-drcd.dev → zh"""
    parts = name.split('.')[0].split('-')
    if parts[0] == 'all':
        return 'all'
    return parts[1] if parts[0] == 'kb' else parts[0][:2]


def by_language(scores):
    groups = {}
    for name, score in scores.items():
        groups.setdefault(language(name), []).append(score)
    return {key: mean(values) for key, values in groups.items()}


def is_fair(scores, base):
    languages, before = by_language(scores), by_language(base)
    return all(languages[key] >= before[key] - GUARD for key in before) and \
        all(scores[name] >= base[name] - 3 * GUARD for name in base)


def tries(value):
    return ZERO_TRIES if value == 0 else [value * factor for factor in FACTORS] + [0]


def ascend(rater, constants, base, halves, rounds, only):
    best = mean(means(rater.rate(constants), halves).values())
    for number in range(rounds):
        before = best
        for name in list(constants):
            if name in FROZEN or (only and name not in only):
                continue
            for value in tries(constants[name]):
                changed = constants | {name: value}
                scores = means(rater.rate(changed), halves)
                if mean(scores.values()) > best + LEAST and is_fair(scores, base):
                    best = mean(scores.values())
                    constants = changed
                    print(f'  round {number + 1}: {name} = {value:.3g}: {best:.5f}', flush=True)
        if best - before < LEAST:
            break
    return constants


def set_of_bench(folder, work):
    """Each class of the bench is a kind; the case that a question was drawn from answers it."""
    made, classes = work / 'sets' / 'be-bench', {}
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    (made / 'corpus.jsonl').symlink_to((folder / 'corpus-100k.jsonl').resolve())
    for line in (folder / 'queries-100k.tsv').read_text().splitlines():
        name, source, text = line.split('\t')
        classes.setdefault(name, []).append((source, text))
    for name, questions in classes.items():
        with open(made / f'queries.{name}.jsonl', 'w') as texts, \
                open(made / f'qrels.{name}.tsv', 'w') as qrels:
            for i, (source, text) in enumerate(questions[:BENCH_QUESTIONS]):
                texts.write(json.dumps({'id': f'{name}{i}', 'text': text}) + '\n')
                qrels.write(f'{name}{i}\t0\t{source}\t1\n')
    return made


def set_of_all(datasets, work):
    """The libraries of all languages in one, asked in each of them: the first kinds only."""
    made = work / 'sets' / 'all-kb'
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    with open(made / 'corpus.jsonl', 'w') as corpus:
        for folder in sorted(datasets.glob('kb-*')):
            corpus.write((folder / 'corpus.jsonl').read_text())
            for kind in ALL_KINDS:
                lines = (folder / f'queries.{kind}.jsonl').read_text().splitlines()
                name = f'{folder.name.removeprefix("kb-")}-{kind}'
                (made / f'queries.{name}.jsonl').write_text('\n'.join(lines[:BENCH_QUESTIONS]) + '\n')
                (made / f'qrels.{name}.tsv').symlink_to((folder / f'qrels.{kind}.tsv').resolve())
    return made


def sets_of(work):
    datasets = pathlib.Path(os.environ.get('DATASETS') or '../shared/datasets')
    bench = pathlib.Path(os.environ.get('BENCH_DIR') or 'build/bench')
    if not datasets.is_dir():
        sys.exit(f'tune: no folder {datasets}; DATASETS=DIR names it')
    sets = sorted(path.parent for path in datasets.glob('*/corpus.jsonl'))
    if list(datasets.glob('kb-*')):
        sets.append(set_of_all(datasets, work))
    if (bench / 'queries-100k.tsv').exists():
        sets.append(set_of_bench(bench, work))
    else:
        print(f'without the questions of the bench: no {bench}/queries-100k.tsv')
    return sets


def report(name, scores, base):
    print(f'{name}: {mean(base.values()):.5f} → {mean(scores.values()):.5f}')
    before, after = by_language(base), by_language(scores)
    print('  ' + ', '.join(f'{key} {before[key]:.4f} → {after[key]:.4f}' for key in sorted(before)))


def main():
    work = pathlib.Path(os.environ.get('WORK') or 'build/relevance')
    sets = sets_of(work)
    for folder in sets:
        shutil.rmtree(work / folder.name, ignore_errors=True)
        subprocess.run(['./askfirst', '--data', work / folder.name, 'import',
                        folder / 'corpus.jsonl'], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)  # a few cases have no title
    rater = Rater(sys.argv[1], work, sets)
    start = dict(rater.constants)
    for word in (os.environ.get('START') or '').split():
        name, value = word.split('=')
        start[name] = float(value)
    rounds, only = int(os.environ.get('ROUNDS') or 2), (os.environ.get('ONLY') or '').split()
    base = rater.rate(rater.constants)

    print('chosen on one half:')
    half = ascend(rater, start, means(base, [0]), [0], rounds, only)
    report('the other half', means(rater.rate(half), [1]), means(base, [1]))
    print('chosen on all:')
    all_of = ascend(rater, start, means(base, [0, 1]), [0, 1], rounds, only)
    scores = means(rater.rate(all_of), [0, 1])
    report('all', scores, means(base, [0, 1]))
    for name, score in sorted(scores.items()):
        was = means(base, [0, 1])[name]
        print(f'  {name:28} {was:.4f} → {score:.4f} {score - was:+.4f}')
    for name, value in all_of.items():
        if value != rater.constants[name]:
            print(f'{name} = {value:.4g}   (was {rater.constants[name]:.4g})')
    rater.close()


main()
