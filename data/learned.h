/* learned.h: the questions that each case has solved: a view of the ledger that search reads.
 *
 *   TABLE_LEARNED     case id              → a record, below
 *                     0                    → the newest day of all be16
 *                     0, ledger seq be64, voter be64 → command be64: this voter was forgotten then
 *   TABLE_LEARNED_AT  command be64, number be32 → empty: the command that last changed what the
 *                                           index should know of a case; one row a case
 *
 *   record   | command be64 | openers u8 | voter be64, day be16 | … | questions u8 | question | …
 *   question | bytes varint | text | votes u8 | voter be64, day be16, weight u8 | …
 *
 * A vote is one person's word that the case solved what he had asked so: he has one for a
 * question, at its newest. `weight` is in eighths and corrects for where the case stood in the list
 * (learned_weight); 0 says that the case was opened and did not help. A voter is a hash of whoever
 * asked; a day counts from 2020-01-01. Votes fade by half in LEARNED_HALF_LIFE_DAYS, which is for
 * the reader to apply: a record says when, and never needs to be written anew because time passes.
 *
 * Everything here depends on the commands alone; what makes votes is intake/ask/learn.h, what the
 * index makes of them indexer/build/learned_terms.h. */
#ifndef ASKFIRST_DATA_LEARNED_H
#define ASKFIRST_DATA_LEARNED_H

#include "data/base/limits.h"
#include "data/store.h"

#define LEARNED_HALF_LIFE_DAYS 90
#define LEARNED_DAY_ZERO 18262 /* 2020-01-01, in days since 1970 */
#define LEARNED_WHOLE 8        /* weight of one vote for a case that stood first */

struct learned_vote {
    uint64_t voter;
    uint16_t day;
    uint8_t weight;
};

struct learned_question {
    uint8_t text[LEARNED_QUESTION_BYTES_MAX];
    uint16_t text_bytes;
    uint8_t votes_count;
    struct learned_vote votes[LEARNED_VOTES_MAX]; /* oldest first */
};

struct learned {
    uint64_t seq; /* of the command that last changed what the index should know */
    uint32_t openers_count, questions_count;
    struct learned_vote openers[LEARNED_OPENERS_MAX];         /* oldest first; without weight */
    struct learned_question questions[LEARNED_QUESTIONS_MAX]; /* in the order they were learned */
};

/* --- arithmetic --------------------------------------------------------------------------- */

uint16_t learned_day(int64_t at_ms);
/* What is left of 65536 after so many days. */
uint32_t learned_fade(uint32_t days);
/* The same of what was said on `then`, as it is on `now`. */
static inline uint32_t learned_left(uint16_t then, uint16_t now)
{
    return learned_fade(now > then ? (uint32_t)(now - then) : 0);
}
/* Of a vote for the case at this rank, from 1: people look at rank r with a chance of about
 * r^-0.7, so one vote there stands for r^0.7 (Joachims, Swaminathan & Schnabel 2017), 5 at most.
 * Rank 0, a wording that did not find the case yet: half a vote. */
uint8_t learned_weight(unsigned rank);
uint64_t learned_voter(const char *who);
/* The newest day in the record; 0 when it is empty. */
uint16_t learned_newest(const struct learned *learned);

/* --- votes -------------------------------------------------------------------------------- */

/* True: the index should know. With weight 0 it is only counted against a question that somebody
 * found solved. A text is cut at LEARNED_QUESTION_BYTES_MAX. */
bool learned_vote(struct learned *learned, struct bytes text, struct learned_vote vote);
/* Somebody opened the case. True when so many people have that the index should know. */
bool learned_open(struct learned *learned, uint64_t voter, uint16_t day);
/* Has anybody said that the case solved it? What nobody has is not kept. */
bool learned_is_solved(const struct learned_question *question);
/* Takes back all that a voter said. False: nothing was his. */
bool learned_forget(struct learned *learned, uint64_t voter);

/* --- records ------------------------------------------------------------------------------ */

void learned_encode(const struct learned *learned, struct buf *out);
bool learned_decode(struct bytes body, struct learned *out);

/* *found false: nothing was learned of this case. AF_CORRUPT. */
enum status learned_get(struct txn *txn, struct bytes case_id, struct learned *out, bool *found,
                        struct error *err) MUST_USE;
/* Stores the record; moves the row of `changed` cases from old->seq (0: none) to `seq`. */
enum status learned_put(struct txn *txn, struct bytes case_id, uint32_t no, struct learned *learned,
                        bool changed, uint64_t seq, struct error *err) MUST_USE;
/* The newest day that anything was learned in this store; 0: never. */
enum status learned_today(struct txn *txn, uint16_t *day, struct error *err) MUST_USE;
/* Has anything been learned in this store? Costs nothing. */
bool learned_is_empty(const struct txn *txn);

/* Numbers of the cases for which this command is the last that changed them, one after another:
 * *no is the one before (0 at first), then the next; *found false after the last. */
enum status learned_next_at(struct txn *txn, uint64_t seq, uint32_t *no, bool *found,
                            struct error *err) MUST_USE;

/* The key of a forgotten voter's row, and back; false for a case's record. */
#define LEARNED_FORGOTTEN_BYTES 17
struct bytes learned_forgotten_key(uint64_t ledger_seq, uint64_t voter,
                                   uint8_t key[LEARNED_FORGOTTEN_BYTES]);
bool learned_is_forgotten(struct bytes key, uint64_t *ledger_seq, uint64_t *voter);

#endif
