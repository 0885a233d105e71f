#!/usr/bin/env python3
"""Known-item questions drawn from a corpus: the same corpus and seed give the same questions.

A line is class TAB id of the case it was drawn from TAB question. Most questions suit many cases,
so that no engine can put "the" case first each time: compare engines with each other, not with 1.
"""

import collections
import json
import random
import re

SEED = 42
PER_CLASS = 1000
CLASSES = {
    'zh1': 'one Chinese character',
    'zh2': 'two',
    'zh3_6': 'three to six, not cut at words',
    'q_sent': 'a title wrapped into a question, two thirds Chinese, else English',
    'en2_4': 'two to four English words',
    'code': 'an error code or a model',
    'typo': 'one slip in a model, a code, or one of two words',
    'prefix': 'the last word is not finished',
    'ja': 'a run of kanji and kana',
    'ko': 'one or two Korean words',
    'mixed': 'Chinese and Latin, half of them without a blank between',
}

HAN = re.compile(r'[\u4e00-\u9fff]+')
JA = re.compile(r'[\u4e00-\u9fff\u30a0-\u30ff]+|[\u4e00-\u9fff]+[\u3040-\u309f]{1,3}')
KO = re.compile(r'[\uac00-\ud7af]+')
EN = re.compile(r'[A-Za-z][A-Za-z]{2,}')
LATIN = re.compile(r'[A-Za-z][A-Za-z0-9_-]{2,}')
STOP = set('the and for you your with that this from are not can will when use using used has have '
           'which into any all its then than but may must how click'.split())
WRAPS_EN = ['How do I resolve %s?', 'What should I do when %s', 'Why does %s happen?',
            '%s - how to fix']
WRAPS_ZH = ['请问%s应该怎么解决？', '%s，是什么原因造成的？', '客户反映%s，如何排查', '%s 有没有解决办法']


def text_of(case):
    return case['title'] + '。' + case['symptom']


def words_of(case):
    return [word for word in EN.findall(text_of(case)) if word.lower() not in STOP]


