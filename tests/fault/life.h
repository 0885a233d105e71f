/* life.h: what askfirst does in its life, in scripts short enough to be played once for each call
 * in them that may fail; and a look afterwards that nothing is lost and every search is right.
 *
 * What a version of a case says follows from its number and the version alone, so whatever is
 * found can be judged without asking the store: a save that was refused is asked again under the
 * same id, and until it is acknowledged the case may be in either of two versions. */
#ifndef ASKFIRST_TESTS_FAULT_LIFE_H
#define ASKFIRST_TESTS_FAULT_LIFE_H

#include "data/base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum life_script {
    LIFE_BEGIN,   /* in an empty folder */
    LIFE_SAVE,    /* new cases, new versions, an archived one; searches between */
    LIFE_FLUSH,   /* memory to disk, a merge, dropping what is not used */
    LIFE_BULK,    /* straight from the journal, with two threads and runs in a file */
    LIFE_COMPACT, /* one segment in a new file */
    LIFE_REBUILD,
    LIFE_LOOK,   /* opened for reading */
    LIFE_CHECK,  /* store and index are walked */
    LIFE_BACKUP, /* copied, proved, dumped */
    LIFE_SCRIPTS
};
extern const char *const life_names[LIFE_SCRIPTS];

#define LIFE_CASES 16

struct life {
    char *dir;
    uint32_t acknowledged[LIFE_CASES], asked[LIFE_CASES]; /* versions; 0: none */
    uint32_t refused;                                     /* calls, each with a sentence */
    char wrong[ERROR_TEXT_MAX + 128];                     /* the first thing; empty: nothing */
};

/* A folder with a store and an index of two segments and a tail that is in neither, for all
 * scripts but LIFE_BEGIN; closed. */
void life_prepare(struct life *life);
/* The same in a folder of its own; life_remove() takes it away. */
void life_copy(const struct life *from, enum life_script script, struct life *out);
void life_remove(struct life *life);

/* Plays a script to its end, whatever is refused on the way, and closes all. In life->wrong: a
 * failure without a sentence, a search with a case that does not match or without one that does.
 * When all was played `calm` ends the fault; true: the same process must answer searches now. */
void life_play(struct life *life, enum life_script script, bool (*calm)(void));

/* Opens the folder as the next process would: the store is sound, holds what was acknowledged and
 * nothing that was not asked; searches say what the texts say; the index is sound, now and
 * flushed. What is not so is in life->wrong. */
void life_look_again(struct life *life);

#endif
