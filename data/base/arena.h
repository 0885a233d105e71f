/* arena.h: the memory of one request (or one transaction): taken piece by piece, given back
 * all at once. Search and page building allocate only from here, so they have no cleanup.
 *
 * Pieces are aligned for any type and zeroed. Unused bytes are poisoned for the address
 * sanitizer, so that a read past a piece is found. */
#ifndef ASKFIRST_DATA_BASE_ARENA_H
#define ASKFIRST_DATA_BASE_ARENA_H

#include "data/base/bytes.h"
#include "data/base/error.h"

struct arena;

/* `ceiling_bytes`: past it arena_alloc answers NULL. NULL when there is no memory at all. */
struct arena *arena_new(size_t ceiling_bytes);
void arena_free(struct arena *arena); /* accepts NULL */
/* Gives all pieces back and keeps one block for the next use. */
void arena_clear(struct arena *arena);

/* NULL past the ceiling or without memory. Zeroed. */
void *arena_alloc(struct arena *arena, size_t size);
/* The same for `count` elements; NULL when the product overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size);
/* A copy followed by a NUL that does not count; data is NULL when there is no memory. */
struct bytes arena_copy(struct arena *arena, struct bytes bytes);
char *arena_str(struct arena *arena, struct bytes bytes);
char *arena_printf(struct arena *arena, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The one sentence for a NULL from above. */
enum status arena_exhausted(const struct arena *arena, struct error *err);

#endif
