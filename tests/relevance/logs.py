"""A page of log with one line that says what is wrong, as people paste it.

The line is either a case's own words around one of its identifiers (`.logline`), or one made up
that has nothing of the case but the identifier (`.logcode`). Around it stands 200 to 3,900 bytes of
what one or two other programs wrote at the time: time stamps, process ids, addresses, GUIDs,
digests, stack frames, status codes. All of it is invented here, from the seed and the identifier
alone, and is about no case; a number of it may be in a case, as in life."""

import random
import re

from codes import IDENTIFIER, SEED, squeeze
from sets import Kind

PER_KIND = 400
NOISE_MIN, NOISE_MAX = 200, 3900
AROUND = 60             # characters of the case on each side of the identifier
WORDS = ('session worker cache queue request client upstream pool index task handler batch socket '
         'channel volume scheduler listener token replica stream').split()
VERBS = 'started stopped opened closed refreshed accepted flushed finished retried resumed'.split()
NAMES = 'alpha delta orion node web db app gw edge core'.split()
PACKAGES = 'com.acme.billing org.sample.store net.demo.sync io.vendor.mesh'.split()
TYPES = 'InvoiceService OrderLoader SyncRunner MeshProxy PoolManager ItemReader'.split()
MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split()


def digits(chance, count):
    return ''.join(chance.choice('0123456789') for _ in range(count))


def hexes(chance, count):
    return ''.join(chance.choice('0123456789abcdef') for _ in range(count))


def uuid(chance):
    return '-'.join(hexes(chance, count) for count in (8, 4, 4, 4, 12))


def address(chance):
    return '.'.join(str(chance.randint(1, 254)) for _ in range(4))


def clock(chance):
    return f'{chance.randint(0, 23):02}:{chance.randint(0, 59):02}:{chance.randint(0, 59):02}'


def day(chance):
    return f'{chance.randint(2019, 2026)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}'


def said(chance):
    return f'{chance.choice(WORDS)} {chance.choice(VERBS)}'


def syslog(chance):
    program = chance.choice(('sshd', 'cron', 'systemd', 'dhclient', 'postfix/smtpd'))
    what = chance.choice((
        f'Accepted publickey for deploy from {address(chance)} port {chance.randint(1024, 65535)}',
        f'{said(chance)}, pid {chance.randint(100, 99999)}',
        f'connect from unknown[{address(chance)}]',
        f'Started Session {chance.randint(1, 9999)} of user deploy.'))
    return (f'{chance.choice(MONTHS)} {chance.randint(1, 28)} {clock(chance)} '
            f'{chance.choice(NAMES)}{chance.randint(1, 40):02} {program}'
            f'[{chance.randint(100, 99999)}]: {what}')


def java(chance):
    package, kind = chance.choice(PACKAGES), chance.choice(TYPES)
    if chance.random() < .5:
        return f'    at {package}.{kind}.{chance.choice(VERBS)}({kind}.java:{chance.randint(9, 999)})'
    return (f'{day(chance)} {clock(chance)},{digits(chance, 3)} '
            f'{chance.choice(("INFO", "WARN", "DEBUG"))} [pool-{chance.randint(1, 9)}-thread-'
            f'{chance.randint(1, 64)}] {package}.{kind} - {said(chance)} '
            f'@{hexes(chance, 8)} in {chance.randint(1, 4000)} ms')


def access(chance):
    return (f'{address(chance)} - - [{chance.randint(1, 28):02}/{chance.choice(MONTHS)}/'
            f'{chance.randint(2019, 2026)}:{clock(chance)} +0000] "'
            f'{chance.choice(("GET", "POST"))} /api/v{chance.randint(1, 3)}/{chance.choice(WORDS)}/'
            f'{chance.randint(1, 99999)} HTTP/1.1" {chance.choice((200, 204, 301, 304, 404, 502))} '
            f'{chance.randint(0, 99999)} "-" "curl/7.{chance.randint(50, 88)}.0"')


def structured(chance):
    return (f'{{"level":"info","ts":"{day(chance)}T{clock(chance)}.{digits(chance, 3)}Z","caller":'
            f'"{chance.choice(WORDS)}/{chance.choice(WORDS)}.go:{chance.randint(9, 999)}","msg":'
            f'"{said(chance)}","trace_id":"{uuid(chance)}","took_ms":{chance.randint(1, 999)}}}')


