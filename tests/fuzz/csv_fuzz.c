/* Tables: fields lie inside the row, rows within the limit; fields written as RFC 4180 has it are
 * read as they were. The first byte chooses. */
#include "tests/fuzz/fuzz.h"

#include "intake/import/csv.h"

#define ROW_BYTES_MAX 2000
#define ROWS_MAX 20000

static void check_any(struct bytes file)
{
    struct source *source;
    struct csv csv;
    struct error err = {.status = AF_OK};
    unsigned rows = 0;

    ENSURE_OK(source_open(fuzz_file(file), &source, &err));
    csv_init(&csv, source, ROW_BYTES_MAX);
    while (rows++ < ROWS_MAX) {
        enum status status = csv_next(&csv, &err);

        if (status == AF_NOT_FOUND || status == AF_CORRUPT)
            break;
        if (status != AF_OK) {
            ensure_refusal(status, &err, KIND(AF_INVALID) | KIND(AF_TOO_LARGE));
            continue;
        }
        ENSURE(csv.count > 0 && csv.count <= CSV_FIELDS_MAX && csv.no > 0);
        ENSURE(csv.row.len <= 2 * ROW_BYTES_MAX + 2);
        for (size_t i = 0; i < csv.count; i++)
            ENSURE(fuzz_is_inside(csv.fields[i], buf_bytes(&csv.row)) &&
                   fuzz_is_utf8(csv.fields[i]));
    }
    csv_release(&csv);
    source_close(source);
}

/* The input's pieces, parted by NUL, as the quoted fields of one row. */
static size_t write_row(struct bytes text, struct bytes fields[CSV_FIELDS_MAX], struct buf *out)
{
    struct reader r = reader_of(text);
    size_t count = 0;
    bool ends = false;

    while (!ends && count < CSV_FIELDS_MAX) {
        const uint8_t *from = r.at;
        uint8_t c = 0;

        buf_add_str(out, count == 0 ? "\"" : ",\"");
        while (!(ends = !reader_u8(&r, &c)) && c != 0) {
            if (c == '"')
                buf_add_u8(out, c);
            buf_add_u8(out, c);
        }
        buf_add_u8(out, '"');
        fields[count++] = bytes_of(from, (size_t)(r.at - from) - !ends);
    }
    return count;
}

static void check_written(struct bytes text)
{
    static struct bytes fields[CSV_FIELDS_MAX];
    struct buf file = {0};
    struct source *source;
    struct csv csv;
    struct error err;
    size_t count;

    if (utf8_valid_len(text) != text.len || text.len > 1000 ||
        (text.len > 0 && memchr(text.data, '\r', text.len) != NULL))
        return;
    count = write_row(text, fields, &file);
    ENSURE_OK(source_open(fuzz_file(buf_bytes(&file)), &source, &err));
    csv_init(&csv, source, (size_t)16 << 10);
    csv.separator = ',';
    ENSURE_OK(csv_next(&csv, &err));
    ENSURE(csv.count == count);
    for (size_t i = 0; i < count; i++)
        ENSURE(bytes_equal(csv.fields[i], fields[i]));
    ENSURE(csv_next(&csv, &err) == AF_NOT_FOUND);
    csv_release(&csv);
    source_close(source);
    buf_release(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_of(bytes_of(data, size));

    if (take_u8(&r) % 2 == 0)
        check_written(take_rest(&r));
    else
        check_any(bytes_of(data, size));
    return 0;
}
