"""Xapian 1.4: TermGenerator with n-grams for CJK and English stems, the title three times, BM25.

A question goes through the same TermGenerator (QueryParser refuses a fifth of the CJK questions
with a parse error) and becomes an OR of stems, pairs and single characters, without English stop
words. A word in no case is replaced by get_spelling_suggestion, two edits. CONFIG:
  ko     BM25Weight(1.2, 0, 8, .75, .5), title twice, no spelling: a little better there
  mixed  BM25Weight as it comes, title three times: all other languages"""

import collections
import re
import tempfile

import peer
import xapian

SPELLING_LETTERS_MIN = 3
PIECE = re.compile(rf'{peer.CJK}+|(?:(?!{peer.CJK}).)+')   # else 2.4.0 would be cut
STEM = xapian.Stem('english')


def generator():
    made = xapian.TermGenerator()
    made.set_stemmer(STEM)
    made.set_stemming_strategy(xapian.TermGenerator.STEM_SOME)
    made.set_flags(xapian.TermGenerator.FLAG_CJK_NGRAM)
    return made


def terms_of(text):
    """{term: times}, without the stems."""
    document = xapian.Document()
    maker = generator()
    maker.set_document(document)
    maker.index_text_without_positions(text)
    return {item.term.decode(): item.wdf for item in document.termlist()
            if not item.term.startswith(b'Z')}


def build(path, cases, title_times):
    database = xapian.WritableDatabase(path, xapian.DB_CREATE_OR_OVERWRITE | xapian.DB_NO_SYNC)
    words = collections.Counter()
    maker = generator()
    for _, title, text in cases:
        document = xapian.Document()
        maker.set_document(document)
        maker.index_text_without_positions(title, title_times)
        maker.index_text_without_positions(text)
        database.add_document(document)
        for item in document.termlist():
            term = item.term.decode()
            if not term.startswith('Z') and not peer.IS_CJK.match(term) \
                    and len(term) >= SPELLING_LETTERS_MIN:
                words[term] += item.wdf
    for word, times in words.items():
        database.add_spelling(word, times)
    database.commit()
    return database


def query_of(database, question, spells):
    terms = collections.Counter()
    for piece in PIECE.findall(question):
        is_cjk = peer.IS_CJK.match(piece)
        for term, times in terms_of(piece).items():
            if is_cjk:
                terms[term] += times
            elif term not in peer.STOP_WORDS:
                if spells and not database.term_exists(term):
                    term = database.get_spelling_suggestion(term, 2).decode() or term
                stem = 'Z' + STEM(term).decode()
                known = database.term_exists(stem) or not database.term_exists(term)
                terms[stem if known else term] += times
    return xapian.Query(xapian.Query.OP_OR,
                        [xapian.Query(term, times) for term, times in sorted(terms.items())])


def main():
    config, cases, questions = peer.arguments()
    with tempfile.TemporaryDirectory() as folder:
        database = build(folder, cases, 2 if config == 'ko' else 3)
        enquire = xapian.Enquire(database)
        if config == 'ko':
            enquire.set_weighting_scheme(xapian.BM25Weight(1.2, 0, 8, .75, .5))
        for number, question in enumerate(questions):
            enquire.set_query(query_of(database, question, config != 'ko'))
            peer.print_run('xapian', number, [cases[match.docid - 1][0]
                                              for match in enquire.get_mset(0, peer.HITS)])


main()