def kernel(chance):
    what = chance.choice((
        f'RIP: 0010:[<ffffffff{hexes(chance, 8)}>] {chance.choice(WORDS)}+0x{hexes(chance, 2)}'
        f'/0x{hexes(chance, 3)}',
        f'usb 1-{chance.randint(1, 9)}: new high-speed USB device number {chance.randint(2, 99)}',
        f'eth{chance.randint(0, 3)}: link up, {":".join(hexes(chance, 2) for _ in range(6))}',
        f'RAX: {hexes(chance, 16)} RBX: {hexes(chance, 16)} RCX: {hexes(chance, 16)}'))
    return f'[{chance.randint(1, 99999):>5}.{digits(chance, 6)}] {what}'


def container(chance):
    return (f'{day(chance)}T{clock(chance)}Z {chance.choice(NAMES)}-{hexes(chance, 10)}-'
            f'{hexes(chance, 5)} pulled image registry.local/{chance.choice(WORDS)}@sha256:'
            f'{hexes(chance, 64)}')


def service(chance):
    return (f'{chance.randint(1, 12)}/{chance.randint(1, 28)}/{chance.randint(2019, 2026)} '
            f'{clock(chance)} Information {{{uuid(chance).upper()}}} The {chance.choice(WORDS)} '
            f'service entered the {chance.choice(VERBS)} state. PID: {chance.randint(100, 99999)}')


STYLES = (syslog, java, access, structured, kernel, container, service)


def failure(code, chance):
    """A line that has nothing of the case but the code."""
    return chance.choice((
        f'{day(chance)} {clock(chance)} ERROR [{chance.choice(WORDS)}] failed with {code}',
        f'ERROR: {code}', f'{chance.choice(WORDS)}: error code {code}, giving up',
        f'Exception in thread "main" {chance.choice(PACKAGES)}.Failure: {code}: see above',
        f'{{"level":"error","ts":"{day(chance)}T{clock(chance)}Z","error":"{code}"}}'))


def page(line, chance):
    """The line somewhere in the noise; lines are parted as they are in a log."""
    styles = chance.sample(STYLES, chance.randint(1, 2))
    want = int(NOISE_MIN * (NOISE_MAX / NOISE_MIN) ** chance.random()) - len(line.encode())
    lines, size = [], 0
    while size < want:
        made = chance.choice(styles)(chance)
        lines.append(made)
        size += len(made.encode()) + 1
    lines.insert(chance.randint(0, len(lines)), line)
    return '\n'.join(lines)


def words_around(text, begin, end):
    """AROUND characters on both sides, without the words that are cut."""
    left, right = max(0, begin - AROUND), min(len(text), end + AROUND)
    before = text[left:begin] if left == 0 else re.sub(r'^\S*\s', '', text[left:begin], count=1)
    after = text[end:right] if right == len(text) else re.sub(r'\s\S*$', '', text[end:right],
                                                              count=1)
    return before + text[begin:end] + after


def own_lines(cases, wanted):
    """{squeezed identifier: words around it in the first case that has it}"""
    lines = {}
    for _, _, text in cases:
        for match in IDENTIFIER.finditer(text):
            key = squeeze(match.group())
            if key in wanted and key not in lines:
                lines[key] = words_around(text, match.start(), match.end())
    return lines


def log_kinds(cases, codes):
    chance = random.Random(f'{SEED} logs')
    keys = sorted(codes.written)
    keys = sorted(chance.sample(keys, min(PER_KIND, len(keys))))
    lines = own_lines(cases, set(keys))
    kinds = []
    for name, line_of in (('.logcode', lambda key, luck: failure(codes.written[key], luck)),
                          ('.logline', lambda key, luck: lines.get(key))):
        questions = {}
        for key in keys:
            luck = random.Random(f'{SEED} {name} {key}')
            if line := line_of(key, luck):
                questions[key] = page(line, luck)
        kinds.append(Kind(name, questions, {key: dict.fromkeys(sorted(codes.holders[key]), 1)
                                            for key in questions}))
    return kinds
