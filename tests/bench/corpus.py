#!/usr/bin/env python3
"""Synthetic support cases, recombined from real sentences: the same seed gives the same bytes.

The first k cases of a larger corpus are the smaller corpus, so 10k, 100k and 1M nest. A case
keeps to a topic (sentences that stood near each other, clauses spliced), and names of things
(models, versions, error codes, serials, hosts, tickets, people, places) are put in, so that the
vocabulary grows as a real one does and no two cases are equal.

The folder of texts holds sentences-LANG.txt[.zst], one sentence a line, and words-KIND.txt, one
word a line (what follows a tab is ignored). It is data and not part of the project.
"""

import json
import pathlib
import random
import re
import subprocess

SEED = 20240601
LANGS = ('zh-Hans', 'zh-Hant', 'ja', 'ko', 'en')
WORDS = ('IT', 'diming', 'car', 'food', 'medical', 'caijing')

SERIES = [
    'HG', 'MA', 'OceanStor ', 'NE40E-X', 'USG', 'S5735-L', 'CE6881-', 'AR', 'FusionServer ', 'RH',
    'TP-', 'DS-', 'Latitude ', 'ThinkPad T', 'PowerEdge R', 'ProLiant DL', 'Catalyst ', 'ISR',
    'ASR', 'WS-C', 'EX', 'SRX', 'TiDB ', 'Redis ', 'Kafka ', 'Ubuntu ', 'AirEngine ', 'AP',
    'LaserJet M', 'EOS R', 'iR-ADV C', 'SyncMaster ', 'UX', 'DHP-', 'RV', 'WAP', 'EMUI ',
    'Oracle ', 'SAP B1 ', 'Magento ']
SUFFIX = ['H', 'H5', '-I', '-SI', 'E', 'V5', 'V3', 'T4X', 'A', 'Q', 'M', 'S', 'X', 'Pro', 'Lite',
          'C', 'P2', '-24T', '-48P', '-LI', ' Plus', ' G2', 'R', 'N', 'K']
CATEGORIES = {
    'zh-Hans': ['网络', '存储', '数据库', '账户与登录', '计费与发票', '打印机', '备份恢复', '性能',
                '安全', '升级', '安装部署', '硬件故障', '移动端', '邮件', '权限', '告警', '许可证',
                '接口对接', '报表', '远程协助'],
    'zh-Hant': ['網路', '儲存', '資料庫', '帳戶與登入', '計費與發票', '印表機', '備份還原', '效能',
                '安全性', '升級', '安裝部署', '硬體故障'],
    'ja': ['ネットワーク', 'ストレージ', 'データベース', 'アカウント', '請求', 'プリンター',
           'バックアップ', '性能', 'セキュリティ', 'アップグレード'],
    'ko': ['네트워크', '스토리지', '데이터베이스', '계정', '청구', '프린터', '백업', '성능', '보안',
           '업그레이드'],
    'en': ['Network', 'Storage', 'Database', 'Account and sign-in', 'Billing', 'Printing', 'Backup',
           'Performance', 'Security', 'Upgrade', 'Installation', 'Hardware'],
}
CODES = ['TIDB', 'ORA', 'E', 'ERR', 'SQLSTATE', 'MDVA', 'KB', 'ALM', 'NET', 'AUTH', 'DB', 'IO',
         'VPN', 'SYS', 'PRN', 'SNMP', 'HTTP', 'LIC', 'UPG', 'BAK']
FAULTS = ['TIMEOUT', 'REFUSED', 'DENIED', 'NOT_FOUND', 'OVERFLOW', 'CORRUPT', 'EXPIRED', 'LOCKED']
HOSTS = ['db', 'web', 'app', 'node', 'tikv', 'gw', 'core-sw', 'proxy', 'mail', 'dc', 'nas',
         'print', 'erp', 'crm', 'build']
SITES = ['bj', 'sh', 'gz', 'tpe', 'tyo', 'sel', 'sfo', 'fra']
SURNAMES = ('王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢'
            '蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟'
            '龙万段雷钱汤尹黎易常武乔贺赖龚文')
