#!/usr/bin/env python3
"""count.py DUMP REPORTS: the figures of reports, counted from the journal alone.

DUMP is what `askfirst dump` writes: every command that was taken, in order. REPORTS has a line for
each report: what was asked, after which entry of the journal, and what was answered. Everything is
counted here in its own way, from what people and programs *did*: the tables of records, and the
program that reads them, are not asked. Prints each difference; exit 1 when there is one."""

import datetime
import json
import sys

DONE_BY_STEP = {  # where a step leads
    'accept': 'accepted', 'triage': 'triaged', 'dispatch': 'dispatched', 'start': 'in_progress',
    'take': 'in_progress', 'wait_customer': 'pending_customer', 'wait_parts': 'pending_parts',
    'wait_handoff': 'pending_handoff', 'resume': 'in_progress', 'restore': 'restored',
    'resolve': 'resolved', 'close': 'closed', 'reopen': 'in_progress', 'reject': 'out_of_scope',
    'cancel': 'cancelled', 'spam': 'spam'}
PROMISES = {'respond': 'respond_on_time', 'restore': 'restore_on_time',
            'resolve': 'resolve_on_time'}
EARLY = ('submitted', 'accepted', 'triaged', 'dispatched')
OVER = ('closed', 'out_of_scope', 'cancelled', 'spam', 'merged')
WEEK_MS = 7 * 86400 * 1000


def ms(text):
    """RFC 3339 or a date, as milliseconds."""
    at = datetime.datetime.fromisoformat(text.replace('Z', '+00:00'))
    if at.tzinfo is None:
        at = at.replace(tzinfo=datetime.timezone.utc)
    return round(at.timestamp() * 1000)


