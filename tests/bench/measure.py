"""Measures all engines on one corpus, in turn, so that what else the machine does hits all alike.

The result is one dict, kept as JSON; report.py makes tables of it. Times are milliseconds.
"""

import contextlib
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import time

from engines import COMMIT, ENGINES, Server, run_driver

SLICE = 50          # questions an engine is asked before the next has its turn
SLICE_S = 1.0       # a slow engine gets fewer
SAVES = 30
OPENS = 5
CROWD = 200          # threads that ask while one saves
FIRST_QUESTION = '数据'


def say(text):
    print(f'{time.strftime("%H:%M:%S")} {text}', flush=True, file=os.sys.stderr)


def files_of(folder):
    return [path for path in pathlib.Path(folder).rglob('*') if path.is_file()]


def bytes_on_disk(paths):
    return sum(path.stat().st_blocks * 512 for path in paths)


def drop_from_cache(folder):
    """No root needed; pages that are mapped by a running process stay."""
    for path in files_of(folder):
        descriptor = os.open(path, os.O_RDONLY)
        os.fdatasync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))] if values else None


class Corpus:
    """The files of one size."""

    def __init__(self, folder, size):
        self.folder, self.size = pathlib.Path(folder), size
        self.jsonl = self.folder / f'corpus-{size}.jsonl'
        self.tsv = self.folder / f'corpus-{size}.tsv'
        self.questions = self.folder / f'queries-{size}.tsv'

    def index(self, engine):
        return self.folder / f'idx-{engine.name}-{self.size}'

    def input_bytes(self):
        """Title and body: what there is to find."""
        total = 0
        with open(self.tsv, 'rb') as file:
            for line in file:
                total += sum(map(len, line.rstrip(b'\n').split(b'\t', 3)[2:]))
        return total

    def articles(self, count):
        """Some (line of the jsonl, line of the tsv) pairs of the first ten thousand."""
        with open(self.jsonl, encoding='utf-8') as lines, open(self.tsv, encoding='utf-8') as rows:
            pairs = [(line.rstrip('\n'), row.rstrip('\n'))
                     for _, line, row in zip(range(10000), lines, rows)]
        return random.Random(1).choices(pairs, k=count)


# --- building ---------------------------------------------------------------------------------

def build(engine, corpus, folder, prefix=()):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    source = corpus.jsonl if engine.corpus == 'jsonl' else corpus.tsv
    fields = run_driver(engine, 'build', folder, source, prefix=prefix)
    docs, cpu, wall, peak_kb, in_memory = map(int, fields[1:])
    reserve = [path for path in files_of(folder) if path.name == 'reserve']
    on_disk = [path for path in files_of(folder) if path not in reserve]
    return {'docs': docs, 'cpu_s': cpu / 1e9, 'wall_s': wall / 1e9, 'peak_mb': peak_kb / 1024,
            'bytes': in_memory or bytes_on_disk(on_disk), 'reserve_bytes': bytes_on_disk(reserve),
            'at': time.strftime('%Y-%m-%d %H:%M')}


def build_on_one_core(engine, corpus):
    folder = corpus.folder / f'one-{engine.name}-{corpus.size}'
    core = str(min(os.sched_getaffinity(0)))
    figures = build(engine, corpus, folder, ('taskset', '-c', core))
    shutil.rmtree(folder)
    return figures['wall_s']


def build_all(engines, corpus, rebuild):
    """An index is kept with its figures until `rebuild` names it."""
    built = {}
    for engine in engines:
        folder = corpus.index(engine)
        kept = pathlib.Path(f'{folder}.json')
        if engine.name in rebuild or 'all' in rebuild or not kept.exists():
            say(f'{corpus.size}: building {engine.name}')
            figures = build(engine, corpus, folder)
            if engine.name == 'askfirst' and corpus.size != '1M':
                figures['one_core_wall_s'] = build_on_one_core(engine, corpus)
            kept.write_text(json.dumps(figures))
        built[engine.name] = json.loads(kept.read_text())
    return built


# --- opening ----------------------------------------------------------------------------------

