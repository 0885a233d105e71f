#include "intake/web/asset.h"

#include <assert.h>
#include <stdio.h>

#define URL_BYTES 64
#define ASSETS_MAX 8

/* Addresses are built once for each thread: no lock, nothing to free. */
const char *asset_url(const char *name)
{
    static _Thread_local char urls[ASSETS_MAX][URL_BYTES];
    size_t i = 0;

    while (asset_table[i].name != NULL && strcmp(asset_table[i].name, name) != 0)
        i++;
    assert(asset_table[i].name != NULL && i < ASSETS_MAX);
    if (urls[i][0] == '\0')
        (void)snprintf(urls[i], URL_BYTES, "/a/%s/%s", asset_table[i].hash, asset_table[i].name);
    return urls[i];
}

static const struct asset *find_asset(struct bytes name)
{
    for (size_t i = 0; asset_table[i].name != NULL; i++) {
        if (bytes_equal(name, bytes_str(asset_table[i].name)))
            return &asset_table[i];
    }
    return NULL;
}

/* The smallest form that the browser takes. */
static enum asset_coding choose_coding(const struct request *req)
{
    if (request_header_has(req, "Accept-Encoding", "br"))
        return ASSET_BROTLI;
    if (request_header_has(req, "Accept-Encoding", "gzip"))
        return ASSET_GZIP;
    return ASSET_PLAIN;
}

enum status asset_get(void *app, struct request *req, struct reply *rep, struct error *err)
{
    static const char *const codings[ASSET_CODINGS] = {"id", "gzip", "br"};
    const struct asset *asset = find_asset(request_param(req, "name"));
    enum asset_coding coding = choose_coding(req);
    const uint8_t *begin;

    (void)app;
    if (asset == NULL)
        return error_set(err, AF_NOT_FOUND, "there is no such file");
    begin = asset->coded[coding].begin;
    /* An old page may ask for an old hash: it gets today's file, but does not keep it. */
    if (bytes_equal(request_param(req, "hash"), bytes_str(asset->hash)))
        reply_header(rep, "Cache-Control", "public, max-age=31536000, immutable");
    reply_header(rep, "Vary", "Accept-Encoding");
    if (coding != ASSET_PLAIN)
        reply_header(rep, "Content-Encoding", codings[coding]);
    reply_etag(rep, arena_printf(req->arena, "%s-%s", asset->hash, codings[coding]));
    reply_body(rep, asset->type, bytes_of(begin, (size_t)(asset->coded[coding].end - begin)));
    return AF_OK;
}