class Ticket:
    """What happened to one, as a list of things that were done."""

    def __init__(self, number, at, body):
        self.number = number
        self.opened = at
        self.reported = ms(body['reported'])
        self.fields = {key: body.get(key, '') for key in (
            'product', 'group', 'person', 'severity', 'class', 'channel')}
        self.fields['entered_by'] = body['role']
        self.has_consult = bool(body.get('consult'))
        self.state = 'submitted'
        self.steps = []          # (at, event, to)
        self.public_replies = []  # of staff
        self.roles = []          # of links
        self.clocks = [(at, body.get('clocks', []))]  # each time they were set anew
        self.is_stated = False   # that there is nothing to record
        self.survey = None       # {'expires', 'at', 'score'}
        self.visits = []         # {'due', 'at', 'state'}
        self.before_merge = None
        self.tasks = []
        self.handoffs = []       # each a list of {'event', 'at', 'due'?}
        self.parts = []          # {'at', 'promise', 'shipped_at', 'qty', 'shipped', 'received', …}
        self.has_root_cause = self.has_team = False
        self.has_team = 'emergency' in body
        if body.get('group'):
            self.add_task(at, body, body.get('ring'), None)

    # --- whose work it is -------------------------------------------------------------------------

    def add_task(self, at, whose, ring, back_to, grey=False):
        self.tasks.append({'at': at, 'group': whose.get('group', ''), 'ring': ring,
                           'person': whose.get('person', ''), 'back_to': back_to, 'grey': grey,
                           'end': None})
        self.follow_task()

    def follow_task(self):
        if self.tasks:
            self.fields['group'] = self.tasks[-1]['group']
            self.fields['person'] = self.tasks[-1]['person']

    def end_task(self, how):
        if self.tasks and self.tasks[-1]['end'] is None:
            self.tasks[-1]['end'] = how

    def task_moves(self, at, to, person):
        """What becomes of the task in hand when the ticket comes to another state."""
        if not self.tasks:
            return
        last = self.tasks[-1]
        if last['end'] is not None:
            if self.state == 'merged':
                if last['end'] == 'withdrawn':
                    last['end'] = None
            elif to == 'in_progress' and self.state in ('resolved', *OVER):
                self.add_task(at, last, last['ring'], last['back_to'])
        elif to in ('resolved', 'closed'):
            self.end_task('done')
        elif to in OVER:
            self.end_task('withdrawn')
        elif to == 'in_progress' and self.state in EARLY and person:
            last['person'] = person
            self.follow_task()

    def move(self, at, event, to, person=''):
        """Whatever came of it: a step, a reply, a window that passed."""
        self.task_moves(at, to, person)
        self.steps.append((at, self.state, to))
        if to != 'closed' and (self.state == 'closed' or to in OVER):
            for visit in self.visits:  # nobody need ask about what is not over, or never was
                if visit['state'] == 'due':
                    visit['state'] = 'waived'
        if self.state in ('resolved', 'closed') and to not in OVER:
            self.is_stated = False
        self.state = to

    def close(self, at, body):
        """With what was decided for its end."""
        self.move(at, 'close', 'closed')
        closing = body.get('closing', {})
        if 'survey' in closing and not (self.survey and 'at' in self.survey):
            self.survey = {'expires': ms(closing['survey']['expires'])}
        for visit in closing.get('visits', []):
            self.ask_visit(visit)

    def ask_visit(self, asked):
        """One that is due already serves for this too."""
        if not any(visit['state'] == 'due' for visit in self.visits):
            self.visits.append({'due': ms(asked['due']), 'state': 'due'})

    # --- whom else is waited for ------------------------------------------------------------------

    def may_close(self):
        """A case, or a statement; nothing still open with others; an emergency's root cause."""
        return (('resolved_by' in self.roles or self.is_stated) and not self.is_owed_something()
                and not (self.has_team and not self.has_root_cause))

    def is_owed_something(self):
        """By others: an answer that is not confirmed, parts that have not come or gone back."""
        return any(one[-1]['event'] not in ('confirm', 'withdraw') for one in self.handoffs) or any(
            part['qty'] > part['received'] or
            (part['returns'] and not part['is_kept'] and part['qty'] > part['returned'])
            for part in self.parts if not part['is_cancelled'])

    def awaited_handoffs(self):
        return [one for one in self.handoffs if one[-1]['event'] in ('send', 'accept')]

    def step_handoff(self, at, body):
        entry = {'event': body['event'], 'at': at}
        if 'due' in body:
            entry['due'] = ms(body['due'])
        if body['event'] != 'overdue':
            self.handoffs[body['handoff'] - 1].append(entry)
        if self.state == 'pending_handoff' and not self.awaited_handoffs():
            self.move(at, 'handoff', 'in_progress')

    def step_part(self, at, body):
        part, event = self.parts[body['request'] - 1], body['event']
        if event == 'ship':
            part['shipped'] += body['qty']
        elif event == 'receive':
            part['received'] += body['qty']
        elif event == 'return':
            part['returned'] += body['qty']
        elif event == 'keep':
            part['is_kept'] = True
        elif event == 'reduce':
            part['qty'] = body['qty']
        elif event == 'lost':
            part['shipped'] -= body['qty']
        elif event == 'cancel':
            part['is_cancelled'] = True
        elif event == 'promise' and 'from_stock' in body:
            part['from_stock'] = body['from_stock']
        part['shipped_at'] = (part['shipped_at'] or at) if part['shipped'] >= part['qty'] else None
        if self.state == 'pending_parts' and not any(
                one['received'] < one['qty'] and not one['is_cancelled'] for one in self.parts):
            self.move(at, 'parts', 'in_progress')

    def call_off(self, at):
        """A ticket that is cancelled asks nobody any more."""
        for one in self.handoffs:
            if one[-1]['event'] not in ('confirm', 'withdraw'):
                one.append({'event': 'withdraw', 'at': at})
        for part in self.parts:
            part['is_cancelled'] |= part['shipped'] == 0

    # --- promises ---------------------------------------------------------------------------------

    def decided(self, now):
        """(kind, instant, kept) of each clock that was decided by now."""
        for place in range(max((len(clocks) for _, clocks in self.clocks), default=0)):
            yield from self.one_decided(place, now)

    def one_decided(self, place, now):
        broken = None
        for index, (_, clocks) in enumerate(self.clocks):
            if place >= len(clocks):
                continue
            clock = clocks[place]
            until = self.clocks[index + 1][0] if index + 1 < len(self.clocks) else now
            if clock['state'] == 'running' and 'due' in clock and broken is None:
                # set anew at the very instant it is due: it is stopped in time
                if ms(clock['due']) < until:
                    broken = ms(clock['due'])
        last = next(clocks[place] for _, clocks in reversed(self.clocks) if place < len(clocks))
        if last['state'] == 'cancelled':
            return
        if broken is not None:
            yield last['kind'], broken, False
        elif last['state'] == 'stopped':
            yield last['kind'], ms(last['stopped']), True

    # --- times ------------------------------------------------------------------------------------

    def waited(self, until):
        """Milliseconds in the customer's hands before an instant."""
        total, since = 0, None
        for at, _, to in self.steps:
            if at > until:
                break
            if since is not None and to != 'pending_customer':
                total, since = total + at - since, None
            elif since is None and to == 'pending_customer':
                since = at
        return total


