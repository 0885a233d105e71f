#include "data/base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISON 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISON 1
#endif
#endif
#ifdef ARENA_POISON
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, len) ((void)(at), (void)(len))
#define ASAN_UNPOISON_MEMORY_REGION(at, len) ((void)(at), (void)(len))
#endif

#define BLOCK_BYTES ((size_t)16 * 1024) /* one request rarely needs more than a few */

struct block {
    struct block *next;
    size_t room, used;
    alignas(max_align_t) uint8_t data[];
};

struct arena {
    struct block *blocks; /* newest first; only the newest is added to */
    size_t ceiling, taken;
};

struct arena *arena_new(size_t ceiling_bytes)
{
    struct arena *arena = calloc(1, sizeof *arena);

    if (arena != NULL)
        arena->ceiling = ceiling_bytes;
    return arena;
}

static void free_blocks(struct block *block)
{
    while (block != NULL) {
        struct block *next = block->next;

        ASAN_UNPOISON_MEMORY_REGION(block->data, block->room);
        free(block);
        block = next;
    }
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    free_blocks(arena->blocks);
    free(arena);
}

void arena_clear(struct arena *arena)
{
    struct block *keep = arena->blocks;

    arena->taken = 0;
    if (keep == NULL)
        return;
    free_blocks(keep->next);
    keep->next = NULL;
    keep->used = 0;
    ASAN_POISON_MEMORY_REGION(keep->data, keep->room);
}

static bool add_block(struct arena *arena, size_t size)
{
    size_t room = size > BLOCK_BYTES ? size : BLOCK_BYTES;
    struct block *block = malloc(sizeof *block + room);

    if (block == NULL)
        return false;
    block->next = arena->blocks;
    block->room = room;
    block->used = 0;
    ASAN_POISON_MEMORY_REGION(block->data, room);
    arena->blocks = block;
    return true;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    struct block *block;
    size_t need;
    void *at;

    if (size > SIZE_MAX - 2 * align)
        return NULL;
    /* One unused byte at least between pieces, so that the sanitizer sees an overrun. */
    need = (size + align) & ~(align - 1);
    if (need > arena->ceiling || arena->taken > arena->ceiling - need)
        return NULL;
    block = arena->blocks;
    if (block == NULL || block->room - block->used < need) {
        if (!add_block(arena, need))
            return NULL;
        block = arena->blocks;
    }
    at = block->data + block->used;
    ASAN_UNPOISON_MEMORY_REGION(at, size);
    memset(at, 0, size);
    block->used += need;
    arena->taken += need;
    assert(block->used <= block->room);
    return at;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    return arena_alloc(arena, count * size);
}

struct bytes arena_copy(struct arena *arena, struct bytes bytes)
{
    uint8_t *at = bytes.len == SIZE_MAX ? NULL : arena_alloc(arena, bytes.len + 1);

    if (at == NULL)
        return BYTES_NONE;
    if (bytes.len > 0)
        memcpy(at, bytes.data, bytes.len);
    return bytes_of(at, bytes.len);
}

char *arena_str(struct arena *arena, struct bytes bytes)
{
    return (char *)(uintptr_t)arena_copy(arena, bytes).data;
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
    va_list args, again;
    char *at = NULL;
    int n;

    va_start(args, fmt);
    va_copy(again, args);
    n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n >= 0)
        at = arena_alloc(arena, (size_t)n + 1);
    if (at != NULL)
        (void)vsnprintf(at, (size_t)n + 1, fmt, again);
    va_end(again);
    return at;
}

enum status arena_exhausted(const struct arena *arena, struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "the request needs more than its %zu bytes of memory",
                     arena->ceiling);
}
