/* journal.h: every change is one command; the journal is all of them, in order, for ever.
 *
 *   proposer (page, API, command line, mail, another node)
 *      │  journal_propose(): id, actor, kind, body; waits
 *      ▼
 *   one writer: groups what waits, and for each: seen before? → first answer;
 *      │        apply (changes records) ; append
 *      ▼
 *   one durable commit ──► answers each caller
 *
 * The writer is the proposer's own thread when nobody else is writing or waiting, else the
 * journal's: commands that come during a commit are in the next one together.
 *
 * An entry is stored (and dumped) as one line of JSON whose last member is the body:
 *
 *   {"seq":7,"id":"…","at":"2026-11-22T01:53:10.123Z","actor":"staff:admin","kind":"case.put",
 *    "schema":1,"prev_hash":"<64 hex digits>","body":{…}}
 *
 * `prev_hash` is BLAKE2b-256 of the previous line's bytes (zeros before the first), so a line
 * changed, removed or put elsewhere shows: `b2sum -l 256` of a dumped line is the next one's
 * prev_hash. Applying is deterministic: time, random ids and whatever differs between machines
 * is decided by the proposer and carried in the command.
 *
 * This interface (propose, wait, read from a seq) is what a replicated log would implement. */
#ifndef ASKFIRST_DATA_JOURNAL_H
#define ASKFIRST_DATA_JOURNAL_H

#include "data/base/hash.h"
#include "data/base/json.h"
#include "data/store.h"

struct command {
    const char *id;    /* idempotency key, unique for ever; NULL: the journal makes one */
    const char *actor; /* "system", "cli", "staff:NAME", "customer" … */
    const char *kind;  /* a name in the table of kinds */
    int64_t at_ms;     /* 0: now */
    const json_t *body;

    /* For bulk: the body as compact JSON instead of `body`, for kinds that work from the line's
     * text (case.put); and the same packed beforehand, or NULL. Valid until the answer. */
    struct bytes text;
    const struct frame_parts *parts;

    uint64_t print; /* of what the client asked: a repeat with another print is refused. 0: of
                        * the body, for proposers that add nothing random to it */

    /* Set by the journal before apply: */
    uint64_t seq;
    struct bytes line;  /* the whole entry as it will be stored */
    size_t body_offset; /* of the body's text in `line` */
};

/* Changes records for one command. Checks everything before its first write: a refusal after
 * one costs the whole group a second run. `result` is an object to fill: the answer that a
 * repeat of the command gets too. */
typedef enum status (*apply_fn)(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err);

struct command_kind {
    const char *name;
    unsigned schema; /* newest version of the body; part of the entry */
    apply_fn apply;
    bool can_wait; /* refused first when the disk fills: imports before people's words */
};

/* An id that the journal made begins with this, and nobody else's may: since nobody has it, it
 * is never asked for again, and its answer is not kept. (Those of before this mark are kept as
 * any.) */
#define ID_OWN_MARK '~'
static inline bool id_is_own(const char *id)
{
    return id[0] == ID_OWN_MARK;
}

struct outcome {
    uint64_t seq;   /* of the entry; the first one's when repeated */
    json_t *result; /* the caller owns it */
    bool repeated;  /* this id was known: nothing was changed now */
};

struct journal;
struct journal_head;
struct frame_parts;

/* Starts the writer thread. `kinds` (ended by a NULL name) and `store` outlive the journal. */
enum status journal_open(struct store *store, const struct command_kind *kinds,
                         struct journal **out, struct error *err) MUST_USE;
/* Who has work to do with a command may begin while its commit waits for the disk: told of each
 * that is committed alone, by the thread that writes, when it has been applied in `txn`. `head` is
 * the journal's with it. The commit may fail yet: nothing may be shown before the journal in the
 * store has that head. Whatever this takes, the command's answer takes longer. */
typedef void (*journal_ahead_fn)(void *context, struct txn *txn, const struct command *command,
                                 const struct journal_head *head);
void journal_tell_ahead(struct journal *journal, journal_ahead_fn tell, void *context);

/* Waits for what is queued, then stops the writer. Accepts NULL. */
void journal_close(struct journal *journal);

/* Returns after the command is durable (AF_OK) or refused. Whatever apply answered; AF_CONFLICT
 * when the id was used for another command; AF_BUSY when too many wait; AF_FULL, AF_IO: the
 * result of the write is unknown only for AF_IO: repeat with the same id. Any thread. */