# --- the journal --------------------------------------------------------------------------------


class Desk:
    """All tickets, as the commands up to some entry leave them."""

    def __init__(self):
        self.tickets = {}

    def take(self, entry):
        kind, body, at = entry['kind'], entry['body'], ms(entry['at'])
        if kind == 'survey.answer':
            ticket = self.tickets[body['ticket']]
            ticket.survey |= {'at': at, 'score': body['score']}
            if 'visit' in body:
                ticket.ask_visit(body['visit'])
        if kind == 'handoff.send':
            self.tickets[body['ticket']].handoffs.append(
                [{'event': 'send', 'at': at, 'due': ms(body['due'])}])
        if kind == 'handoff.step':
            self.tickets[body['ticket']].step_handoff(at, body)
        if kind == 'part.request':
            self.tickets[body['ticket']].parts.append(
                {'at': at, 'promise': ms(body['promise']), 'from_stock': body['from_stock'],
                 'qty': body['qty'], 'shipped': 0, 'received': 0, 'shipped_at': None,
                 'is_cancelled': False, 'is_kept': False, 'returns': body['returns'],
                 'returned': 0})
        if kind == 'part.step':
            self.tickets[body['ticket']].step_part(at, body)
        if kind in ('visit.report', 'visit.waive'):
            visit = self.tickets[body['ticket']].visits[body['visit'] - 1]
            if kind == 'visit.waive':
                visit['state'] = 'waived'
            elif body['result'] != 'not_reached':
                visit |= {'state': 'done', 'at': at}
        if kind == 'ticket.open':
            number = len(self.tickets) + 1
            self.tickets[number] = Ticket(number, at, body)
            return
        if not kind.startswith('ticket.'):
            return
        ticket = self.tickets[body['ticket']]
        if 'clocks' in body:
            ticket.clocks.append((ms(body['clocks_at']), body['clocks']))
        take = getattr(self, 'take_' + kind.split('.')[1], None)
        if take is None:
            sys.exit(f'count.py: what does {kind} do to the figures?')
        take(ticket, at, body)

    @staticmethod
    def take_move(ticket, at, body):
        if body.get('nothing_to_record'):
            ticket.is_stated = True
        if body['event'] == 'close':
            ticket.close(at, body)
        else:
            ticket.move(at, body['event'], DONE_BY_STEP[body['event']], body.get('person', ''))
            if body['event'] == 'cancel':
                ticket.call_off(at)

    @staticmethod
    def take_confirm(ticket, at, body):
        if ticket.may_close():  # else it is held
            ticket.close(at, body)

    @staticmethod
    def take_merge(ticket, at, body):
        ticket.before_merge = ticket.state, ticket.clocks[-2][1]
        ticket.move(at, 'merge', 'merged')

    @staticmethod
    def take_unmerge(ticket, at, body):
        state, clocks = ticket.before_merge
        ticket.task_moves(at, state, '')
        ticket.clocks.append((at, clocks))
        ticket.state = state
        ticket.steps.append((at, 'merged', state))

    @staticmethod
    def take_assign(ticket, at, body):
        ticket.tasks[-1]['person'] = body['person']
        ticket.follow_task()

    @staticmethod
    def take_take(ticket, at, body):
        if ticket.state in EARLY:
            ticket.move(at, 'take', 'in_progress', body['person'])
        else:
            Desk.take_assign(ticket, at, body)

    @staticmethod
    def take_transfer(ticket, at, body):
        last = ticket.tasks[-1]
        ticket.end_task('transferred')
        ticket.add_task(at, body, body.get('ring'), last['back_to'])

    @staticmethod
    def take_escalate(ticket, at, body):
        number = len(ticket.tasks)
        ticket.end_task('escalated')
        ticket.add_task(at, body, body.get('ring'), number, body.get('grey', False))

    @staticmethod
    def take_result(ticket, at, body):
        origin = ticket.tasks[ticket.tasks[-1]['back_to'] - 1]
        ticket.end_task('done')
        ticket.add_task(at, origin, origin['ring'], origin['back_to'])

    @staticmethod
    def take_notice(ticket, at, body):
        if body['stage'] == 'root_cause':
            ticket.has_root_cause = True

    @staticmethod
    def take_step(ticket, at, body):
        if body.get('skip') or body.get('failed'):
            return
        if body['do'] == 'escalate_functional':
            Desk.take_escalate(ticket, at, body)
        elif body['do'] == 'raise':
            Desk.take_severity(ticket, at, body)

    @staticmethod
    def take_manage(ticket, at, body):
        pass

    take_answer = take_beat = take_manage

    @staticmethod
    def take_classify(ticket, at, body):
        for key in ('product', 'class'):
            ticket.fields[key] = body.get(key, ticket.fields[key])

    @staticmethod
    def take_reply(ticket, at, body):
        if body['from'] == 'customer':
            if ticket.state in ('pending_customer', 'resolved', 'closed'):
                ticket.move(at, 'reply', 'in_progress')
        elif not body['internal']:
            ticket.public_replies.append(at)

    @staticmethod
    def take_severity(ticket, at, body):
        ticket.fields['severity'] = body['severity']
        if 'emergency' in body:
            ticket.has_team = True
        elif body['severity'] != 'S1':
            ticket.has_team = False

    @staticmethod
    def take_link(ticket, at, body):
        ticket.roles.append(body['role'])

    @staticmethod
    def take_tick(ticket, at, body):
        pass


