"""askfirst and its peers: who is here, and what each answers.

A peer is a driver that reads cases and questions and prints a run (peer.py has its form). Its
answers are kept in WORK/answers by set, driver and configuration, so that only new questions are
asked; a change of the cases, the driver or its package throws them away. askfirst is always asked
anew."""

import dataclasses
import hashlib
import json
import os
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
LUCENE = ('core', 'analyzers-common', 'analyzers-kuromoji', 'analyzers-smartcn', 'analyzers-icu',
          'suggest')
JARS = [pathlib.Path('/usr/share/java') / f'{name}.jar'
        for name in (*(f'lucene-{part}-4.10.4' for part in LUCENE), 'icu4j')]
PYTHON = '/usr/bin/python3'     # Debian's own: the bindings of its packages are there
DEPTH = 10


class EngineError(Exception):
    """An engine ended badly."""


def ask_process(command, may_refuse=False):
    """What it prints. Lines that were refused (exit code 1) are no failure when they may be."""
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError as error:
        raise EngineError(f'{command[0]}: {error.strerror}') from error
    if done.returncode != 0 and not (may_refuse and done.returncode == 1):
        raise EngineError(f'{command[0]}: {done.stderr.decode(errors="replace").strip()[-2000:]}')
    return done.stdout.decode()


def read_run(text):
    """{question: [case]} of a run in TREC's form, whose lines stand in order."""
    answers = {}
    for line in text.split('\n'):
        fields = line.split(' ')
        if len(fields) >= 4:
            answers.setdefault(fields[0], []).append(fields[2])
    return answers


def digest_of(*parts):
    sums = hashlib.sha256()
    for part in parts:
        sums.update(part if isinstance(part, bytes) else str(part).encode())
        sums.update(b'\0')
    return sums.hexdigest()


# --- peers ----------------------------------------------------------------------------------------

@dataclasses.dataclass(frozen=True)
class Peer:
    name: str
    what: str           # a line for the report
    driver: str         # a file of this folder
    command: tuple      # what runs it
    packages: tuple     # Debian's: their versions are part of the key of kept answers
    configs: tuple      # families of languages with one of their own; the others: 'mixed'

    def missing(self):
        """None, or what is not installed."""
        if self.name == 'lucene':
            lacks = [jar.name for jar in JARS if not jar.exists()]
            return lacks[0] if lacks else None if shutil.which('java') else 'java'
        if self.name == 'groonga':
            return next((package for package in self.packages if not version_of(package)), None)
        module = {'sqlite': 'sqlite3'}.get(self.name, self.name)
        found = os.path.exists(PYTHON) and subprocess.run(
            [PYTHON, '-c', f'import {module}'], capture_output=True, check=False).returncode == 0
        return None if found else f"Python's module {module}"

    def config(self, dataset):
        return dataset.family if dataset.family in self.configs else 'mixed'

    def key(self, dataset, corpus):
        sources = [path.read_bytes() for path in (HERE / self.driver, HERE / 'peer.py')]
        return digest_of(*sources, self.config(dataset), corpus.read_bytes(),
                         *map(version_of, self.packages))

    def ask(self, dataset, texts, work):
        """{text: [case]}; asks only what was not asked before."""
        corpus = write_corpus(dataset, work)
        kept = work / 'answers' / f'{dataset.name}.{self.name}.jsonl'
        answers = read_kept(kept, self.key(dataset, corpus))
        if wanted := [text for text in dict.fromkeys(texts) if text not in answers]:
            questions = work / f'{dataset.name}.{self.name}.questions'
            questions.write_text(''.join(f'{" ".join(text.split(chr(10)))}\n' for text in wanted),
                                 encoding='utf-8')
            run = read_run(ask_process([*self.command, str(HERE / self.driver),
                                        self.config(dataset), str(corpus), str(questions)]))
            questions.unlink()
            answers |= {text: run.get(str(number), []) for number, text in enumerate(wanted)}
            write_kept(kept, self.key(dataset, corpus), answers)
        return {text: answers[text] for text in texts}