def open_all(engines, corpus):
    """Opening and the first question, by new processes, before any holds the files mapped."""
    times = {engine.name: {'warm': [], 'cold': []} for engine in engines}
    for state in ('warm', 'cold'):
        for _ in range(OPENS):
            for engine in engines:
                if state == 'cold':
                    drop_from_cache(corpus.index(engine))
                fields = run_driver(engine, 'open', corpus.index(engine), FIRST_QUESTION)
                times[engine.name][state].append((int(fields[1]) / 1e6, int(fields[2]) / 1e6))
    return {name: {f'{state}_{clock}': statistics.median(pair[i] for pair in pairs)
                   for state, pairs in states.items() for i, clock in enumerate(('cpu', 'wall'))}
            for name, states in times.items()}


# --- asking -----------------------------------------------------------------------------------

class Asker:
    """One engine going through the questions of one class, `reps` times."""

    def __init__(self, server, name, questions, reps, cap_s):
        self.server, self.name, self.questions = server, name, questions
        self.left = [i for _ in range(reps) for i in range(len(questions))]
        self.cap_s, self.spent_s = cap_s, 0.0  # of CPU: the same share on a busy machine
        self.cpu, self.wall = [], []
        self.each_s = SLICE_S  # what a question takes, nearly
        self.ranks = {}  # question → place of its case, 0 when it is not among the hits
        self.empty = 0

    def warm(self):
        until = time.monotonic() + self.server.engine.warm_s
        at, count = 0, 1
        while at < len(self.questions) and time.monotonic() < until:
            some = [text for _, text in self.questions[at:at + count]]
            answers = self.server.search(self.name, some)
            self.each_s = sum(cpu for cpu, _, _ in answers) / 1e9 / len(some)
            at, count = at + count, min(2 * count, SLICE)

    @property
    def is_done(self):
        return not self.left or self.spent_s > self.cap_s

    def turn(self):
        count = max(1, min(SLICE, int(SLICE_S / self.each_s)))
        now, self.left = self.left[:count], self.left[count:]
        answers = self.server.search(self.name, [self.questions[i][1] for i in now])
        for i, (cpu, wall, ids) in zip(now, answers):
            self.cpu.append(cpu / 1e6)
            self.wall.append(wall / 1e6)
            self.spent_s += cpu / 1e9
            if i not in self.ranks:
                source = self.questions[i][0]
                self.ranks[i] = ids.index(source) + 1 if source in ids else 0
                self.empty += not ids
        self.each_s = self.spent_s / len(self.cpu)

    def result(self):
        asked = len(self.ranks)
        places = [place for place in self.ranks.values() if place > 0]
        figures = {'asked': asked, 'samples': len(self.cpu),
                   'hit1': places.count(1) / asked, 'hit10': len(places) / asked,
                   'mrr': sum(1 / place for place in places) / asked,
                   'unanswered': self.empty / asked,
                   'ranks': [self.ranks[i] for i in range(asked)]}
        for clock, values in (('cpu', self.cpu), ('wall', self.wall)):
            figures |= {f'{clock}_p50': percentile(values, .5),
                        f'{clock}_p95': percentile(values, .95),
                        f'{clock}_p99': percentile(values, .99),
                        f'{clock}_mean': statistics.fmean(values)}
        return figures


def ask_all(servers, questions, reps, cap_s):
    classes = {}
    for name, some in questions.items():
        say(f'asking {name}')
        askers = [Asker(server, name, some, reps, cap_s) for server in servers]
        for asker in askers:
            asker.warm()
        while waiting := [asker for asker in askers if not asker.is_done]:
            for asker in waiting:
                asker.turn()
            askers = askers[1:] + askers[:1]  # nobody is always the one after the slowest
        classes[name] = {asker.server.engine.name: asker.result() for asker in askers}
    return classes


def load_all(servers, corpus, seconds):
    """Questions per second of one thread and of two, taken in turn."""
    sums = {server.engine.name: {1: [0, 0, 0], 2: [0, 0, 0]} for server in servers}
    for _ in range(3):
        for server in servers:
            for threads in (1, 2):
                answer = server.ask('load', 'loaded',
                                    (threads, seconds / 3, corpus.questions, ''))[0]
                sums[server.engine.name][threads] = [
                    a + int(b) for a, b in zip(sums[server.engine.name][threads], answer)]
    return {name: {str(threads): {'per_s': asked * 1e9 / wall, 'per_cpu_s': asked * 1e9 / cpu}
                   for threads, (asked, cpu, wall) in both.items()}
            for name, both in sums.items()}