enum status journal_propose(struct journal *journal, const struct command *command,
                            struct outcome *out, struct error *err) MUST_USE;

/* Many, one after another, in few commits. Each has its own outcome; out[i].seq 0: it was not
 * taken. Answers with the first failure. */
#define PROPOSE_MANY_MAX 32
enum status journal_propose_many(struct journal *journal, const struct command *commands,
                                 size_t count, struct outcome *out, struct error *err) MUST_USE;

/* Appends an entry that another journal wrote, byte for byte (load, replication). Its seq and
 * prev_hash must continue this journal. */
enum status journal_replay(struct journal *journal, struct bytes line, struct error *err) MUST_USE;
/* Lines that follow one another, in few commits. *replayed: how many were appended, also when a
 * later one is refused (those after it are, too, since they no longer follow). */
#define REPLAY_LINES_MAX 128
enum status journal_replay_many(struct journal *journal, const struct bytes *lines, size_t count,
                                size_t *replayed, struct error *err) MUST_USE;

/* AF_OK while commands are taken; AF_FULL when imports are refused for lack of room, AF_IO
 * after a failed commit. */
enum status journal_health(const struct journal *journal, struct error *err) MUST_USE;

/* --- reading ---------------------------------------------------------------------------- */

struct journal_head {
    uint64_t seq;       /* 0: empty */
    struct digest hash; /* of the last line */
};
enum status journal_head(struct txn *txn, struct journal_head *out, struct error *err) MUST_USE;

/* Hash of the line at `seq`, which stands for all up to it: the head has it, or the line after
 * states it. AF_NOT_FOUND past the head; of seq 0: zeros. */
enum status journal_hash(struct txn *txn, uint64_t seq, struct digest *out,
                         struct error *err) MUST_USE;

/* One entry's line, borrowed until the transaction ends. AF_NOT_FOUND past the head. */
enum status journal_line(struct txn *txn, uint64_t seq, struct bytes *line,
                         struct error *err) MUST_USE;

/* `len` bytes of an entry's line, without unpacking the rest of it. AF_CORRUPT past its end. */
enum status journal_text(struct txn *txn, uint64_t seq, size_t offset, size_t len,
                         struct bytes *text, struct error *err) MUST_USE;

/* A line's members; texts are borrowed from `line`'s parse and live as long as *json. */
struct entry {
    uint64_t seq, print;
    int64_t at_ms;
    const char *id, *actor, *kind;
    unsigned schema;
    struct digest prev;
    const json_t *body;
    struct bytes body_text; /* in the line */
    json_t *json;           /* owns the above; json_decref when done */
};
enum status entry_parse(struct bytes line, struct entry *out, struct error *err) MUST_USE;
/* The same for a line that is known to be one, at the price of its head: the body is not looked
 * into, and out->body is NULL. */
enum status entry_parse_head(struct bytes line, struct entry *out, struct error *err) MUST_USE;
/* The body of a stored line if it is of this kind, at the price of the members before `kind`. */
enum status entry_body_of(struct bytes line, const char *kind, struct bytes *body, bool *is_of,
                          struct error *err) MUST_USE;

/* --- writing, for the writer (writer_*.c) alone ------------------------------------------ */

/* Builds the line for a command after `head`; sets seq, line and body_offset. `line` is backed
 * by `out`. */
enum status journal_compose(const struct journal_head *head, struct command *command,
                            unsigned schema, struct bytes body_text, struct buf *out,
                            struct error *err) MUST_USE;
/* Stores the line and moves the head. `parts`: the body packed, which begins at body_offset and
 * is followed by one brace; NULL: the line is packed here. */
enum status journal_append(struct txn *txn, struct bytes line, size_t body_offset,
                           const struct frame_parts *parts, struct journal_head *head,
                           struct error *err) MUST_USE;

/* What a command id was answered with. AF_NOT_FOUND when it is new, or the journal's own. */
struct done {
    uint64_t seq, print;
    json_t *result; /* the caller owns it */
};
enum status done_find(struct txn *txn, const char *id, struct done *out,
                      struct error *err) MUST_USE;
/* Remembers an answer, unless the id is the journal's own, and forgets a few that are older than
 * IDEMPOTENCY_DAYS. */
enum status done_add(struct txn *txn, const struct command *command, uint64_t print, json_t *result,
                     struct error *err) MUST_USE;

#endif
