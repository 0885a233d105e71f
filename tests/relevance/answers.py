"""Which cases answer a question, beside those that are judged to? For leaving answers out of a
library (calibrate.py): what is left should not answer either.

A case answers as well when
  - it has the whole question (a page that links to the answer has its words as the link's text), or
  - it is the judged case once more: the same title, or half of all eight-character pieces the same,
  - it is the judged case in another language: the same id but for the language.

Texts are compared as letters and digits alone (NFKC, small letters), so by rules that owe nothing
to how askfirst reads them."""

import bisect
import collections
import re
import unicodedata

PIECE = 8      # characters
KEPT = 8       # pieces are compared that begin with one character in so many, the same everywhere
COMMON = 200   # a piece that so many cases have says nothing
SHARED = 3     # pieces at least
ALIKE = 0.5    # of the pieces of both together (Jaccard)
MANY = 200     # no more cases than these are looked for
LANGUAGE = re.compile(r'/(zh-Hans|zh-Hant|ja|ko|en)/')


def plain(text):
    return ''.join(c for c in unicodedata.normalize('NFKC', text).casefold() if c.isalnum())


def pieces(text):
    return {text[i:i + PIECE] for i, c in enumerate(text) if ord(c) % KEPT == 0}


def any_language(case):
    return LANGUAGE.sub('/*/', case)


class Library:
    """`rows`: cases as they are imported."""

    def __init__(self, rows):
        self.titles, self.ids, self.starts, texts, at = {}, [], [], [], 0
        self.same_title = collections.defaultdict(list)
        self.translations = collections.defaultdict(list)
        for row in rows:
            case, title = row['id'], plain(row.get('title') or '')
            body = ' '.join(str(row.get(field) or '')
                            for field in ('text', 'symptom', 'cause', 'resolution'))
            text = f'{title}\n{plain(body)}\n'
            self.titles[case] = title
            self.ids.append(case)
            self.starts.append(at)
            texts.append(text)
            at += len(text)
            self.same_title[title].append(case)
            self.translations[any_language(case)].append(case)
        self.text = ''.join(texts)
        self.pieces = dict(zip(self.ids, map(pieces, texts)))
        self.having = collections.defaultdict(list)
        for case, some in self.pieces.items():
            for piece in some:
                self.having[piece].append(case)
        self.known = {}

    def with_text(self, text):
        """Cases that have it whole."""
        found, at = [], self.text.find(text) if len(text) > 1 else -1
        while at >= 0 and len(found) < MANY:
            i = bisect.bisect_right(self.starts, at) - 1
            found.append(self.ids[i])
            after = self.starts[i + 1] if i + 1 < len(self.starts) else len(self.text)
            at = self.text.find(text, after)
        return found

    def like(self, case):
        """Cases that are nearly the same."""
        if case not in self.known:
            telling = [p for p in self.pieces[case] if len(self.having[p]) < COMMON]
            shared = collections.Counter(c for p in telling for c in self.having[p])
            self.known[case] = set(self.same_title[self.titles[case]]) | {
                other for other, n in shared.items() if n >= SHARED
                and n >= ALIKE * (len(telling) + len(self.pieces[other]) - n)}
        return self.known[case]

    def answers(self, judged):
        """The judged cases that it has, in every language."""
        return sorted({c for case in judged for c in self.translations.get(any_language(case), ())})

    def others(self, text, answers, whole_only=False):
        """Cases that answer as well as `answers` do."""
        found = set(self.with_text(plain(text)))
        if not whole_only:
            found |= {other for case in answers for other in self.like(case)}
        return sorted(found - set(answers))