def crowd(engine, corpus, seconds):
    """Two hundred threads ask a copy of the index while one saves case after case. What must not
    happen: an error (the driver ends), files that grow by more than what was saved."""
    copy = corpus.folder / f'crowd-{engine.name}-{corpus.size}'
    shutil.rmtree(copy, ignore_errors=True)
    subprocess.run(['cp', '-a', '--sparse=always', corpus.index(engine), copy], check=True)
    changed = copy / 'changed'
    articles = corpus.articles(5000)
    with open(changed, 'w', encoding='utf-8') as file:
        for number, article in enumerate(articles):
            line, row = with_token(article, f'updtok{number:06d}y')
            file.write((line if engine.corpus == 'jsonl' else row) + '\n')
    before = bytes_on_disk(files_of(copy))
    try:
        with Server(engine, copy, 'write') as server:
            asked, cpu, wall, saved, slowest = map(int, server.ask(
                'load', 'loaded', (CROWD, seconds, corpus.questions, changed))[0])
        return {'threads': CROWD, 'asked_per_s': asked * 1e9 / wall,
                'asked_per_cpu_s': asked * 1e9 / cpu, 'saved': saved,
                'slowest_ms': slowest / 1e6, 'grown_bytes': bytes_on_disk(files_of(copy)) - before}
    finally:
        shutil.rmtree(copy)


# --- saving -----------------------------------------------------------------------------------

def with_token(article, token):
    """The article's two forms with one more word at their end."""
    line, row = article
    case = json.loads(line)
    case['resolution'] += ' ' + token
    return (json.dumps(case, ensure_ascii=False, separators=(',', ':')), f'{row} {token}')


def save_all(engines, corpus):
    """Each engine in turn saves the same articles into a copy of its index."""
    times = {}
    with contextlib.ExitStack() as stack:
        servers = []
        for engine in [*engines, COMMIT]:
            copy = corpus.folder / f'save-{engine.name}-{corpus.size}'
            shutil.rmtree(copy, ignore_errors=True)
            stack.callback(shutil.rmtree, copy, ignore_errors=True)
            if engine is not COMMIT:
                subprocess.run(['cp', '-a', '--sparse=always', corpus.index(engine), copy],
                               check=True)
            servers.append(stack.enter_context(Server(engine, copy, 'write')))
        os.sync()
        for number, article in enumerate(corpus.articles(SAVES)):
            token = f'updtok{number:06d}z'
            line, row = with_token(article, token)
            for server in servers:
                text = line if server.engine.corpus == 'jsonl' else row
                cpu, wall = server.ask('save', 'saved', (token, text))[0]
                times.setdefault(server.engine.name, []).append((int(cpu) / 1e6, int(wall) / 1e6))
    return {name: {'cpu': statistics.median(cpu for cpu, _ in pairs),
                   'wall': statistics.median(wall for _, wall in pairs),
                   'wall_max': max(wall for _, wall in pairs)}
            for name, pairs in times.items()}


# --- all of it --------------------------------------------------------------------------------

def measure(names, corpus, questions, reps, cap_s, load_s, rebuild):
    engines = [ENGINES[name] for name in names]
    on_disk = [engine for engine in engines if not engine.in_memory]
    result = {'size': corpus.size, 'began': time.strftime('%Y-%m-%d %H:%M'),
              'engines': list(names), 'input_bytes': corpus.input_bytes(),
              'build': build_all(engines, corpus, rebuild)}
    say(f'{corpus.size}: opening')
    result['open'] = open_all(on_disk, corpus)
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(Server(engine, corpus.index(engine)))
                   for engine in engines]
        result['classes'] = ask_all(servers, questions, reps, cap_s)
        say(f'{corpus.size}: one thread and two')
        result['load'] = load_all(servers, corpus, load_s)
        result['memory_mb'] = {server.engine.name:
                               int(server.ask('memory', 'memory', ())[0][0]) / 1024
                               for server in servers}
    say(f'{corpus.size}: saving')
    result['save'] = save_all(on_disk, corpus)
    if 'askfirst' in names:
        say(f'{corpus.size}: {CROWD} threads')
        result['crowd'] = crowd(ENGINES['askfirst'], corpus, 2.5 * load_s)
    return result
