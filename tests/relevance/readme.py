#!/usr/bin/env python3
"""make relevance-readme: the tables about relevance in the READMEs, made of a kept run
(results.tsv beside this file), so that no figure is copied by hand.

  readme.py              writes the sections between the marks of both READMEs
  readme.py --keep FILE  keeps FILE (build/relevance/results.tsv) first
  readme.py --check      says whether they are what this run gives"""

import pathlib
import sys

import bars
import kept
import report
from score import mean, relative

HERE = pathlib.Path(__file__).resolve().parent
KEPT = HERE / 'results.tsv'
BEGIN, END = '<!-- relevance: made by tests/relevance/readme.py -->', '<!-- relevance: end -->'
NAMES = {'askfirst': 'askfirst', 'lucene': 'Lucene', 'groonga': 'Groonga', 'xapian': 'Xapian',
         'sqlite': 'FTS5'}


def families(rows):
    return {family: [row for row in rows if row.family == family] for family in kept.MEASURES}


def bold_best(values):
    """Cells of one row; what stands highest, as it is written, in bold."""
    cells = [f'{value:.3f}' for value in values]
    return [f'**{cell}**' if cell == max(cells) else cell for cell in cells]


def head(engines, *first):
    return [*first, *(NAMES.get(name, name) for name in engines)]


def sets_table(rows, engines):
    """nDCG@10 of each set, the mean of its kinds, with the means below."""
    groups = {name: [row for row in rows if row.set == name]
              for name in dict.fromkeys(row.set for row in rows)}
    groups |= {f'mean, {lang}': [row for row in rows if row.lang == lang]
               for lang in dict.fromkeys(row.lang for row in rows)}
    groups['**mean over sets**'] = rows
    groups['without the kinds with slips'] = [row for row in rows if '.typo' not in row.kind]
    body = []
    for name, few in groups.items():
        scores = report.mean_scores(few, ['ndcg'], engines)
        body.append([name, *bold_best([scores[engine]['ndcg'] for engine in engines])])
    return report.table(head(engines, 'set'), body)


def gain_text(rows, engines):
    def gain(few):
        scores = report.mean_scores(few, ['ndcg'], engines)
        name, best = report.best_peer(scores, 'ndcg')
        return report.percent(relative(scores['askfirst']['ndcg'], best)), NAMES.get(name, name)
    whole, plain = gain(rows), gain([row for row in rows if '.typo' not in row.kind])
    return (f'Beside the best single peer: {whole[0]} ({whole[1]}); '
            f'without the kinds with slips {plain[0]} ({plain[1]}).\n')


def falls_table(rows, engines):
    """How far MRR@10 falls, by noise and language."""
    groups, body = {}, []
    for row in rows:
        groups.setdefault((row.noise, row.lang), []).append(row)
    for (noise, lang), few in groups.items():
        falls = [-relative(mean(row.scores[name]['mrr'] for row in few),
                           mean(row.clean[name]['mrr'] for row in few)) for name in engines]
        bar = bars.FALL_MAX.get(noise)
        body.append([noise, lang, sum(row.questions for row in few),
                     *(f'{fall * 100:.1f} %' for fall in falls),
                     f'{bar * 100:.0f} %' if bar else '–'])
    return report.table([*head(engines, 'noise', 'language', 'questions'), 'bar'], body)


def one_measure(rows, measure, engines, *first):
    """A row for each set and kind; the set is left out when there is only one."""
    many = len({row.set for row in rows}) > 1
    return report.table(head(engines, *(['set'] if many else []), *first), [
        [*([row.set] if many else []), row.kind, row.questions,
         *bold_best([row.scores[name][measure] for name in engines])] for row in rows])


def lost_table(rows, result):
    """Every bar that is not met, and every kind of a set where a peer is ahead."""
    lost = [line for line in bars.judge(rows, result) if line[3] != bars.verdict(True)]
    if not lost:
        return 'Nothing of what was measured.\n'
    return report.table(['where', 'wanted', 'askfirst', ''], lost)


def revision_text(result):
    return (f'Revision {result["revision"]}, {result["began"]}, seed {result["seed"]}; '
            '`make relevance`, kept in `tests/relevance/results.tsv`.\n')


def short(rows, result):
    """For the project's README."""
    of, engines = families(rows), ['askfirst', *result['peers']]
    parts = [revision_text(result)]
    if of['judged']:
        parts += ['nDCG@10 of each set, the mean of its kinds of questions:\n',
                  sets_table(of['judged'], engines), gain_text(of['judged'], engines)]
    if of['noise']:
        parts += ['How far MRR@10 falls when the same questions have noise:\n',
                  falls_table(of['noise'], engines)]
    if of['codes'] or of['logs']:
        parts += ['Codes, and pages of log with one in them: the right case is among the first '
                  'three:\n',
                  one_measure(of['codes'] + of['logs'], 'hit3', engines, 'asked', 'questions')]
    if of['known']:
        parts += ['Words of one and two characters that one to three titles have: hit@10:\n',
                  one_measure(of['known'], 'hit10', engines, 'kind', 'questions')]
    return '\n'.join([*parts, 'What is lost: bars not met, and kinds where a peer is ahead:\n',
                      lost_table(rows, result)])


def long(rows, result):
    """For this folder's README: each kind, each measure."""
    of, engines = families(rows), ['askfirst', *result['peers']]
    parts = [revision_text(result)]
    if of['judged']:
        parts += ['nDCG@10, the mean of each set\'s kinds:\n',
                  report.sets_table(of['judged'], engines), gain_text(of['judged'], engines),
                  report.means_table(of['judged'], engines), 'nDCG@10 of each kind:\n',
                  one_measure(of['judged'], 'ndcg', engines, 'kind', 'questions')]
    if of['noise']:
        parts += ['MRR@10 clean → noisy, mean of a language\'s kinds:\n',
                  report.noise_means(of['noise'], engines)]
    if of['any']:
        parts += ['Strings of one and two characters from anywhere: share with an answer:\n',
                  one_measure(of['any'], 'answered', engines, 'kind', 'questions')]
    if result.get('others'):
        parts += ['Another code is another fault:\n', report.others_text(result['others'])]
    if result['stages']:
        parts += ['Two stages beside ranking every case, recall@10:\n',
                  report.stages_table(result['stages'])]
    return '\n'.join(parts)


def put(page, section):
    """The page with the section between its marks."""
    before, _, rest = page.partition(BEGIN)
    if END not in rest:
        sys.exit(f'readme.py: a README lacks the marks {BEGIN} … {END}')
    return f'{before}{BEGIN}\n{section}\n{END}{rest.partition(END)[2]}'


def pages():
    """[(path, the page as it should be)]"""
    rows, result = kept.from_text(KEPT.read_text(encoding='utf-8'))
    return [(path, put(path.read_text(encoding='utf-8'), section.rstrip('\n')))
            for path, section in ((HERE.parents[1] / 'README.md', short(rows, result)),
                                  (HERE / 'README.md', long(rows, result)))]


def stale():
    """Names of pages whose section is not what the kept run gives."""
    return [str(path) for path, page in pages() if path.read_text(encoding='utf-8') != page]


def main():
    if sys.argv[1:2] == ['--keep']:
        KEPT.write_text(pathlib.Path(sys.argv[2]).read_text(encoding='utf-8'), encoding='utf-8')
    if sys.argv[1:2] == ['--check']:
        sys.exit(f'readme.py: not of this run: {", ".join(old)}' if (old := stale()) else 0)
    for path, page in pages():
        path.write_text(page, encoding='utf-8')


if __name__ == '__main__':
    main()
