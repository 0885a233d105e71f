#include "intake/api/api.h"

#include "data/base/clock.h"
#include "data/journal.h"
#include "intake/site.h"

/* The description is a file that people read and tools check; the program carries it whole. */
__asm__(".pushsection .rodata\n"
        ".global openapi_json_begin, openapi_json_end\n"
        "openapi_json_begin: .incbin \"intake/api/openapi.json\"\n"
        "openapi_json_end:\n"
        ".popsection\n");
extern const uint8_t openapi_json_begin[], openapi_json_end[];

API_HANDLER(api_openapi)
{
    (void)site;
    (void)req;
    (void)err;
    reply_header(rep, "Cache-Control", "no-cache");
    reply_body(rep, "application/json",
               bytes_of(openapi_json_begin, (size_t)(openapi_json_end - openapi_json_begin)));
    return AF_OK;
}

/* 200 when a read transaction opens and the journal takes commands; 503 with the reason. */
API_HANDLER(api_health)
{
    struct site *here = site;
    struct error why;
    struct txn *txn;
    enum status status = store_begin_read(app_store(here->app), &txn, &why);

    (void)req;
    if (status == AF_OK) {
        txn_abort(txn);
        status = journal_health(app_journal(here->app), &why);
    }
    if (status == AF_OK)
        return reply_json(rep, 200, json_pack("{s:s}", "status", "ok"), err);
    return reply_json(
        rep, 503, json_pack("{s:s,s:s}", "status", status_name(status), "detail", why.text), err);
}

static void metric(struct buf *out, const char *name, const char *help, const char *type,
                   uint64_t value)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %llu\n", name, help, name, type, name,
               (unsigned long long)value);
}

/* Prometheus text format 0.0.4. Counts only: nothing here tells who asked what. */
API_HANDLER(api_metrics)
{
    static const struct {
        enum table table;
        const char *name, *help;
    } tables[] = {
        {TABLE_ARTICLE, "askfirst_cases",          "Cases in the library"      },
        {TABLE_CONSULT, "askfirst_consults",       "Answer sessions so far"    },
        {TABLE_TICKET,  "askfirst_tickets",        "Tickets so far"            },
        {TABLE_LEDGER,  "askfirst_ledger_entries", "Uses of cases written down"},
    };
    struct site *here = site;
    struct index_stats index;
    struct journal_head head;
    struct buf out = {0};
    struct txn *txn;
    enum status status = store_begin_read(app_store(here->app), &txn, err);

    (void)req;
    if (status != AF_OK)
        return status;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        metric(&out, tables[i].name, tables[i].help, "gauge",
               store_sum(txn, tables[i].table).count);
    status = journal_head(txn, &head, err);
    txn_abort(txn);
    if (status == AF_OK)
        status = index_stats(app_index(here->app), &index, err);
    if (status == AF_OK) {
        metric(&out, "askfirst_journal_seq", "Commands in the journal", "counter", head.seq);
        metric(&out, "askfirst_index_segments", "Segments of the index", "gauge", index.segments);
        metric(&out, "askfirst_index_docs", "Cases in the index", "gauge", index.docs);
        metric(&out, "askfirst_index_covers_seq", "Journal entries the index has on disk", "gauge",
               index.disk_covers_seq);
        metric(&out, "askfirst_uptime_seconds", "Since the server started", "gauge",
               (uint64_t)((clock_now_ms() - here->started_ms) / 1000));
        status = buf_status(&out, "metrics", err);
    }
    if (status != AF_OK) {
        buf_release(&out);
        return status;
    }
    reply_take(rep, "text/plain; version=0.0.4; charset=utf-8", &out);
    return AF_OK;
}