GIVEN = ('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志文海波宁晨宇欣佳怡子涵梓轩浩'
         '然思远雨泽嘉豪博雅诗琪梦瑶俊熙天佑若曦')
HANT = str.maketrans(
    '后报错败时办处设备号机现场错误码单节点与涉业务关闭问题请并联观复理议级为产证',
    '後報錯敗時辦處設備號機現場錯誤碼單節點與涉業務關閉問題請並聯觀復理議級為產證')

CLAUSES_CJK = re.compile(r'[，。；：、！？,]')
CLAUSES = re.compile(r'[,.;:]\s?')


def read_sentences(folder, lang):
    plain = folder / f'sentences-{lang}.txt'
    if plain.exists():
        return plain.read_text(encoding='utf-8').splitlines()
    packed = subprocess.run(['zstd', '-dc', f'{plain}.zst'], capture_output=True, check=True)
    return packed.stdout.decode('utf-8').splitlines()


def read_words(folder, kind):
    lines = (folder / f'words-{kind}.txt').read_text(encoding='utf-8').splitlines()
    words = (line.split('\t')[0].strip() for line in lines)
    return [word for word in words if 2 <= len(word) <= 8]


class Generator:
    """Every method draws from one random sequence. Lists of alternatives are made whole before
    one is chosen, so each draws for all of them: changing one changes every later case."""

    def __init__(self, folder, seed=SEED):
        folder = pathlib.Path(folder)
        self.random = random.Random(seed)
        self.sentences = {lang: read_sentences(folder, lang) for lang in LANGS}
        self.words = {kind: read_words(folder, kind) for kind in WORDS}
        self.products = self._products(random.Random(seed + 7))

    @staticmethod
    def _products(r):
        products = []
        for _ in range(3000):
            series = r.choice(SERIES)
            number = r.choice([r.randint(1, 9), r.randint(10, 99), r.randint(100, 999),
                               r.randint(1000, 9999)])
            products.append(f"{series}{number}{r.choice(SUFFIX) if r.random() < .6 else ''}")
        products[3] = 'HG8245H'
        return products

    # --- names of things ------------------------------------------------------------------------

    def zipf(self, n):
        """A rank below n, small ones much more often."""
        return min(n - 1, int((n + 8) ** self.random.random()) - 1) if n > 1 else 0

    def product(self):
        return self.products[self.zipf(len(self.products))]

    def version(self):
        r = self.random
        form = r.choice(['v%d.%d.%d', '%d.%d.%d', 'V%d00R%03dC%02d', '%d.%d.%d-rc'])
        return form % (r.randint(1, 9), r.randint(0, 22), r.randint(0, 40))

    def code(self):
        r = self.random
        kind = r.random()
        if kind < .35:
            return '%s-%d' % (r.choice(CODES), max(1, self.zipf(100000)))
        if kind < .6:
            return '0x%08X' % (0x80070000 + self.zipf(1 << 20))
        if kind < .8:
            return '%s%05d' % (r.choice(CODES), self.zipf(99999))
        return '%s_%s_%d' % (r.choice(CODES), r.choice(FAULTS), self.zipf(9999))

    def serial(self):
        r = self.random
        return '%s%02d%s%06d' % (r.choice(['SN', '2102', 'CN', 'JP', 'FOC', 'FXS']),
                                 r.randint(10, 25), r.choice('ABCDEFGHJKLMNPQRSTUVWXYZ'),
                                 r.randint(0, 999999))

    def host(self):
        r = self.random
        return '%s-%02d.%s%d' % (r.choice(HOSTS), r.randint(1, 64), r.choice(SITES),
                                 r.randint(1, 9))

    def address(self):
        r = self.random
        return '10.%d.%d.%d' % (r.randint(0, 255), r.randint(0, 255), r.randint(1, 254))

    def ticket(self):
        r = self.random
        return '%s%08d' % (r.choice(['INC', 'CS', 'REQ', 'CHG']), r.randint(1, 99999999))

    def word(self):
        kinds = ('diming', 'IT', 'diming', 'car', 'food', 'medical', 'caijing')
        words = self.words[self.random.choice(kinds)]
        return words[self.zipf(len(words))] if words else '华东'

    def person(self):
        r = self.random
        return r.choice(SURNAMES) + r.choice(GIVEN) + (r.choice(GIVEN) if r.random() < .7 else '')

    # --- sentences ------------------------------------------------------------------------------

    def near(self, lang, topic):
        r, sentences = self.random, self.sentences[lang]
        if r.random() < .7:
            return sentences[(topic + int(r.gauss(0, 25))) % len(sentences)]
        return sentences[r.randrange(len(sentences))]

    def sentence(self, lang, topic):
        """A sentence, or the first clause of one and the rest of another."""
        text = self.near(lang, topic)
        if self.random.random() < .45:
            comma = '，' if lang.startswith('zh') else '、' if lang == 'ja' else ', '
            other = self.near(lang, topic)
            i, j = text.find(comma, 6), other.find(comma, 6)
            if i > 0 and j > 0:
                text = text[:i] + other[j:]
        return text

    def paragraph(self, lang, topic, least, most):
        blank = '' if lang in ('zh-Hans', 'zh-Hant', 'ja') else ' '
        stop = '。' if lang in ('zh-Hans', 'zh-Hant', 'ja') else '.'
        ended = []
        for _ in range(self.random.randint(least, most)):
            text = self.sentence(lang, topic)
            ended.append(text if text[-1] in '。！？；：.!?;:' else text + stop)
        return blank.join(ended)

    def clause(self, lang, topic, least, most):
        commas = CLAUSES if lang in ('en', 'ko') else CLAUSES_CJK
        for _ in range(6):
            for clause in commas.split(self.near(lang, topic)):
                if least <= len(clause.strip()) <= most:
                    return clause.strip()
        return self.near(lang, topic)[:most]

    # --- cases ----------------------------------------------------------------------------------

    def case(self, number):
        x = self.random.random()
        lang = ('zh-Hans' if x < .60 else 'zh-Hant' if x < .70 else 'ja' if x < .80 else
                'ko' if x < .85 else 'en')
        topic = self.random.randrange(len(self.sentences[lang]))
        product, version, code = self.product(), self.version(), self.code()
        second = self.code() if self.random.random() < .3 else None
        write = {'ja': self._ja, 'ko': self._ko, 'en': self._en}.get(lang, self._zh)
        title, symptom, cause, resolution = write(lang, topic, product, version, code, second)
        categories = CATEGORIES[lang]
        return {'id': 'KB%07d' % number, 'lang': lang, 'product': product,
                'category': categories[self.zipf(len(categories))], 'title': title,
                'symptom': symptom, 'cause': cause, 'resolution': resolution, 'error_code': code}

    def _zh(self, lang, topic, product, version, code, second):
        r = self.random
        clause = self.clause(lang, topic, 5, 22)
        title = r.choice([
            f'{product} {clause}', f'{product}升级到 {version} 后{clause}',
            f'{product}报错 {code}：{clause}', f'{clause}怎么办', f'如何处理{clause}（{product}）',
            f'{product} {clause}失败', f'{clause}时提示 {code}'])
        if lang == 'zh-Hant':
            who = '客戶回報，'
        else:
            who = f'{self.word()}客户{self.person()}反馈，'
        details = r.choice([
            f'告警代码 {code}，设备 {product}（序列号 {self.serial()}），主机 {self.host()}。',
            f'现场版本 {version}，错误码 {code}，工单 {self.ticket()}。',
            f'节点 {self.host()}（{self.address()}）日志中出现 {code}。',
            f'业务涉及{self.word()}与{self.word()}，工单号 {self.ticket()}。'])
        end = r.choice([
            f'处理后观察 {r.randint(1, 72)} 小时未复现，工单 {self.ticket()} 关闭。',
            f'如仍有问题，请收集 {self.host()} 的日志并联系{self.person()}。',
            f'建议升级到 {self.version()} 及以上版本。',
            f'相关型号：{self.product()}、{self.product()}。'])
        if lang == 'zh-Hant':
            title, details, end = (text.translate(HANT) for text in (title, details, end))
        symptom = who + self.paragraph(lang, topic, 2, 3) + details
        cause = self.paragraph(lang, topic, 1, 2) + (f'同时伴随 {second}。' if second else '')
        return title, symptom, cause, self.paragraph(lang, topic, 3, 5) + end

    def _ja(self, lang, topic, product, version, code, _second):
        r = self.random
        clause = self.clause(lang, topic, 6, 26)
        title = r.choice([
            f'{product} {clause}', f'{product}で{clause}', f'エラー {code}：{clause}',
            f'{clause}の対処方法', f'{version} へのアップグレード後に{clause}'])
        symptom = self.paragraph(lang, topic, 2, 3) + r.choice([
            f'エラーコード {code}、機種 {product}、シリアル {self.serial()}。',
            f'ホスト {self.host()}（{self.address()}）で {code} が発生しました。'])
        cause = self.paragraph(lang, topic, 1, 2)
        resolution = self.paragraph(lang, topic, 3, 5)
        return title, symptom, cause, f'{resolution}チケット {self.ticket()} を参照してください。'

    def _ko(self, lang, topic, product, version, code, _second):
        r = self.random
        clause = self.clause(lang, topic, 6, 30)
        title = r.choice([
            f'{product} {clause}', f'{product} 오류 {code}: {clause}', f'{clause} 해결 방법',
            f'{version} 업그레이드 후 {clause}'])
        symptom = self.paragraph(lang, topic, 2, 3) + r.choice([
            f' 오류 코드 {code}, 모델 {product}, 일련 번호 {self.serial()}.',
            f' 호스트 {self.host()}({self.address()})에서 {code} 발생.'])
        cause = self.paragraph(lang, topic, 1, 2)
        resolution = self.paragraph(lang, topic, 3, 5)
        return title, symptom, cause, f'{resolution} 티켓 {self.ticket()} 참조.'

    def _en(self, lang, topic, product, version, code, second):
        r = self.random
        clause = self.clause(lang, topic, 15, 60)
        title = r.choice([
            f'{product}: {clause}', f'{product} fails with {code} after upgrade to {version}',
            f'Error {code} when {clause}', f'How to fix: {clause} ({product})', clause])
        symptom = self.paragraph(lang, topic, 2, 3) + r.choice([
            f' Error code {code} on {product}, serial {self.serial()}.',
            f' Host {self.host()} ({self.address()}) logs {code}.'])
        cause = self.paragraph(lang, topic, 1, 2)
        cause += f' Seen together with {second}.' if second else ''
        resolution = self.paragraph(lang, topic, 3, 5)
        return title, symptom, cause, f'{resolution} See ticket {self.ticket()}.'


def to_line(case):
    """As `askfirst import` reads it."""
    return json.dumps(case, ensure_ascii=False, separators=(',', ':'))


def to_row(case):
    """As the peers read it, so that none of them pays for JSON: id, language, title, body."""
    body = ' '.join(case[member] for member in ('product', 'error_code', 'category', 'symptom',
                                                'cause', 'resolution'))
    return '\t'.join((case['id'], case['lang'], ' '.join(case['title'].split()),
                      ' '.join(body.split())))


def write_corpus(folder, count, jsonl, tsv, seed=SEED):
    generator = Generator(folder, seed)
    with open(jsonl, 'w', encoding='utf-8') as lines, open(tsv, 'w', encoding='utf-8') as rows:
        for number in range(count):
            case = generator.case(number)
            lines.write(to_line(case) + '\n')
            rows.write(to_row(case) + '\n')