# --- figures ------------------------------------------------------------------------------------


class Figures:
    """One part's."""

    def __init__(self, names):
        self.of = {name: None for name in names}
        self.counts = {}
        self.ratios = {}
        self.durations = {}

    def count(self, name):
        self.counts[name] = self.counts.get(name, 0) + 1

    def ratio(self, name, n, of=1):
        old = self.ratios.get(name, (0, 0))
        self.ratios[name] = (old[0] + n, old[1] + of)

    def duration(self, name, value):
        self.durations.setdefault(name, []).append(value)

    def differ(self, answered):
        """Sentences about what was answered otherwise."""
        for name, value in answered.items():
            if isinstance(value, int):
                mine = self.counts.pop(name, 0)
            elif 'of' in value:
                n, of = self.ratios.pop(name, (0, 0))
                mine = {'n': n, 'of': of}
                if of:
                    mine['rate'] = value.get('rate') if abs(
                        n / of - value.get('rate', -1)) <= 5.1e-5 else n / of
            else:
                mine = self.spread(sorted(self.durations.pop(name, [])))
            if mine != value:
                yield f'{name} is {value}, and counted {mine}'
        for name in (*self.counts, *self.ratios, *self.durations):
            yield f'{name} is not in the report'

    @staticmethod
    def spread(values):
        """The lower median; P90 is the smallest value that at least nine of ten do not exceed."""
        if not values:
            return {'n': 0}
        n = len(values)
        p90 = next(v for i, v in enumerate(values) if (i + 1) * 10 >= 9 * n)
        return {'n': n, 'mean_ms': int(sum(values) / n) if sum(values) >= 0 else 0,
                'median_ms': values[(n - 1) // 2], 'p90_ms': p90}


def measure(ticket, start, end, now, figures):
    """What of a ticket was decided from `start` on, before `end`."""
    def inside(at):
        return start <= at < end

    if ticket.state in ('spam', 'merged'):
        return
    if inside(ticket.opened):
        figures.count('opened')
        by = ticket.fields['entered_by']
        figures.ratio('opened_by_customer', by == 'customer')
        figures.ratio('opened_by_rep', by == 'rep' or ticket.fields['channel'] == 'rep')
        figures.ratio('opened_after_asking', ticket.has_consult)
    if ticket.state in ('cancelled', 'out_of_scope'):
        return
    for kind, at, kept in ticket.decided(now):
        if kind in PROMISES and inside(at):
            figures.ratio(PROMISES[kind], kept)
        if kind.startswith('ola:') and inside(at):
            if not ticket.tasks[int(kind[4:]) - 1]['grey']:
                figures.ratio('tasks_in_time', kept)
    came = [(at, before, to) for at, before, to in ticket.steps if before not in (to, 'merged')]
    owned = [at for at, _, to in came if to == 'in_progress']
    if owned and inside(owned[0]):
        figures.duration('time_to_own', owned[0] - ticket.reported)
    resolved = [at for at, _, to in came if to == 'resolved' and inside(at)]
    reopened = [at for at, before, to in came if (before, to) == ('closed', 'in_progress')]
    figures.ratio('reopened', any(map(inside, reopened)), bool(resolved))
    if resolved:
        last = resolved[-1]
        figures.count('resolved')
        ring = [task['ring'] for task in ticket.tasks if task['at'] <= last][-1:] or [None]
        for n in (1, 2, 3):
            figures.ratio(f'resolved_ring_{n}', ring[0] == n)
        figures.duration('time_to_resolve', last - ticket.reported - ticket.waited(last))
        figures.ratio('first_contact',
                      sum(at <= last for at in ticket.public_replies) <= 1
                      and not any(to.startswith('pending_') for _, _, to in ticket.steps)
                      and not any(last <= at < last + WEEK_MS for at in reopened))
    if any(to == 'closed' and inside(at) for at, _, to in came):
        figures.count('closed')
        figures.ratio('linked', any(role != 'not_helpful' for role in ticket.roles))
        ends = [task['end'] for task in ticket.tasks]
        groups = [task['group'] for task in ticket.tasks]
        figures.ratio('transferred', 'transferred' in ends)
        figures.ratio('escalated', 'escalated' in ends)
        figures.ratio('bounced', any(ends[n - 1] == 'transferred' and groups[n] in groups[:n - 1]
                                     for n in range(2, len(groups))))
    for handoff in ticket.handoffs:
        for n, sent in enumerate(handoff):
            if sent['event'] == 'send':
                over = next((one for one in handoff[n + 1:] if one['event'] in (
                    'answer', 'decline', 'withdraw', 'send')), None)
                if over and over['at'] <= sent['due']:
                    if over['event'] != 'withdraw' and inside(over['at']):
                        figures.ratio('handoffs_in_time', 1)
                elif sent['due'] < now and inside(sent['due']):
                    figures.ratio('handoffs_in_time', 0)
    for part in ticket.parts:
        if part['is_cancelled']:
            continue
        if inside(part['at']):
            figures.ratio('parts_from_stock', part['from_stock'])
        if part['shipped_at'] is not None and part['shipped_at'] <= part['promise']:
            if inside(part['shipped_at']):
                figures.ratio('parts_in_time', 1)
        elif part['promise'] < now and inside(part['promise']):
            figures.ratio('parts_in_time', 0)
    if ticket.survey and 'at' in ticket.survey:
        if inside(ticket.survey['at']):
            figures.ratio('surveys_answered', 1)
            figures.ratio('satisfied', ticket.survey['score'] >= 4)
    elif ticket.survey and ticket.survey['expires'] <= now and inside(ticket.survey['expires']):
        figures.ratio('surveys_answered', 0)
    for visit in ticket.visits:
        in_time = visit['state'] == 'done' and visit['at'] <= visit['due']
        if in_time and inside(visit['at']):
            figures.ratio('visits_in_time', 1)
        elif not in_time and visit['state'] != 'waived' and visit['due'] < now and inside(visit['due']):
            figures.ratio('visits_in_time', 0)


def differences(desk, asked):
    """Sentences about one report."""
    report, by, now = asked['report'], asked['by'], asked['now']
    start, end = ms(report['from']), ms(report['to'])
    every = Figures(report['figures'])
    parts = {}
    for ticket in desk.tickets.values():
        measure(ticket, start, end, now, every)
        if by:
            part = parts.setdefault(ticket.fields[by], Figures(report['figures']))
            measure(ticket, start, end, now, part)
    yield from every.differ(report['figures'])
    answered = {part['key']: part['figures'] for part in report['parts']}
    for key, figures in parts.items():
        nothing = {name: 0 if isinstance(value, int) else {'n': 0, 'of': 0} if 'of' in value
                   else {'n': 0} for name, value in report['figures'].items()}
        for sentence in figures.differ(answered.pop(key, nothing)):
            yield f'{by} {key or "(none)"}: {sentence}'
    for key in answered:
        yield f'{by} {key}: there is no such part'


def main():
    dump, reports = sys.argv[1:]
    asked = [json.loads(line) for line in open(reports, encoding='utf-8')]
    asked.sort(key=lambda one: one['seq'])
    desk, compared, wrong = Desk(), 0, 0
    with open(dump, encoding='utf-8') as lines:
        next(lines)  # what the dump is
        entries = (json.loads(line) for line in lines)
        seq = 0
        for one in asked:
            while seq < one['seq']:
                entry = next(entries)
                desk.take(entry)
                seq = entry['seq']
            for sentence in differences(desk, one):
                wrong += 1
                if wrong <= 20:
                    print(f'{one["report"]["from"]} to {one["report"]["to"]}: {sentence}')
            compared += len(one['report']['figures']) * (1 + len(one['report']['parts']))
    print(f'{len(asked)} reports, {compared} figures, {len(desk.tickets)} tickets, {wrong} differ')
    sys.exit(wrong > 0 or compared < 1000)


main()
