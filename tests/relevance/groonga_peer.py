"""Groonga 13, through its own program: a lexicon of bigrams (Japanese: MeCab's words in base form,
content words only) behind NormalizerNFKC130, English stems, indexes with positions made at the end.

A question is the OR of its pairs or words and its Latin words without English stop words;
scorer_tf_at_most(title, 2) * 3 + scorer_tf_at_most(body, 2), sorted by floats (command version 3).
A Latin word in no case becomes the OR of the three nearest of the lexicon (fuzzy_search: one edit
from 3 letters, two from 6, the first letter kept). CONFIG: ja, or anything else."""

import functools
import json
import subprocess
import tempfile

import peer

COLUMNS = 'scorer_tf_at_most(title, 2) * 3 || scorer_tf_at_most(body, 2)'
CLASSES = ('+名詞', '+動詞', '+形容詞', '+副詞', '+接頭詞', '+連体詞', '+感動詞', '-名詞/非自立',
           '-動詞/非自立')
MECAB = 'TokenMecab("use_base_form", true, ' + ', '.join(f'"target_class", "{name}"'
                                                         for name in CLASSES) + ')'
LETTERS_MIN, TWO_EDITS_MIN, SUGGESTIONS = 3, 6, 3


def quoted(text):
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"') + '"'


class Groonga:
    """The program on a database in a folder that goes away; commands in, JSON out."""

    def __init__(self, folder, tokenizer):
        self.process = subprocess.Popen(
            ['groonga', '--default-match-escalation-threshold', '0', '-n', f'{folder}/db'],
            text=True, encoding='utf-8', stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.tokenizer = tokenizer
        self.run('plugin_register token_filters/stem')
        self.run('table_create Cases TABLE_HASH_KEY ShortText')
        for column in ('title', 'body'):
            self.run(f'column_create Cases {column} COLUMN_SCALAR Text')
        self.run('table_create Terms TABLE_PAT_KEY ShortText '
                 f'--default_tokenizer {quoted(tokenizer)} --normalizer NormalizerNFKC130 '
                 '--token_filters TokenFilterStem')

    def run(self, command):
        """The body of the answer; a mistake ends the run."""
        self.process.stdin.write(command + '\n')
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        head = answer['header'] if isinstance(answer, dict) else answer[0]
        code = head['return_code'] if isinstance(head, dict) else head[0]
        if code != 0:
            raise SystemExit(f'groonga: {head}\n  for {command[:300]}')
        return answer['body'] if isinstance(answer, dict) else answer[1]

    def load(self, cases):
        rows = [{'_key': str(at), 'title': title, 'body': text}
                for at, (_, title, text) in enumerate(cases)]
        self.run(f'load --table Cases\n{json.dumps(rows, ensure_ascii=False)}')
        for column in ('title', 'body'):
            self.run(f'column_create Terms {column}_index COLUMN_INDEX|WITH_POSITION '
                     f'Cases {column}')

    def select(self, query):
        """Numbers of cases, the best first."""
        body = self.run(f'select Cases --match_columns {quoted(COLUMNS)} --query {quoted(query)} '
                        f'--output_columns _key --sort_keys -_score --limit {peer.HITS} '
                        '--cache no --command_version 3')
        return [int(record[0]) for record in body['records']]

    @functools.cache
    def words(self, run):
        """What MeCab cuts a run into."""
        body = self.run(f'tokenize {quoted(self.tokenizer)} {quoted(run)} NormalizerNFKC130 '
                        '--mode ADD')
        return [token['value'] for token in body]

    @functools.cache
    def nearest(self, word):
        """The word, or when no case has it the nearest that some have."""
        if len(word) < LETTERS_MIN or self.select(quoted(word)):
            return [word]
        edits = 1 if len(word) < TWO_EDITS_MIN else 2
        options = json.dumps(
            {'max_distance': edits, 'prefix_length': 1, 'with_transposition': True})
        condition = f'fuzzy_search(_key, {quoted(word)}, {options})'
        body = self.run(f'select Terms --filter {quoted(condition)} --output_columns _key '
                        f'--sort_keys -_score --limit {SUGGESTIONS} --cache no --command_version 3')
        return [record[0] for record in body['records']] or [word]

    def terms(self, question, mecab):
        found = {}
        for is_cjk, run in peer.runs(question):
            if is_cjk:
                pieces = self.words(run) or [run] if mecab else peer.bigrams(run)
                found.update(dict.fromkeys(pieces))
            elif run.lower() not in peer.STOP_WORDS:
                found.update(dict.fromkeys(self.nearest(run.lower())))
        return list(found)


def main():
    config, cases, questions = peer.arguments()
    mecab = config == 'ja'
    with tempfile.TemporaryDirectory() as folder:
        groonga = Groonga(folder, MECAB if mecab else 'TokenBigram')
        groonga.load(cases)
        for number, question in enumerate(questions):
            if terms := groonga.terms(question, mecab):
                hits = groonga.select(' OR '.join(map(quoted, terms)))
                peer.print_run('groonga', number, [cases[at][0] for at in hits])
        groonga.process.stdin.close()
        groonga.process.wait()


main()
