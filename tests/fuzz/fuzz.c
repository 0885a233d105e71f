#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void fuzz_fail(const char *file, int line, const char *claim)
{
    (void)fprintf(stderr, "fuzz: %s:%d: does not hold: %s\n", file, line, claim);
    (void)fflush(NULL);
    abort();
}

void ensure_refusal(enum status status, struct error *err, unsigned kinds)
{
    ENSURE(status != AF_OK && (kinds & KIND(status)) != 0);
    ENSURE(err->status == status && err->text[0] != '\0');
    ENSURE(fuzz_is_utf8(bytes_str(err->text)));
    *err = (struct error){.status = AF_OK};
}

struct arena *fuzz_arena(void)
{
    static struct arena *arena;

    if (arena == NULL)
        arena = arena_new((size_t)256 << 20);
    ENSURE(arena != NULL);
    arena_clear(arena);
    return arena;
}

bool fuzz_is_utf8(struct bytes text)
{
    return utf8_valid_len(text) == text.len &&
           (text.len == 0 || memchr(text.data, 0, text.len) == NULL);
}

bool fuzz_is_boundary(struct bytes text, size_t at)
{
    return at == text.len || (at < text.len && (text.data[at] & 0xC0) != 0x80);
}

bool fuzz_is_inside(struct bytes part, struct bytes whole)
{
    return part.len == 0 || (part.data >= whole.data && part.len <= whole.len &&
                             (size_t)(part.data - whole.data) <= whole.len - part.len);
}

uint8_t take_u8(struct reader *r)
{
    uint8_t v = 0;

    (void)reader_u8(r, &v);
    return v;
}

uint32_t take_u32(struct reader *r, unsigned bytes)
{
    uint32_t v = 0;

    while (bytes-- > 0)
        v = v << 8 | take_u8(r);
    return v;
}

struct bytes take_bytes(struct reader *r, size_t len_max)
{
    size_t len = take_u32(r, 2) % (len_max + 1);
    struct bytes out = BYTES_NONE;

    (void)reader_take(r, len < reader_left(r) ? len : reader_left(r), &out);
    return out;
}

struct bytes take_rest(struct reader *r)
{
    struct bytes out = BYTES_NONE;

    (void)reader_take(r, reader_left(r), &out);
    return out;
}

const char *fuzz_file(struct bytes bytes)
{
    static int fd = -1;
    static char path[32];
    size_t done = 0;

    if (fd < 0)
        fd = memfd_create("fuzz", MFD_CLOEXEC);
    ENSURE(fd >= 0 && ftruncate(fd, 0) == 0);
    while (done < bytes.len) {
        ssize_t n = pwrite(fd, bytes.data + done, bytes.len - done, (off_t)done);

        ENSURE(n > 0);
        done += (size_t)n;
    }
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return path;
}

void fuzz_dir_new(char path[64])
{
    const char *base = getenv("TMPDIR");

    if (base == NULL || base[0] == '\0' || strlen(base) > 40) {
        base = "build/tmp";
        (void)mkdir("build", 0777);
        (void)mkdir(base, 0777);
    }
    (void)snprintf(path, 64, "%s/fuzz-XXXXXX", base);
    ENSURE(mkdtemp(path) != NULL);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)type;
    (void)where;
    return remove(path);
}

void fuzz_dir_remove(const char *path)
{
    ENSURE(nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0);
}
