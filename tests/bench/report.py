"""Markdown tables of what measure.py found. Losses are printed like gains."""

import platform

import bars
from engines import COMMIT, ENGINES
from markdown import number, table


def time_of(answer, figure, digits=3):
    """Finding nothing is quick: that is not a time."""
    return 'no hits' if answer['unanswered'] > .99 else number(answer[figure], digits)


def times(result, figure):
    """A row an engine, a column a class."""
    classes = result['classes']
    rows = [[engine, *(time_of(answers[engine], figure) for answers in classes.values())]
            for engine in result['engines']]
    return table(['engine', *classes], rows)


def shares(result, figure):
    """The same with shares; how many questions were asked stands beside when it is not all."""
    classes = result['classes']
    most = {name: max(answer['asked'] for answer in answers.values())
            for name, answers in classes.items()}
    rows = []
    for engine in result['engines']:
        cells = []
        for name, answers in classes.items():
            answer = answers[engine]
            few = f' ({answer["asked"]})' if answer['asked'] < most[name] else ''
            cells.append(f'{answer[figure]:.3f}{few}')
        rows.append([engine, *cells])
    return table(['engine', *classes], rows)


def whole(result):
    """One row an engine: building, size, saving, opening, threads."""
    head = ['engine', 'build CPU s', 'wall s', 'one core, wall s', 'articles per CPU s', 'peak MB',
            'disk MB', 'bytes per byte of input', 'MB while asked', 'save → durable and found ms',
            '(CPU)', 'open + first question warm ms', 'cold ms', 'questions/s, 1 thread',
            '2 threads', 'per CPU s, 1', '2']
    rows = []
    for engine in result['engines']:
        built = result['build'][engine]
        save, opened = result['save'].get(engine, {}), result['open'].get(engine, {})
        load = result['load'][engine]
        one = built.get('one_core_wall_s')
        rows.append([
            engine, number(built['cpu_s']), number(built['wall_s']), number(one),
            number(built['docs'] / built['cpu_s']), number(built['peak_mb']),
            number(built['bytes'] / 1e6), number(built['bytes'] / result['input_bytes']),
            number(result['memory_mb'][engine]), number(save.get('wall')),
            number(save.get('cpu')), number(opened.get('warm_wall')),
            number(opened.get('cold_wall')), number(load['1']['per_s']),
            number(load['2']['per_s']), number(load['1']['per_cpu_s']),
            number(load['2']['per_cpu_s'])])
    return table(head, rows)


def notes(result):
    built = result['build']
    lines = [f'- Cases {built[result["engines"][0]]["docs"]:,}, title and body '
             f'{result["input_bytes"] / 1e6:.1f} MB; seeds {result["corpus_seed"]} (corpus), '
             f'{result["question_seed"]} (questions); begun {result["began"]}; '
             f'askfirst {result.get("revision", "")}; {platform.processor() or platform.machine()}.']
    for engine in result['engines']:
        at = built[engine]['at']
        lines.append(f'- {engine}: {ENGINES[engine].what}; built {at}.')
        if built[engine]['reserve_bytes']:
            lines.append(f'  Beside its data it keeps {built[engine]["reserve_bytes"] / 1e6:.0f} '
                         'MB in reserve for a full disk, not counted above.')
    if COMMIT.name in result['save']:
        commit = result['save'][COMMIT.name]
        lines.append(f'- A bare durable LMDB commit of the same bytes, in the same run: '
                     f'{number(commit["wall"])} ms ({number(commit["cpu"])} ms of CPU).')
    if crowd := result.get('crowd'):
        lines.append(f'- {crowd["threads"]} threads asking while one saved {crowd["saved"]:,} '
                     f'changed cases: {number(crowd["asked_per_s"])} questions/s '
                     f'({number(crowd["asked_per_cpu_s"])} per CPU second), the slowest '
                     f'{number(crowd["slowest_ms"])} ms, no error; files grew by '
                     f'{crowd["grown_bytes"] / 1e6:.1f} MB.')
    if result.get('missing'):
        lines.append(f'- Not installed, left out: {", ".join(result["missing"])}.')
    return '\n'.join(lines) + '\n'


def section(result):
    parts = [f'## {result["size"]} cases\n', notes(result),
             '### Building, size, saving, opening, threads\n', whole(result)]
    for title, figure in (
            ('CPU time of a question, p50 ms', 'cpu_p50'), ('CPU p95 ms', 'cpu_p95'),
            ('CPU p99 ms', 'cpu_p99'), ('Wall time, p50 ms', 'wall_p50'),
            ('Wall p95 ms', 'wall_p95'), ('Wall p99 ms', 'wall_p99')):
        parts += [f'### {title}\n', times(result, figure)]
    for title, figure in (
            ('The case the question was drawn from is first (hit@1)', 'hit1'),
            ('… is among ten (hit@10)', 'hit10'), ('MRR@10', 'mrr'),
            ('Share of questions without any answer', 'unanswered')):
        parts += [f'### {title}\n', shares(result, figure)]
    return '\n'.join(parts)


def short(result):
    """What fits a README: the middle of everything, one row an engine."""
    classes = result['classes']
    rows = []
    for engine in result['engines']:
        built = result['build'][engine]
        save, opened = result['save'].get(engine, {}), result['open'].get(engine, {})
        rows.append([engine, number(built['docs'] / built['cpu_s'], 2),
                     number(built['bytes'] / result['input_bytes']),
                     *(time_of(answers[engine], 'cpu_p50', 2) for answers in classes.values()),
                     number(max(answers[engine]['cpu_p99'] for answers in classes.values()), 2),
                     number(save.get('wall'), 2), number(opened.get('warm_wall'), 2),
                     number(opened.get('cold_wall'), 2)])
    head = ['engine', 'cases/CPU s', 'disk/input', *classes, 'worst p99', 'save', 'open', 'cold']
    return table(head, rows)


def write(measured, sizes):
    """`measured`: results by size, old ones too; `sizes`: those to print."""
    parts = ['# askfirst beside its peers\n']
    for size in sizes:
        if size in measured:
            parts += [f'## In short, {size} cases: CPU ms of the middle question; save and open, '
                      'wall ms\n', short(measured[size]),
                      'Among the first ten:\n', shares(measured[size], 'hit10')]
    parts += [section(measured[size]) for size in sizes if size in measured]
    for size in sizes:
        if size in measured and 'askfirst' in measured[size]['engines']:
            parts += [f'## The bars, {size}\n', bars.table_of(measured, size)]
    return '\n'.join(parts)
