/* fuzz.h: what the fuzz targets share. A target is one file NAME_fuzz.c with one function, run
 * on any bytes: by libFuzzer (make fuzz) and by the replay (make check). It demands more than
 * not to crash: what is said about the part in its header must hold.
 *
 * Objects that are dear to make live in statics of the target: a run leaves them as they were. */
#ifndef ASKFIRST_TESTS_FUZZ_FUZZ_H
#define ASKFIRST_TESTS_FUZZ_FUZZ_H

#include "data/base/arena.h"
#include "data/base/buf.h"
#include "data/base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Says what does not hold and aborts: a finding. */
#define ENSURE(claim)                                                                              \
    do {                                                                                           \
        if (!(claim))                                                                              \
            fuzz_fail(__FILE__, __LINE__, #claim);                                                 \
    } while (0)
_Noreturn void fuzz_fail(const char *file, int line, const char *claim);

/* Demands AF_OK. */
#define ENSURE_OK(call) ENSURE((call) == AF_OK)

/* A refusal is of a kind that the call may give, with a sentence in UTF-8. Clears it. */
void ensure_refusal(enum status status, struct error *err, unsigned kinds);
#define KIND(status) (1u << (status))

/* One arena for all, empty again at each call. */
struct arena *fuzz_arena(void);

bool fuzz_is_utf8(struct bytes text); /* valid and without NUL */
/* Does `at` lie between characters of valid text? */
bool fuzz_is_boundary(struct bytes text, size_t at);
/* Is `part` inside `whole`? */
bool fuzz_is_inside(struct bytes part, struct bytes whole);

/* Numbers and pieces from the front of the input; zeros when it is used up. */
uint8_t take_u8(struct reader *r);
uint32_t take_u32(struct reader *r, unsigned bytes);
struct bytes take_bytes(struct reader *r, size_t len_max); /* a length (2 bytes), then it */
struct bytes take_rest(struct reader *r);

/* A file in memory with these bytes; the path is good until the next call. */
const char *fuzz_file(struct bytes bytes);

/* A new folder in build/tmp (or $TMPDIR), and away with it: what is open there stays usable. */
void fuzz_dir_new(char path[64]);
void fuzz_dir_remove(const char *path);

#endif
