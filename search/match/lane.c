#include "search/match/lane.h"

static uint32_t forms_in(const struct group *group, uint32_t segment)
{
    uint32_t count = 0;

    for (const struct member *m = group->members; m != NULL; m = m->next)
        count += m->entries != NULL && m->entries[segment].df > 0;
    return count;
}

void lane_settle(struct lane *lane)
{
    lane->doc = DOC_END;
    for (uint32_t i = 0; i < lane->count; i++)
        if (lane->streams[i].doc < lane->doc)
            lane->doc = lane->streams[i].doc;
}

enum status lane_open(struct lane *lane, const struct lexicon *lexicon, uint32_t segment,
                      const struct group *group, const struct bm25 *bm25, struct error *err)
{
    const struct segment *in = snapshot_segment(lexicon->snapshot, segment);
    uint32_t room = forms_in(group, segment);
    float most = 0, ratio;

    *lane = (struct lane){.group = group, .doc = DOC_END, .mass = group->weight * group->idf};
    if (room == 0)
        return AF_OK;
    ratio = stream_ratio(in, bm25);
    lane->streams = arena_array(lexicon->arena, room, sizeof *lane->streams);
    lane->members = arena_array(lexicon->arena, room, sizeof *lane->members);
    if (lane->streams == NULL || lane->members == NULL)
        return arena_exhausted(lexicon->arena, err);
    for (const struct member *m = group->members; m != NULL; m = m->next) {
        struct stream *stream = &lane->streams[lane->count];
        enum status status;

        if (m->entries == NULL || m->entries[segment].df == 0)
            continue;
        status = stream_open(stream, in, &m->entries[segment], bm25, m->worth, ratio,
                             lexicon->arena, err);
        if (status != AF_OK)
            return status;
        lane->members[lane->count++] = m;
        lane->df += m->entries[segment].df;
        most = stream->most > most ? stream->most : most;
    }
    lane->most = group->weight * most;
    lane_settle(lane);
    return AF_OK;
}

enum status lane_seek(struct lane *lane, uint32_t doc, struct error *err)
{
    if (lane->doc >= doc)
        return AF_OK;
    for (uint32_t i = 0; i < lane->count; i++)
        if (lane->streams[i].doc < doc) {
            enum status status = stream_seek(&lane->streams[i], doc, err);

            if (status != AF_OK)
                return status;
        }
    lane_settle(lane);
    return AF_OK;
}

enum status lane_worth(struct lane *lane, float *worth, struct error *err)
{
    *worth = 0;
    for (uint32_t i = 0; i < lane->count; i++) {
        enum status status;
        float one;

        if (lane->streams[i].doc != lane->doc)
            continue;
        if ((status = stream_need_code(&lane->streams[i], err)) != AF_OK)
            return status;
        one = stream_worth(&lane->streams[i]);
        *worth = one > *worth ? one : *worth;
    }
    return AF_OK;
}
