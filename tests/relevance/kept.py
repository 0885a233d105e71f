"""A run of relevance.py in a file small enough to be kept with the source: what the tables of the
READMEs are made of (readme.py).

    # name TAB value …                                            of the run as a whole
    family TAB set TAB lang TAB kind TAB noise TAB questions TAB measure TAB askfirst TAB peer …
    judged TAB kb-ja TAB ja TAB .title TAB  TAB 312 TAB ndcg TAB 1.00000 TAB 0.99872 …

Of rows with noise, `clean` is the MRR@10 of the same questions without it. Of the family "stages"
(two stages beside ranking every case) there is no engine but askfirst."""

import types

MEASURES = {'judged': ('ndcg', 'mrr', 'recall', 'hit1'), 'noise': ('mrr', 'clean'),
            'codes': ('hit3',), 'logs': ('hit3',), 'known': ('hit10', 'answered'),
            'any': ('answered',)}
STAGES = ('recall', 'all_recall', 'ndcg', 'all_ndcg', 'shared')
HEAD = ('family', 'set', 'lang', 'kind', 'noise', 'questions', 'measure')


def values_of(row, measure):
    """{engine: value}"""
    if measure == 'clean':
        return {engine: values['mrr'] for engine, values in row.clean.items()}
    return {engine: values[measure] for engine, values in row.scores.items()}


def to_text(rows, result):
    engines = ['askfirst', *result['peers']]
    lines = [['# revision', result['revision']], ['# began', result['began']],
             ['# seed', result['seed']]]
    lines += [['# peer', name, what] for name, what in result['peers'].items()]
    lines += [['# missing', name, what] for name, what in result['missing'].items()]
    if others := result.get('others'):
        lines.append(['# others', *(others[key] for key in OTHERS)])
    if ceilings := result.get('ceilings'):
        lines.append(['# ceilings', *(f'{value:.5f}' for value in ceilings)])
    lines.append([*HEAD, *engines])
    for row in rows:
        for measure in MEASURES[row.family]:
            values = values_of(row, measure)
            lines.append([row.family, row.set, row.lang, row.kind, row.noise, row.questions,
                          measure, *(f'{values[engine]:.5f}' for engine in engines)])
    for row in result.get('stages', ()):
        lines += [['stages', row['set'], '', row['kind'], '', row['questions'], measure,
                   f'{row[measure]:.5f}'] for measure in STAGES]
    return ''.join('\t'.join(map(str, line)) + '\n' for line in lines)


OTHERS = ('unknown', 'known', 'passed', 'outranked')


def read_head(fields, result):
    name, values = fields[0][2:], fields[1:]
    if name == 'peer':
        result['peers'][values[0]] = values[1]
    elif name == 'missing':
        result['missing'][values[0]] = values[1]
    elif name == 'others':
        result['others'] = dict(zip(OTHERS, map(int, values))) | {'examples': []}
    elif name == 'ceilings':
        result['ceilings'] = tuple(map(float, values))
    else:
        result[name] = values[0]


def read_stage(stages, fields):
    key = (fields['set'], fields['kind'])
    row = stages.setdefault(key, {'set': key[0], 'kind': key[1],
                                  'questions': int(fields['questions'])})
    row[fields['measure']] = float(fields['askfirst'])


def read_row(rows, fields, engines):
    key = (fields['family'], fields['set'], fields['kind'])
    row = rows.setdefault(key, types.SimpleNamespace(
        family=key[0], set=key[1], kind=key[2], lang=fields['lang'], noise=fields['noise'],
        questions=int(fields['questions']), scores={engine: {} for engine in engines}, clean={}))
    for engine in engines:
        value = float(fields[engine])
        if fields['measure'] == 'clean':
            row.clean[engine] = {'mrr': value}
        else:
            row.scores[engine][fields['measure']] = value


def from_text(text):
    """(rows, result) as relevance.py has them, with the measures that are kept."""
    result, rows, stages, head = {'peers': {}, 'missing': {}}, {}, {}, None
    for line in text.split('\n'):
        fields = line.split('\t')
        if line.startswith('# '):
            read_head(fields, result)
        elif head is None:
            head = fields
        elif line:
            named = dict(zip(head, fields))
            if named['family'] == 'stages':
                read_stage(stages, named)
            else:
                read_row(rows, named, head[len(HEAD):])
    return list(rows.values()), result | {'stages': list(stages.values())}
