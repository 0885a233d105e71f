"""Markdown tables of what relevance.py found. What is lost is printed like what is won."""

import bars
from score import mean, relative


def table(head, rows):
    lines = ['| ' + ' | '.join(head) + ' |', '|' + '---|' * len(head)]
    return '\n'.join(lines + ['| ' + ' | '.join(map(str, row)) + ' |' for row in rows]) + '\n'


def percent(share):
    return f'{share * 100:+.1f} %'


def best_peer(scores, measure):
    """(name, value) of the peer that does best, or None without peers."""
    peers = [(name, values[measure]) for name, values in scores.items() if name != 'askfirst']
    return max(peers, key=lambda pair: pair[1]) if peers else None


def beside(scores, measure, engines):
    """Cells of one row: every engine, the best in bold; the best peer, and how far from it."""
    top = max(values[measure] for values in scores.values())
    cells = [f'**{scores[name][measure]:.4f}**' if scores[name][measure] == top
             else f'{scores[name][measure]:.4f}' for name in engines]
    best = best_peer(scores, measure)
    return cells + ([best[0], percent(relative(scores['askfirst'][measure], best[1]))]
                    if best else [])


def head_of(engines):
    return [*engines, *(['best peer', 'askfirst to it'] if len(engines) > 1 else [])]


def measure_table(rows, measure, engines):
    return table(['set', 'kind', 'questions', *head_of(engines)],
                 [[row.set, row.kind, row.questions, *beside(row.scores, measure, engines)]
                  for row in rows])


def mean_scores(rows, measures, engines):
    """The mean over sets: of each set the mean of its kinds."""
    sets = {}
    for row in rows:
        sets.setdefault(row.set, []).append(row)
    return {engine: {measure: mean(mean(row.scores[engine][measure] for row in kinds)
                                   for kinds in sets.values()) for measure in measures}
            for engine in engines}


def sets_table(rows, engines):
    """The mean nDCG@10 of each set's kinds."""
    body = []
    for name in dict.fromkeys(row.set for row in rows):
        kinds = [row for row in rows if row.set == name]
        scores = mean_scores(kinds, ['ndcg'], engines)
        body.append([name, len(kinds), *beside(scores, 'ndcg', engines)])
    whole = beside(mean_scores(rows, ['ndcg'], engines), 'ndcg', engines)
    return table(['set', 'kinds', *head_of(engines)],
                 body + [['mean over sets', '', *whole]])


def means_table(rows, engines):
    """Over all sets, and over those of one language."""
    groups = {'all sets': rows}
    for lang in dict.fromkeys(row.lang for row in rows):
        groups[lang] = [row for row in rows if row.lang == lang]
    groups['all sets, without slips (.typo)'] = [row for row in rows if '.typo' not in row.kind]
    names = {'ndcg': 'nDCG@10', 'mrr': 'MRR@10', 'recall': 'recall@10', 'hit1': 'hit@1'}
    return table(['mean over', 'measure', *head_of(engines)],
                 [[group, names[measure],
                   *beside(mean_scores(few, [measure], engines), measure, engines)]
                  for group, few in groups.items() if few
                  for measure in (names if group == 'all sets' else ['ndcg'])])


def noise_table(rows, engines):
    """MRR@10 of the same questions clean and with the noise."""
    head = ['set', 'kind', 'noise', 'questions']
    head += [cell for name in engines for cell in (name, 'fall')] + ['bar']
    body = []
    for row in rows:
        cells = [row.set, row.kind.split('+')[0], row.noise, row.questions]
        for name in engines:
            clean, noisy = row.clean[name]['mrr'], row.scores[name]['mrr']
            cells += [f'{clean:.3f} → {noisy:.3f}', percent(-relative(noisy, clean))]
        bar = bars.FALL_MAX.get(row.noise)
        cells.append(f'{bar * 100:.0f} %' if bar else '–')
        body.append(cells)
    return table(head, body)


def noise_means(rows, engines):
    """Per noise and language: the clean and the noisy mean over kinds."""
    groups = {}
    for row in rows:
        groups.setdefault((row.noise, row.lang), []).append(row)
    body = []
    for (noise, lang), few in groups.items():
        cells = [noise, lang]
        for name in engines:
            clean = mean(row.clean[name]['mrr'] for row in few)
            noisy = mean(row.scores[name]['mrr'] for row in few)
            cells += [f'{clean:.3f} → {noisy:.3f}', percent(-relative(noisy, clean))]
        bar = bars.FALL_MAX.get(noise)
        body.append(cells + [f'{bar * 100:.0f} %' if bar else '–'])
    falls = [cell for name in engines for cell in (name, 'fall')]
    return table(['noise', 'language', *falls, 'bar'], body)