class Drawer:
    def __init__(self, path, per_class, seed):
        self.random = random.Random(seed)
        self.per_class = per_class
        self.cases = self._sample(path)
        self.random.shuffle(self.cases)
        by = {lang: [case for case in self.cases if case['lang'] == lang]
              for lang in ('zh-Hans', 'zh-Hant', 'ja', 'ko', 'en')}
        self.zh = by['zh-Hans'] + by['zh-Hant']
        self.random.shuffle(self.zh)
        self.by_lang = by
        self.pairs, self.words = collections.Counter(), collections.Counter()
        for case in self.cases:
            self._count(case)
        self.rows = []

    def _sample(self, path):
        with open(path, 'rb') as file:
            count = sum(1 for _ in file)
        wanted = set(self.random.sample(range(count), min(count, self.per_class * 16)))
        with open(path, encoding='utf-8') as file:
            return [json.loads(line) for number, line in enumerate(file) if number in wanted]

    def _count(self, case):
        text = text_of(case)
        if case['lang'].startswith('zh'):
            self.pairs.update({run[i:i + 2] for run in HAN.findall(text)
                               for i in range(len(run) - 1)})
        self.words.update({word.lower() for word in EN.findall(text)})

    def fill(self, name, pool, draw):
        """Asks for questions case by case, at most eight times around."""
        got = 0
        for turn in range(len(pool) * 8):
            if got == self.per_class:
                break
            case = pool[turn % len(pool)]
            question = draw(case)
            if question:
                self.rows.append((name, case['id'], ' '.join(question.split())))
                got += 1

    def run(self, pattern, text, least, most):
        """Some characters, in a row, of some match."""
        r = self.random
        found = [match for match in pattern.findall(text) if len(match) >= least]
        if not found:
            return None
        match = r.choice(found)
        length = r.randint(least, min(most, len(match)))
        at = r.randint(0, len(match) - length)
        return match[at:at + length]

    def slip(self, word):
        """One letter changed, lost, added, or swapped with the one before; never the first."""
        r = self.random
        kind, at = r.randrange(4), r.randrange(1, len(word))
        letters = 'abcdefghijklmnopqrstuvwxyz'
        if word.isupper():
            letters = letters.upper()
        if word[at].isdigit():
            letters = '0123456789'
        letter = r.choice([other for other in letters if other != word[at]])
        if kind == 1:
            return word[:at] + word[at + 1:]
        if kind == 2:
            return word[:at] + letter + word[at:]
        if kind == 3 and word[at] != word[at - 1]:
            return word[:at - 1] + word[at] + word[at - 1] + word[at + 1:]
        return word[:at] + letter + word[at + 1:]

    # --- one method a class ---------------------------------------------------------------------

    def zh2(self, case):
        """A pair that is no rarity."""
        for _ in range(12):
            pair = self.run(HAN, text_of(case), 2, 2)
            if pair and self.pairs[pair] >= 12:
                return pair
        return None

    def q_sent(self, case):
        r, title = self.random, case['title']
        if len(title) < 8:
            return None
        if case['lang'] == 'en':
            if r.random() < .4:
                title = title.replace(case['product'], '').strip(' :()')
            return r.choice(WRAPS_EN) % title
        if r.random() < .4:
            title = title.replace(case['product'], '').strip(' ：（）')
        return r.choice(WRAPS_ZH) % title

    def en2_4(self, case):
        r, words = self.random, words_of(case)
        if len(words) < 4:
            return None
        count = r.randint(2, 4)
        # The place is drawn although a sample may be taken then: the order of draws is the seed's.
        at = r.randrange(0, len(words) - count + 1) if r.random() < .6 else None
        some = words[at:at + count] if at is not None else r.sample(words, count)
        return ' '.join(some).lower() if r.random() < .7 else ' '.join(some)

    def code(self, case):
        return case['error_code'] if self.random.random() < .6 else case['product']

    def typo(self, case):
        r = self.random
        if r.random() < .4:
            parts = (case['product'] if r.random() < .5 else case['error_code']).split(' ')
            longest = max(range(len(parts)), key=lambda i: len(parts[i]))
            if len(parts[longest]) < 4:
                return None
            parts[longest] = self.slip(parts[longest])
            return ' '.join(parts)
        words = [word for word in words_of(case)
                 if len(word) >= 5 and self.words[word.lower()] >= 2]
        if len(words) < 3:
            return None
        first = r.choice(words)
        second = r.choice([word for word in words if word != first] or words)
        return self.slip(first.lower()) + ' ' + second.lower()

    def prefix(self, case):
        r = self.random
        if r.random() < .35:
            name = case['product'] if r.random() < .6 else case['error_code']
            return name[:r.randint(2, max(2, len(name) - 1))].rstrip()
        if case['lang'] == 'en':
            words = [word for word in words_of(case) if len(word) >= 5]
            if len(words) < 2:
                return None
            at = r.randrange(len(words) - 1)
            last = words[at + 1]
            return (words[at] + ' ' + last[:r.randint(2, len(last) - 1)]).lower()
        if case['lang'].startswith('zh'):
            return self.run(HAN, case['title'], 2, 4)
        return None

    def ko(self, case):
        words = [word for word in KO.findall(text_of(case)) if len(word) >= 2]
        if not words:
            return None
        return ' '.join(self.random.sample(words, min(len(words), self.random.randint(1, 2))))

    def mixed(self, case):
        r = self.random
        han, words = self.run(HAN, text_of(case), 2, 5), LATIN.findall(text_of(case))
        if not han or not words:
            return None
        latin = (r.choice(words) if r.random() < .5 else
                 r.choice([case['product'], case['error_code']]))
        form = r.choice(['%s %s', '%s%s'])
        return form % ((han, latin) if r.random() < .5 else (latin, han))

    def draw(self):
        two_to_one = []
        for zh, en in zip(self.zh * 2, self.by_lang['en'] * 3):
            two_to_one += [zh, zh, en]
        self.fill('zh1', self.zh, lambda case: self.run(HAN, text_of(case), 1, 1))
        self.fill('zh2', self.zh, self.zh2)
        self.fill('zh3_6', self.zh, lambda case: self.run(HAN, text_of(case), 3, 6))
        self.fill('q_sent', two_to_one[:self.per_class * 4], self.q_sent)
        self.fill('en2_4', self.by_lang['en'], self.en2_4)
        self.fill('code', self.cases, self.code)
        typos = [case for case in self.cases if case['lang'] in ('en', 'zh-Hans')]
        self.fill('typo', typos, self.typo)
        self.fill('prefix', self.cases, self.prefix)
        self.fill('ja', self.by_lang['ja'], lambda case: self.run(JA, text_of(case), 2, 7))
        self.fill('ko', self.by_lang['ko'], self.ko)
        self.fill('mixed', self.zh, self.mixed)
        return self.rows


def write_questions(corpus, out, per_class=PER_CLASS, seed=SEED):
    rows = Drawer(corpus, per_class, seed).draw()
    with open(out, 'w', encoding='utf-8') as file:
        for row in rows:
            file.write('\t'.join(row) + '\n')


def read_questions(path):
    """{class: [(id, question), …]}, in the order of the file."""
    by_class = {}
    with open(path, encoding='utf-8') as file:
        for line in file:
            name, source, question = line.rstrip('\n').split('\t', 2)
            by_class.setdefault(name, []).append((source, question))
    return by_class
