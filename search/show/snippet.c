#include "search/show/snippet.h"

#include "data/base/limits.h"
#include "indexer/segment/field.h"
#include "indexer/text/markup.h"
#include "search/show/piece.h"

#include <assert.h>

#define CHUNK_BYTES (64u << 10) /* analysed at a time */

/* --- writing it down --------------------------------------------------------------------- */

struct writer {
    uint8_t *text;
    size_t len;
    struct mark *marks;
    uint32_t count;
    bool blank; /* one is owed, unless this is the end */
};

static void put(struct writer *w, struct bytes bytes)
{
    if (w->blank && w->len > 0)
        w->text[w->len++] = ' ';
    w->blank = false;
    memcpy(w->text + w->len, bytes.data, bytes.len);
    w->len += bytes.len;
}

/* A mark that is open goes on over blanks; it ends with its last character. */
static void write_piece(struct writer *w, struct bytes text, const struct piece *piece,
                        const struct mark *marks, uint32_t marks_count)
{
    uint32_t next = 0;
    bool open = false;
    size_t len;

    for (size_t at = piece->start; at < piece->end; at += len) {
        uint32_t letter = letter_at(text, at, &len);
        bool marked;

        while (next < marks_count && marks[next].end <= at) {
            next++;
            open = false;
        }
        if (is_blank(letter)) {
            w->blank = true;
            continue;
        }
        marked = next < marks_count && marks[next].start <= at;
        put(w, letter == UTF8_INVALID ? BYTES_LIT("\xEF\xBF\xBD") : bytes_of(text.data + at, len));
        if (!marked)
            continue;
        if (!open)
            w->marks[w->count++].start = (uint32_t)(w->len - (letter == UTF8_INVALID ? 3 : len));
        w->marks[w->count - 1].end = (uint32_t)w->len;
        open = true;
    }
}

static const struct bytes dots = BYTES_LIT("\xE2\x80\xA6");

static enum status write_pieces(struct bytes text, const struct piece *pieces, uint32_t count,
                                const struct matches *matches, struct arena *arena,
                                struct snippet *out, struct error *err)
{
    struct writer w = {0};
    struct mark *marks;
    size_t room = 16;
    uint32_t marks_count;
    enum status status;

    for (uint32_t i = 0; i < count; i++) /* a bad byte becomes three; blanks only shrink */
        room += 3 * (pieces[i].end - pieces[i].start) + 16;
    if ((status = highlight_marks(matches, arena, &marks, &marks_count, err)) != AF_OK)
        return status;
    w.text = arena_alloc(arena, room);
    w.marks = arena_array(arena, marks_count * count + 1u, sizeof *w.marks);
    if (w.text == NULL || w.marks == NULL)
        return arena_exhausted(arena, err);
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0 || !piece_begins_sentence(text, pieces[i].start)) {
            put(&w, dots);
            w.blank = true;
        }
        write_piece(&w, text, &pieces[i], marks, marks_count);
        w.blank = true;
    }
    if (count > 0 && !piece_stops_sentence(text, pieces[count - 1].end)) {
        w.blank = true;
        put(&w, dots);
    }
    assert(w.len <= room);
    out->text = (struct marked_text){bytes_of(w.text, w.len), w.marks, w.count};
    return AF_OK;
}

enum status snippet_of(struct bytes text, const struct matches *matches, uint32_t groups,
                       struct arena *arena, struct snippet *out, struct error *err)
{
    struct piece pieces[2];
    uint32_t count;
    enum status status = pieces_choose(text, matches, groups, arena, pieces, &count, err);

    if (status != AF_OK)
        return status;
    out->worth = pieces[0].worth + (count == 2 ? pieces[1].worth : 0);
    return write_pieces(text, pieces, count, matches, arena, out, err);
}

/* --- a whole case ------------------------------------------------------------------------ */

/* A text in chunks, so that a long manual costs a bounded time; the best chunk wins. */
static enum status snippet_field(struct bytes text, struct highlighter *highlighter,
                                 struct arena *arena, size_t *budget, struct snippet *best,
                                 struct error *err)
{
    for (size_t at = 0; at<text.len && * budget> 0;) {
        struct bytes chunk = utf8_cut(bytes_of(text.data + at, text.len - at), CHUNK_BYTES);
        struct matches matches;
        struct snippet now;
        enum status status;

        if (chunk.len == 0)
            break;
        *budget -= chunk.len < *budget ? chunk.len : *budget;
        if ((status = highlighter_find(highlighter, chunk, &matches, err)) != AF_OK)
            return status;
        if (matches.count > 0 || best->text.text.len == 0) {
            status = snippet_of(chunk, &matches, highlighter_groups(highlighter), arena, &now, err);
            if (status != AF_OK)
                return status;
            if (best->text.text.len == 0 || now.worth > best->worth + 1e-9)
                *best = now;
        }
        at += chunk.len;
    }
    return AF_OK;
}

enum status snippet_make(const json_t *article, struct highlighter *highlighter,
                         struct arena *arena, struct marked_text *out, struct error *err)
{
    static const enum field fields[] = {FIELD_SYMPTOM, FIELD_CAUSE, FIELD_RESOLUTION, FIELD_BODY};
    struct buf original = {0}, blanked = {0};
    struct snippet best = {0};
    size_t budget = SNIPPET_TEXT_BYTES_MAX;
    enum status status = AF_OK;

    for (size_t i = 0; status == AF_OK && i < sizeof fields / sizeof *fields; i++) {
        buf_clear(&original);
        buf_clear(&blanked);
        field_text(article, fields[i], &original);
        markup_blank(buf_bytes(&original), &blanked);
        if ((status = buf_status(&original, "a snippet", err)) == AF_OK &&
            (status = buf_status(&blanked, "a snippet", err)) == AF_OK)
            status = snippet_field(buf_bytes(&blanked), highlighter, arena, &budget, &best, err);
    }
    buf_release(&original);
    buf_release(&blanked);
    if (status == AF_OK)
        *out = best.text;
    return status;
}
