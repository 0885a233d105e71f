"""SQLite FTS5, as one sets it up for Chinese, Japanese and Korean: the application writes runs of
CJK as pairs and single characters with blanks between; tokenize = 'porter unicode61'. A question is
the OR of its pairs (a lone character stays) and words without English stop words; bm25, title 4,
text 1. It corrects no typos. There is one configuration."""

import sqlite3
import unicodedata

import peer

SELECT = f'''select rowid from cases where cases match ? and rank match 'bm25(4.0, 1.0)'
            order by rank limit {peer.HITS}'''


def spaced(text):
    """Pairs and characters for words. Of words nothing changes."""
    return ' '.join(' '.join(peer.bigrams(run) + (list(run) if len(run) > 1 else []))
                    if is_cjk else run
                    for is_cjk, run in peer.runs(unicodedata.normalize('NFKC', text)))


def match_of(question):
    terms = {}
    for is_cjk, run in peer.runs(unicodedata.normalize('NFKC', question)):
        if is_cjk:
            terms.update(dict.fromkeys(peer.bigrams(run)))
        elif run.lower() not in peer.STOP_WORDS:
            terms[run.lower()] = None
    return ' OR '.join(f'"{term}"' for term in terms)


def main():
    _, cases, questions = peer.arguments()
    db = sqlite3.connect(':memory:')
    db.execute("create virtual table cases using fts5(title, body, tokenize = 'porter unicode61')")
    db.executemany('insert into cases(rowid, title, body) values (?, ?, ?)',
                   ((at, spaced(title), spaced(text)) for at, (_, title, text) in enumerate(cases)))
    db.execute("insert into cases(cases) values ('optimize')")
    for number, question in enumerate(questions):
        if match := match_of(question):
            rows = db.execute(SELECT, (match,))
            peer.print_run('sqlite', number, [cases[row][0] for row, in rows])


main()