def others_text(others):
    lines = [f'- {others["unknown"]} codes that no case holds, one digit from one that some hold: '
             f'{others["passed"]} are answered with a hit that is called exact.',
             f'- {others["known"]} codes beside which another, one digit away, is held by other '
             f'cases: in {others["outranked"]} a case of the other one stands above.']
    return '\n'.join(lines + [f'  - {example}' for example in others['examples']]) + '\n'


def stages_table(rows):
    """Each set, the mean of its kinds; then the kinds that differ."""
    def line(name, kind, few):
        two, every, ndcg, all_ndcg, shared = (mean(row[key] for row in few) for key in (
            'recall', 'all_recall', 'ndcg', 'all_ndcg', 'shared'))
        return [name, kind, sum(row['questions'] for row in few), f'{two:.4f}', f'{every:.4f}',
                f'{(two - every) * 100:+.2f}', f'{ndcg - all_ndcg:+.4f}', f'{shared:.3f}']
    names = list(dict.fromkeys(row['set'] for row in rows))
    body = [line(name, 'mean', [row for row in rows if row['set'] == name]) for name in names]
    body += [line(row['set'], row['kind'], [row]) for row in rows
             if abs(row['recall'] - row['all_recall']) >= .001]
    return table(['set', 'kind', 'questions', 'two stages', 'every case', 'points',
                  'nDCG@10', 'of the same ten'], body)


def notes(result):
    lines = [f'- Seed {result["seed"]}; {result["began"]}; askfirst {result["revision"]}.']
    lines += [f'- {name}: {what}.' for name, what in result['peers'].items()]
    lines += [f'- {name} is left out: {why} (make relevance-deps).'
              for name, why in result['missing'].items()]
    return '\n'.join(lines) + '\n'


def write(rows, result):
    """The whole report."""
    engines = ['askfirst', *result['peers']]
    of = {family: [row for row in rows if row.family == family]
          for family in ('judged', 'noise', 'codes', 'logs', 'known', 'any')}
    parts = ['# Relevance: askfirst beside its peers\n', notes(result)]
    if of['judged']:
        parts += ['## nDCG@10, mean of the kinds of each set\n', sets_table(of['judged'], engines),
                  '## Means\n', means_table(of['judged'], engines),
                  '## nDCG@10 (gains 2^grade - 1)\n', measure_table(of['judged'], 'ndcg', engines)]
    if of['noise']:
        parts += ['## Noise: MRR@10 of the same questions, clean → noisy, by language\n',
                  noise_means(of['noise'], engines)]
    if of['codes']:
        parts += ['## Codes: hit@3\n', measure_table(of['codes'], 'hit3', engines)]
        if ceilings := result.get('ceilings'):
            parts.append('Of `.last4own` at best {:.4f}: three places for all identifiers that end '
                         'so; {:.4f} when other codes and numbers that do are as likely.\n'
                         .format(*ceilings))
    if of['logs']:
        parts += ['## Pages of log: hit@3\n', measure_table(of['logs'], 'hit3', engines)]
    if result.get('others'):
        parts += ['## Another code is another fault\n', others_text(result['others'])]
    if of['known']:
        parts += ['## Known items of one and two characters: hit@10\n',
                  measure_table(of['known'], 'hit10', engines)]
    if of['any']:
        parts += ['## Strings of one and two characters from anywhere: share with an answer\n',
                  measure_table(of['any'], 'answered', engines)]
    if result.get('stages'):
        parts += ['## Two stages beside ranking every case: recall@10\n',
                  stages_table(result['stages'])]
    parts += ['## The bars\n', table(['what', 'wanted', 'found', ''], bars.judge(rows, result))]
    for title, measure in (('MRR@10', 'mrr'), ('recall@10', 'recall'), ('hit@1', 'hit1'),
                           ('nDCG@10 with linear gains, as trec_eval', 'linear')):
        if of['judged']:
            parts += [f'## {title}\n', measure_table(of['judged'], measure, engines)]
    if of['noise']:
        parts += ['## Noise, each kind\n', noise_table(of['noise'], engines)]
    return '\n'.join(parts)
