"""The engines that are compared, and their processes (driver.h has the protocol)."""

import dataclasses
import os
import pathlib
import subprocess

BUILT = pathlib.Path(os.environ.get('BENCH_DRIVERS', 'build/release/tests/bench'))
JARS = pathlib.Path('/usr/share/java')
LUCENE = ':'.join(str(path) for path in (BUILT / 'lucene', JARS / 'lucene-core-4.10.4.jar',
                                         JARS / 'lucene-analyzers-common-4.10.4.jar'))


@dataclasses.dataclass(frozen=True)
class Engine:
    name: str
    what: str               # a line for the report
    needs: str              # a file that is there when the driver is built
    command: tuple
    env: dict = dataclasses.field(default_factory=dict)
    corpus: str = 'tsv'     # what build reads, and what save is given
    warm_s: float = 0.3     # a class is asked this long before it is measured
    in_memory: bool = False  # no index on disk: nothing to open, nothing to save into
    is_peer: bool = True    # bars may name it as "a peer"

    @property
    def is_built(self):
        return os.path.exists(self.needs)


def _native(name, what, driver=None, **more):
    path = str(BUILT / f'{driver or name}_driver')
    return Engine(name, what, path, (path,), **more)


ENGINES = {engine.name: engine for engine in (
    _native('askfirst', 'this project: import, then search_run() without snippets',
            corpus='jsonl', env={'ASKFIRST': os.environ.get('ASKFIRST', './askfirst')},
            is_peer=False),
    _native('floor', 'a yardstick of 200 lines: in memory, every posting scored, nothing stored',
            in_memory=True, is_peer=False),
    _native('groonga', 'bigrams with positions, NFKC, tf-idf, fuzzy_search when nothing is found'),
    Engine('lucene', 'Lucene 4.10.4: CJK bigrams and characters, Porter stems, BM25, FuzzyQuery',
           str(BUILT / 'lucene' / 'LuceneDriver.class'),
           ('java', '-Xmx4g', '-cp', LUCENE, 'LuceneDriver'), warm_s=1.5),
    _native('sqlite-seg', 'FTS5, blanks put between CJK characters, prefix index, no fuzzy',
            'sqlite', env={'CONFIG': 'seg'}),
    _native('sqlite-trigram', "FTS5 tokenize='trigram': nothing below three characters", 'sqlite',
            env={'CONFIG': 'trigram'}),
    _native('xapian', 'n-grams, English stems, BM25, spelling dictionary; minutes to build'),
)}
# Not asked unless ENGINES names them: too slow to build, or beaten by a relative in every class.
EXTRA = ('sqlite-trigram', 'xapian')
COMMIT = _native('lmdb', 'a bare durable LMDB commit: what a save cannot be cheaper than',
                 is_peer=False)


class DriverError(Exception):
    """A driver ended, or said what it should not."""


def run_driver(engine, *arguments, prefix=()):
    """Runs a driver that prints one line; the fields of that line."""
    done = subprocess.run([*prefix, *engine.command, *map(str, arguments)], text=True,
                          stdout=subprocess.PIPE, env={**os.environ, **engine.env}, check=False)
    lines = done.stdout.splitlines()
    if done.returncode != 0 or not lines:
        raise DriverError(f'{engine.name}: {arguments[0]} failed ({done.returncode})')
    return lines[-1].split('\t')


class Server:
    """A driver that answers until it is closed."""

    def __init__(self, engine, folder, mode='read'):
        self.engine = engine
        self.process = subprocess.Popen(
            [*engine.command, 'serve', str(folder), mode], text=True, encoding='utf-8',
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **engine.env})
        self._line('ready')

    def _line(self, verb):
        fields = self.process.stdout.readline().rstrip('\n').split('\t')
        if fields[0] != verb:
            raise DriverError(f'{self.engine.name}: ended, or answered {fields} for "{verb}"')
        return fields[1:]

    def ask(self, verb, answer, *requests):
        """Sends the requests in one go and reads as many answers."""
        lines = ['\t'.join((verb, *map(str, request))) for request in requests]
        self.process.stdin.write('\n'.join((*lines, 'flush', '')))
        self.process.stdin.flush()
        return [self._line(answer) for _ in requests]

    def search(self, name, questions):
        """[(CPU ns, wall ns, ids)] for the questions of a class."""
        answers = self.ask('search', 'hits', *((name, question) for question in questions))
        return [(int(cpu), int(wall), ids.split()) for cpu, wall, ids in answers]

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
