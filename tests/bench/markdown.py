"""Numbers and tables as Markdown."""


def number(value, digits=3):
    """Three significant digits, no exponent."""
    if value is None:
        return '–'
    if value == 0:
        return '0'
    if abs(value) >= 1000:
        return f'{value:,.0f}'
    if abs(value) >= 100:
        return f'{value:.0f}'
    text = f'{value:.{digits}g}'
    return f'{value:.5f}' if 'e' in text else text


def table(head, rows):
    lines = ['| ' + ' | '.join(head) + ' |', '|' + '---|' * len(head)]
    return '\n'.join(lines + ['| ' + ' | '.join(row) + ' |' for row in rows]) + '\n'
