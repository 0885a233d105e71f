"""How good is a list of answers? The usual measures, over the first ten.

    nDCG@10   gains 2^grade - 1, discount 1 / log2(place + 1); of the best order possible
    linear    the same with the grade itself as gain, as trec_eval's ndcg_cut
    MRR@10    1 / place of the first answer that is right
    recall@10 right answers among the ten, of all right answers
    hit@n     is a right answer among the first n?

A question without an answer counts 0; a case that is named twice counts once."""

import math

MEASURES = ('ndcg', 'linear', 'mrr', 'recall', 'hit1', 'hit3', 'hit10', 'answered')
DEPTH = 10


def discounted(gains):
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


def ndcg(found, grades, gain):
    best = sorted(grades.values(), reverse=True)[:DEPTH]
    return (discounted([gain(grades.get(case, 0)) for case in found])
            / discounted([gain(grade) for grade in best]))


def score_question(found, grades):
    """`found`: cases, the best first; `grades`: {case: grade above 0}. {measure: value}."""
    found = list(dict.fromkeys(found))[:DEPTH]
    places = [place for place, case in enumerate(found, 1) if case in grades]
    first = places[0] if places else math.inf
    return {'ndcg': ndcg(found, grades, lambda grade: 2 ** grade - 1),
            'linear': ndcg(found, grades, lambda grade: grade),
            'mrr': 1 / first, 'recall': len(places) / len(grades), 'hit1': float(first <= 1),
            'hit3': float(first <= 3), 'hit10': float(first <= 10), 'answered': float(bool(found))}


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else 0.0


def score_kind(kind, answers):
    """Means over the questions of a kind; `answers`: {text: cases}."""
    scores = [score_question([case for case in answers.get(text, ())
                              if case != kind.selves.get(key)], kind.qrels[key])
              for key, text in kind.questions.items()]
    return {name: mean(score[name] for score in scores) for name in MEASURES}


def relative(value, base):
    """How far above the base, as a share of it."""
    return value / base - 1 if base else math.inf if value else 0.0
