"""What a question costs when there are more cases, as a model that can be wrong.

Each figure of a class is taken to grow by the same factor with every tenfold of the cases: the factor
of one step predicts the next size, which is counted too, and that of the last step says what ten times
more would cost. Instructions are put down to what is read: a constant for each unit, found by least
squares over all classes of the smaller sizes, predicts those of the largest.
"""

import math

from markdown import number, table

UNITS = {'of postings': 'a page of postings', 'bytes': 'a byte of them that is decoded'}


def step(small, large, times):
    """Growth for each tenfold of the cases."""
    return (large / small) ** (1 / math.log10(times)) if small and large else None


def cell(values, docs):
    """At ten times the last size; the factor of a tenfold; how far off the step before was."""
    factor = step(values[-2], values[-1], docs[-1] / docs[-2])
    if factor is None:
        return '–'
    text = f'{number(values[-1] * factor)} (× {factor:.2g}'
    before = len(docs) > 2 and step(values[-3], values[-2], docs[-2] / docs[-3])
    if before:
        guess = values[-2] * before ** math.log10(docs[-1] / docs[-2])
        text += f', {guess / values[-1] - 1:+.0%}'
    return text + ')'


def growth_table(figures, docs):
    """figures: {what: {name: [one for each size]}}; docs: cases of each size."""
    names = list(next(iter(figures.values())))
    rows = [[what, *(cell(named[name], docs) for name in names)]
            for what, named in figures.items()]
    said = f'Extrapolated to {10 * docs[-1]:,} cases (the factor of a tenfold'
    if len(docs) > 2:
        said += f'; how far {docs[-1]:,} was from what the step before predicted'
    return f'{said}).\n\n' + table(['class', *names], rows)


def solve(matrix, right):
    """Gauss; the matrix is small and positive."""
    size = len(right)
    rows = [row[:] + [value] for row, value in zip(matrix, right)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda j: abs(rows[j][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for j in range(size):
            if j != i:
                factor = rows[j][i] / rows[i][i]
                rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i])]
    return [rows[i][size] / rows[i][i] for i in range(size)]


def unit_costs(counted):
    """Instructions of a question and of each unit, by least squares of the relative error."""
    lines = [[1 / did['instructions'], *(did['read'][unit] / did['instructions'] for unit in UNITS)]
             for did in counted]
    matrix = [[sum(line[i] * line[j] for line in lines) for j in range(len(lines[0]))]
              for i in range(len(lines[0]))]
    return solve(matrix, [sum(line[i] for line in lines) for i in range(len(lines[0]))])


def predict(costs, did):
    return costs[0] + sum(cost * did['read'][unit] for cost, unit in zip(costs[1:], UNITS))


def unit_table(by_size):
    """by_size: {size: {what: {'instructions', 'read'}}}. What a unit costs, and how far off that is
    on the last size, which it was not found on."""
    *sizes, last = by_size
    costs = unit_costs([did for size in sizes for did in by_size[size].values()])
    text = ', '.join(f'{number(cost)} for {name}' for cost, name in
                     zip(costs, ['a question', *UNITS.values()]))
    rows = [[what, number(predict(costs, did)), number(did['instructions']),
             f'{predict(costs, did) / did["instructions"] - 1:+.0%}']
            for what, did in by_size[last].items()]
    return f'Instructions: {text}.\n\n' + table(['class', f'predicted at {last}', 'counted', ''], rows)