def version_of(package):
    done = subprocess.run(['dpkg-query', '-W', '-f', '${db:Status-Status} ${Version}', package],
                          capture_output=True, text=True, check=False)
    return done.stdout.split()[1] if done.stdout.startswith('installed ') else ''


def write_corpus(dataset, work):
    path = work / f'{dataset.name}.tsv'
    rows = ''.join(f'{case}\t{title}\t{text}\n' for case, title, text in dataset.cases)
    if not path.exists() or path.read_text(encoding='utf-8') != rows:
        path.write_text(rows, encoding='utf-8')
    return path


def read_kept(path, key):
    if not path.exists():
        return {}
    with open(path, encoding='utf-8') as lines:
        if json.loads(next(lines))['key'] != key:
            return {}
        return dict(json.loads(line) for line in lines)


def write_kept(path, key, answers):
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix('.new')
    with open(new, 'w', encoding='utf-8') as out:
        out.write(json.dumps({'key': key}) + '\n')
        for item in answers.items():
            out.write(json.dumps(item, ensure_ascii=False) + '\n')
    new.replace(path)


PEERS = {peer.name: peer for peer in (
    Peer('lucene', 'Lucene 4.10.4: Kuromoji, SmartChinese, bigrams, Porter, BM25, fuzzy',
         'LucenePeer.java', ('java', '-Xmx4g', '-cp', ':'.join(map(str, JARS))),
         ('liblucene4.10-java', 'libicu4j-java'), ('zh', 'ja', 'ko', 'en')),
    Peer('groonga', 'Groonga 13: bigrams or MeCab, tf capped at 2, fuzzy_search for unknown words',
         'groonga_peer.py', (PYTHON, '-B'),
         ('groonga-bin', 'groonga-tokenizer-mecab', 'groonga-token-filter-stem'), ('ja',)),
    Peer('xapian', 'Xapian 1.4: n-grams, English stems, BM25, spelling corrections',
         'xapian_peer.py', (PYTHON, '-B'), ('python3-xapian', 'libxapian30'), ('ko',)),
    Peer('sqlite', 'SQLite FTS5: bigrams and characters by the application, porter, bm25(4, 1)',
         'sqlite_peer.py', (PYTHON, '-B'), ('libsqlite3-0',), ()),
)}


# --- askfirst -------------------------------------------------------------------------------------

class Askfirst:
    """The program itself, on a library of its own for each set."""
    name = 'askfirst'

    def __init__(self, program, work):
        self.program, self.work = program, work
        self.imported = set()

    def data(self, dataset):
        """The folder of the library; imported once a run."""
        folder = self.work / 'stores' / dataset.name
        if dataset.name not in self.imported:
            shutil.rmtree(folder, ignore_errors=True)
            folder.parent.mkdir(parents=True, exist_ok=True)
            ask_process([str(self.program), '--data', str(folder), 'import', str(dataset.path)],
                        may_refuse=True)    # a case without a title; the others are there
            self.imported.add(dataset.name)
        return folder

    def ask(self, dataset, texts, _work):
        questions = self.work / f'{dataset.name}.questions.jsonl'
        numbers = {text: str(number) for number, text in enumerate(dict.fromkeys(texts))}
        questions.write_text(''.join(
            json.dumps({'id': number, 'text': text}, ensure_ascii=False) + '\n'
            for text, number in numbers.items()), encoding='utf-8')
        run = read_run(ask_process([str(self.program), '--data', str(self.data(dataset)), 'search',
                                    '--limit', str(DEPTH), '--batch', str(questions)]))
        questions.unlink()
        return {text: run.get(number, []) for text, number in numbers.items()}

    def hits(self, dataset, text):
        """The hits of one question as the API tells them, with reasons."""
        return json.loads(ask_process([str(self.program), '--data', str(self.data(dataset)),
                                       'search', '--json', text]))['hits']
