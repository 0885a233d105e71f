"""The bars: what askfirst has to reach, as ratios to its peers in the same run."""

from engines import COMMIT, ENGINES
from markdown import number, table

P99_MS = {'100k': (3, 1), '1M': (10, 4)}   # bar, stretch
OTHERS = ('en2_4', 'code', 'prefix', 'ja', 'ko', 'mixed')
SHORT = {'zh1': .05, 'zh2': .1, 'zh3_6': .2}


class Bars:
    """Collects the rows of the table for one size."""

    def __init__(self, measured, size):
        self.measured, self.size = measured, size
        self.result = measured[size]
        self.rows = []

    # --- rows -----------------------------------------------------------------------------------

    def add(self, what, bar, figure, ratio, met):
        verdict = '–' if met is None else 'met' if met else '**not met**'
        self.rows.append((what, bar, figure, ratio, verdict))

    def at_most(self, what, mine, limit, unit, bar=None):
        if mine is not None:
            self.add(what, bar or f'≤ {limit:g} {unit}'.strip(), f'{number(mine)} {unit}'.strip(), '',
                     mine <= limit)

    def against(self, what, mine, peer, theirs, factor, least=False, unit='ms'):
        """mine ≤ factor × theirs; ≥ with `least`."""
        if mine is None or theirs is None:
            return
        sign = '≥' if least else '≤'
        ratio = mine / theirs if theirs else float('inf')
        self.add(what, f'{sign} {factor:g} × {peer}',
                 f'{number(mine)} : {number(theirs)} {unit}'.strip(), number(ratio),
                 ratio >= factor if least else ratio <= factor)

    # --- figures --------------------------------------------------------------------------------

    def has(self, engine):
        return engine in self.result['engines']

    def peers(self):
        return [name for name in self.result['engines'] if ENGINES[name].is_peer]

    def figure(self, engine, name, key):
        """None when the engine or class was not measured, or has no answers to time."""
        answer = self.result['classes'].get(name, {}).get(engine)
        if answer is None or (key.startswith('cpu') and answer['unanswered'] > .5):
            return None
        return answer[key]

    def built(self, engine, figure):
        return figure(self.result['build'][engine]) if self.has(engine) else None

    def p50(self, name, peer, factor, what=None):
        self.against(what or f'CPU p50 {name}', self.figure('askfirst', name, 'cpu_p50'), peer,
                     self.figure(peer, name, 'cpu_p50'), factor)

    # --- the bars -------------------------------------------------------------------------------

    def building(self):
        rate = lambda build: build['docs'] / build['cpu_s']
        for peer, factor in (('groonga', 2.5), ('sqlite-seg', 1.2), ('floor', .6)):
            stretch = ' (stretch)' if peer == 'floor' else ''
            self.against(f'articles imported per CPU second{stretch}', self.built('askfirst', rate),
                         peer, self.built(peer, rate), factor, least=True, unit='')
        mine = self.result['build']['askfirst']
        self.against('import: one core : all cores, wall', mine.get('one_core_wall_s'), 'all cores',
                     mine['wall_s'], 1.7, least=True, unit='s')
        limit = 768 if self.size == '1M' else None
        if limit:
            self.at_most('peak memory of the import', mine['peak_mb'], limit, 'MiB')
            self.at_most('peak memory of the import (stretch)', mine['peak_mb'], 512, 'MiB')
        per_byte = lambda build: build['bytes'] / self.result['input_bytes']
        self.against('bytes on disk per byte of input', self.built('askfirst', per_byte), 'lucene',
                     self.built('lucene', per_byte), .85, unit='')
        self.at_most('bytes on disk per byte of input (stretch)', self.built('askfirst', per_byte),
                     1.3, '')

    def asking(self):
        for name, factor in SHORT.items():
            self.p50(name, 'groonga', factor)
            self.p50(name, 'lucene', .5)
            self.p50(name, 'floor', 1, f'CPU p50 {name} (stretch)')
        self.p50('q_sent', 'lucene', .25)
        self.p50('q_sent', 'floor', 1, 'CPU p50 q_sent (stretch)')
        self.p50('typo', 'groonga', .1)
        self.p50('typo', 'lucene', .5)
        for name in OTHERS:
            times = {peer: self.figure(peer, name, 'cpu_p50') for peer in self.peers()}
            times = {peer: time for peer, time in times.items() if time is not None}
            if times:
                self.p50(name, min(times, key=times.get), .5)

    def worst(self):
        times = {name: self.figure('askfirst', name, 'cpu_p99') for name in self.result['classes']}
        times = {name: time for name, time in times.items() if time is not None}
        if not times or self.size not in P99_MS:
            return
        name = max(times, key=times.get)
        for limit, word in zip(P99_MS[self.size], ('', ' (stretch)')):
            self.at_most(f'CPU p99, worst class: {name}{word}', times[name], limit, 'ms')

    def growth(self):
        if self.size != '1M' or '100k' not in self.measured:
            return
        small = Bars(self.measured, '100k')
        revisions = [bars.result.get('revision') for bars in (small, self)]
        for name in self.result['classes']:
            before = small.figure('askfirst', name, 'cpu_p50')
            now = self.figure('askfirst', name, 'cpu_p50')
            if before and now:
                ratio = now / before
                same = len(set(revisions)) == 1  # else it may be the program that changed
                self.add(f'growth of CPU p50 {name}', '≤ 4 × 100k',
                         f'{number(now)} : {number(before)} ms'
                         + ('' if same else ' ({1} : {0})'.format(*revisions)),
                         number(ratio), ratio <= 4 if same else None)

    def finding(self):
        for name, answers in self.result['classes'].items():
            best = self._best_peer(name, answers)
            if best:
                peer, mine, theirs, count = best
                self.add(f'hit@10 {name}', f'≥ best peer ({peer}) − 0.01',
                         f'{mine:.3f} : {theirs:.3f} on {count}', f'{mine - theirs:+.3f}',
                         mine >= theirs - .01)
        if self.size == '100k':
            for name, key, least in (('q_sent', 'hit1', .95), ('typo', 'hit10', .5)):
                mine = self.figure('askfirst', name, key)
                if mine is not None:
                    word = {'hit1': 'hit@1', 'hit10': 'hit@10'}[key]
                    self.add(f'{word} {name}', f'≥ {least:g}', f'{mine:.3f}', '', mine >= least)
        shares = {name: answers['askfirst']['unanswered']
                  for name, answers in self.result['classes'].items()}
        for name, share in shares.items():
            if share > 0 or name == 'typo':
                self.add(f'{name} without an answer', '< 2 %' if name == 'typo' else 'none',
                         f'{share:.1%}', '', share < .02 if name == 'typo' else share == 0)
        if not any(share for name, share in shares.items() if name != 'typo'):
            self.add('unanswered questions in the other classes', 'none', 'none', '', True)

    def _best_peer(self, name, answers):
        """The peer with the largest lead on the questions that it and askfirst both were asked."""
        best = None
        mine = answers['askfirst']['ranks']
        for peer in self.peers():
            theirs = answers[peer]['ranks']
            count = min(len(mine), len(theirs))
            share = [sum(1 for place in ranks[:count] if place) / count
                     for ranks in (mine, theirs)]
            if best is None or share[1] - share[0] > best[2] - best[1]:
                best = (peer, *share, count)
        return best

    def using(self):
        save = self.result['save']
        if 'askfirst' in save:
            mine, bare = save['askfirst']['wall'], save[COMMIT.name]['wall']
            self.against('save → durable and found', mine, 'bare LMDB commit', bare, 2)
            self.against('save → durable and found (stretch)', mine, 'bare LMDB commit', bare, 1.3)
            mine, bare = save['askfirst']['cpu'], save[COMMIT.name]['cpu']
            self.add('the same, CPU time', 'no bar', f'{number(mine)} : {number(bare)} ms',
                     number(mine / bare), None)
        opened = self.result['open']
        for state in ('warm', 'cold'):
            if 'groonga' in opened:
                self.against(f'open + first question, {state}', opened['askfirst'][f'{state}_wall'],
                             'groonga', opened['groonga'][f'{state}_wall'], .1)
                mine, theirs = (opened[name][f'{state}_cpu'] for name in ('askfirst', 'groonga'))
                self.add('the same, CPU time', 'no bar', f'{number(mine)} : {number(theirs)} ms',
                         number(mine / theirs), None)
            self.at_most(f'open + first question, {state} (stretch)',
                         opened['askfirst'][f'{state}_wall'], 2, 'ms')
        load = self.result['load']['askfirst']
        self.against('two threads : one, questions per second', load['2']['per_s'], 'one',
                     load['1']['per_s'], 1.9, least=True, unit='/s')
        self.against('two threads : one, per CPU second (cores not free)', load['2']['per_cpu_s'],
                     'one', load['1']['per_cpu_s'], .95, least=True, unit='/CPU s')


def rows_of(measured, size):
    """What, bar, figures, ratio, verdict; "–": not judged."""
    bars = Bars(measured, size)
    for part in (bars.building, bars.asking, bars.worst, bars.growth, bars.finding, bars.using):
        part()
    return bars.rows


def table_of(measured, size):
    rows = rows_of(measured, size)
    judged = [row for row in rows if row[4] != '–']
    met = sum(row[4] == 'met' for row in judged)
    head = ['measure', 'bar', 'askfirst : peer', 'ratio', '']
    return table(head, rows) + f'\n{met} of {len(judged)} are met.\n'
