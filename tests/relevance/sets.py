"""Sets of cases with judged questions: a folder each, read from DATASETS.

    SET/corpus.jsonl          {"id", "title", "text"} a line
    SET/queries[.KIND].jsonl  {"id", "text"} a line; with "self": that case is not an answer
    SET/qrels[.KIND].tsv      question, 0, case, grade (TREC)
    SET/meta.json             {"lang": "zh-Hans"}

queries.KIND.typo.jsonl holds some questions of KIND with a slip; qrels.KIND.tsv judge them."""

import collections
import dataclasses
import json
import subprocess


@dataclasses.dataclass
class Kind:
    """Questions of one sort, and which cases answer them."""
    name: str
    questions: dict                 # id: text
    qrels: dict                     # id: {case: grade above 0}
    noise: str = ''                 # the generator that made it, if one did
    clean: 'Kind | None' = None     # what it was made of
    selves: dict = dataclasses.field(default_factory=dict)  # id: the case that is no answer


class Set:
    """The cases are read when they are first wanted."""

    def __init__(self, name, path, lang=None):
        self.name, self.path = name, path
        meta = path.parent / 'meta.json'
        told = json.loads(meta.read_text()).get('lang') if meta.exists() else None
        self.lang = lang or told or 'en'
        self._cases = None

    @property
    def family(self):
        """The language a user of an engine would set it up for: zh ja ko en mixed."""
        return self.lang.split('-')[0]

    @property
    def cases(self):
        """[(id, title, text)], blanks in ids as %20 and white space made single blanks."""
        if self._cases is None:
            self._cases = [(case_id(row['id']), single_line(row.get('title')),
                            single_line(row.get('text'))) for row in read_jsonl(self.path)]
        return self._cases

    def forget(self):
        """Lets go of the cases."""
        self._cases = None


def read_jsonl(path):
    if path.suffix == '.zst':
        lines = subprocess.run(['zstdcat', path], stdout=subprocess.PIPE,
                               check=True).stdout.decode().split('\n')
    else:
        lines = path.read_text(encoding='utf-8').split('\n')
    return [json.loads(line) for line in lines if line.strip()]


def case_id(text):
    """As `search --batch` prints it."""
    return '%20'.join(text.split())


def single_line(text):
    return ' '.join((text or '').replace('\0', ' ').split())


def read_qrels(path):
    qrels = collections.defaultdict(dict)
    for line in path.read_text(encoding='utf-8').split('\n'):
        fields = line.split('\t')
        if len(fields) >= 4 and float(fields[3]) > 0:
            qrels[fields[0]][case_id(fields[2])] = float(fields[3])
    return dict(qrels)


def judged_kinds(dataset):
    """The kinds that the folder has judgments of. Questions without an answer are left out."""
    kinds = []
    for path in sorted(dataset.path.parent.glob('queries*.jsonl')):
        name = path.name.removeprefix('queries').removesuffix('.jsonl')
        judgments = dataset.path.parent / f'qrels{name.replace(".typo", "")}.tsv'
        if not judgments.exists():
            continue
        qrels = read_qrels(judgments)
        rows = {row['id']: row for row in read_jsonl(path) if row['id'] in qrels}
        questions = {key: single_line(row['text']) for key, row in rows.items()}
        selves = {key: case_id(row['self']) for key, row in rows.items() if row.get('self')}
        kinds.append(Kind(name or '.main', questions, {key: qrels[key] for key in rows},
                          selves=selves))
    return kinds


def find_sets(folder):
    return {path.parent.name: Set(path.parent.name, path)
            for path in sorted(folder.glob('*/corpus.jsonl'))}
